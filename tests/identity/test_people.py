"""People, their roles and their passwords."""

import pytest
from flask import Flask
from sqlalchemy import event

from app.identity import audit, memberships, passwords, people, roles
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from tests.identity.conftest import PASSWORD


def test_a_name_to_sign_in_with_belongs_to_one_person(bruno: Person) -> None:
    with pytest.raises(people.UsernameTaken, match="bruno is taken"):
        in_transaction(lambda: people.add("BRUNO", name="Another"))


def test_a_name_nobody_can_type_is_refused(app: Flask) -> None:
    def try_to_add(username: str) -> None:
        with pytest.raises(people.BadUsername):
            in_transaction(lambda: people.add(username, name="Someone"))

    for username in ("", " ", "a b", "-x", "x" * 65, "a\0b", "<script>"):
        try_to_add(username)


def test_a_name_in_any_script_will_do(app: Flask) -> None:
    in_transaction(lambda: people.add("李怡君", name="李怡君", locale="zh_Hant"))

    assert people.named("李怡君").locale == "zh_Hant"


def test_a_language_the_product_does_not_speak_is_refused(bruno: Person) -> None:
    with pytest.raises(people.UnknownLocale, match="tlh"):
        in_transaction(lambda: people.speak(bruno.id, "tlh"))

    in_transaction(lambda: people.speak(bruno.id, "zh_Hans"))

    assert people.named("bruno").locale == "zh_Hans"


@pytest.mark.parametrize(
    "password",
    ["", "short", "aaaaaaaaaaaa", "1212121212", "1234567890", "password123", "bruno12345",
     "x1y2" * 65],
)  # fmt: skip
def test_a_password_a_guesser_tries_first_is_refused(password: str) -> None:
    with pytest.raises(passwords.WeakPassword, match="10 to 256"):
        passwords.check(password, username="bruno")


@pytest.mark.parametrize("password", [PASSWORD, "正確的馬電池釘書機呀", "tr0ub4dor&3x"])
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    passwords.check(password, username="bruno")

    assert passwords.matches(password, passwords.hashed(password))


def test_a_password_is_the_same_from_every_keyboard() -> None:
    assert passwords.matches("cafe\u0301 au lait", passwords.hashed("caf\u00e9 au lait"))


def test_all_that_a_person_holds_is_one_statement(bruno: Person) -> None:
    in_transaction(lambda: memberships.grant(people.named("bruno"), "inspector"))
    bruno_id = bruno.id
    statements: list[str] = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )

    held = memberships.of(bruno_id)

    assert held == {("warehouse_keeper", "site:DAYUAN"), ("inspector", "*")}
    assert len([line for line in statements if line.startswith("SELECT")]) == 1


def test_a_role_given_twice_is_held_once_and_can_be_taken_away(bruno: Person) -> None:
    def give() -> None:
        memberships.grant(people.named("bruno"), "inspector")

    in_transaction(give)
    in_transaction(give)
    in_transaction(lambda: memberships.revoke(people.named("bruno"), "inspector"))

    assert memberships.of(bruno.id) == {("warehouse_keeper", "site:DAYUAN")}
    acts = [entry.action for entry in audit.about(f"person:{bruno.id}")]
    assert acts == ["role_revoked", "role_granted", "role_granted", "person_added"]


def test_a_person_kept_out_holds_nothing(bruno: Person) -> None:
    in_transaction(lambda: people.set_active(people.named("bruno"), False, by=None))

    assert memberships.of(bruno.id) == frozenset()
    assert memberships.holders("warehouse_keeper", "site:DAYUAN") == []


def test_holders_are_those_whose_role_reaches_the_place(bruno: Person, dov: Person) -> None:
    in_transaction(lambda: memberships.grant(people.named("dov"), "warehouse_keeper"))

    def names(scope: str) -> list[str]:
        return [person.name for person in memberships.holders("warehouse_keeper", scope)]

    assert names("site:DAYUAN") == ["Bruno", "Dov"]
    assert names("site:NEIHU") == ["Dov"]
    assert memberships.covers("*", "site:NEIHU")
    assert not memberships.covers("site:DAYUAN", "site:NEIHU")
    assert not memberships.covers("site:DAYUAN", "*")


def test_a_scope_that_is_none_is_refused(bruno: Person) -> None:
    def try_to_grant(scope: str) -> None:
        with pytest.raises(memberships.BadScope):
            in_transaction(lambda: memberships.grant(people.named("bruno"), "inspector", scope))

    for scope in ("", "DAYUAN", "site:", "site:A:B", "moon:1"):
        try_to_grant(scope)


def test_a_role_nobody_knows_is_refused_with_those_there_are(bruno: Person) -> None:
    with pytest.raises(roles.NoSuchRole, match=r"pirate.*warehouse_keeper"):
        in_transaction(lambda: memberships.grant(people.named("bruno"), "pirate"))


def test_a_lane_brings_its_role_and_does_not_rename_one(app: Flask) -> None:
    code = "outlet_manager"
    in_transaction(lambda: roles.ensure(code, {"en": "Outlet manager"}))
    in_transaction(lambda: roles.ensure(code, {"en": "Boss", "zh_Hant": "店長"}))

    assert roles.titles("en")[code] == "Outlet manager"
    assert roles.titles("zh_Hant")[code] == "店長"
    assert roles.titles("zh_Hans")["buyer"] == "采购员"


def test_the_audit_says_who_acted_for_whom(bruno: Person, dov: Person) -> None:
    in_transaction(
        lambda: audit.record(
            "approved", by=bruno.id, instead_of=dov.id, subject="case:7", details={"amount": 5}
        )
    )

    (entry,) = audit.about("case:7")
    assert (entry.person_id, entry.for_person_id, entry.details) == (
        bruno.id,
        dov.id,
        {"amount": 5},
    )


def test_what_a_person_holds_is_known_anew_once_it_changed(bruno: Person) -> None:
    def change() -> list[int]:
        person = people.named("bruno")
        held = [memberships.of(person.id)]
        memberships.grant(person, "inspector")
        held.append(memberships.of(person.id))
        memberships.revoke(person, "inspector")
        held.append(memberships.of(person.id))
        people.set_active(person, active=False, by=None)
        held.append(memberships.of(person.id))
        return [len(one) for one in held]

    assert in_transaction(change) == [1, 2, 1, 0]
