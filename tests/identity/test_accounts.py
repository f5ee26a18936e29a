"""What administrators may do with accounts, and what nobody may."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask

from app.identity import accounts, audit, invitations, memberships, people, sessions, sign_in
from app.identity.accounts import (
    LastAdministrator,
    NotAnAdministrator,
    StaffRoleOnly,
    SupplierRoleOnly,
)
from app.identity.invitations import InvitationOver
from app.identity.passwords import WeakPassword
from app.identity.people import Person
from app.identity.sign_in import WrongNameOrPassword, WrongPassword
from app.kernel import clock
from app.kernel.db import db, in_transaction
from tests.identity.conftest import PASSWORD

CHOSEN = "a kettle of blue tea"
BOREA = "supplier:BOREA"


@pytest.fixture
def ada(app: Flask) -> Person:
    """Administrates the house."""
    return in_transaction(lambda: _an_administrator("ada"))


def test_an_invited_person_chooses_a_password_once(ada: Person) -> None:
    token = _a_new_person(ada)

    in_transaction(lambda: invitations.accept(token, CHOSEN))

    assert sign_in.sign_in("eve", CHOSEN, "::1").person.username == "eve"
    with pytest.raises(InvitationOver):
        in_transaction(lambda: invitations.accept(token, CHOSEN + "!"))


def test_a_weak_password_leaves_the_invitation_open(ada: Person) -> None:
    token = _a_new_person(ada)

    with pytest.raises(WeakPassword):
        in_transaction(lambda: invitations.accept(token, "eve"))

    assert invitations.invited(token).username == "eve"


def test_an_invitation_ends_by_time_by_a_newer_one_and_by_a_lock(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _a_new_person(ada)
    second = in_transaction(lambda: accounts.invite(people.named("eve"), by=ada))
    assert _is_over(first)
    assert not _is_over(second)

    in_transaction(lambda: accounts.lock(people.named("eve"), by=ada))
    in_transaction(lambda: accounts.unlock(people.named("eve"), by=ada))
    assert _is_over(second)

    third = in_transaction(lambda: accounts.invite(people.named("eve"), by=ada))
    later = clock.now() + invitations.LASTING + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert _is_over(third)


@pytest.mark.parametrize(
    "deed",
    [
        lambda ada: accounts.lock(ada, by=ada),
        lambda ada: accounts.revoke(ada, "administrator", "*", by=ada),
    ],
    ids=["lock", "demote"],
)
def test_the_last_administrator_stays(ada: Person, deed: Callable[[Person], None]) -> None:
    in_transaction(lambda: _a_colleague_who_cannot_sign_in(ada))

    with pytest.raises(LastAdministrator, match="last administrator"):
        in_transaction(lambda: deed(people.named("ada")))

    in_transaction(lambda: _an_administrator("abe"))
    in_transaction(lambda: deed(people.named("ada")))
    assert memberships.of(people.named("ada").id) == frozenset()


def test_a_locked_person_is_out_at_once_and_keeps_their_roles_for_later(
    ada: Person, bruno: Person
) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, "::1").token

    in_transaction(lambda: accounts.lock(people.named("bruno"), by=ada))
    with pytest.raises(WrongNameOrPassword):
        sign_in.sign_in("bruno", PASSWORD, "::1")
    assert sessions.person_of(token) is None

    in_transaction(lambda: accounts.unlock(people.named("bruno"), by=ada))
    assert memberships.of(bruno.id) == {("warehouse_keeper", "site:DAYUAN")}


def test_a_supplier_s_people_and_staff_hold_different_roles(ada: Person, bruno: Person) -> None:
    in_transaction(lambda: accounts.create("wei", name="Wei", locale="en", party=BOREA, by=ada))
    wei = people.named("wei")

    assert memberships.of(wei.id) == {("supplier", BOREA)}
    for role, scope in (("buyer", "*"), ("supplier", "*"), ("supplier", "supplier:CIRRUS")):
        with pytest.raises(StaffRoleOnly):
            in_transaction(partial(accounts.grant, wei, role, scope, by=ada))
    with pytest.raises(SupplierRoleOnly, match="Bruno works here"):
        in_transaction(lambda: accounts.grant(bruno, "supplier", BOREA, by=ada))


def test_only_an_administrator_of_the_whole_house_touches_accounts(bruno: Person) -> None:
    in_transaction(lambda: memberships.grant(bruno, "administrator", "site:DAYUAN"))

    for deed in (
        lambda: accounts.grant(bruno, "finance", "*", by=bruno),
        lambda: accounts.lock(bruno, by=bruno),
        lambda: accounts.invite(bruno, by=bruno),
        lambda: accounts.end_sessions(bruno, by=bruno),
        lambda: accounts.rename(bruno, name="B", locale="en", by=bruno),
    ):
        with pytest.raises(NotAnAdministrator):
            in_transaction(deed)


def test_every_deed_is_in_the_audit_and_no_name_is(ada: Person, bruno: Person) -> None:
    def deeds() -> None:
        one = people.named("bruno")
        accounts.rename(one, name="Bruno Kant", locale="zh_Hant", by=ada)
        accounts.grant(one, "inspector", "site:DAYUAN", by=ada)
        accounts.revoke(one, "inspector", "site:DAYUAN", by=ada)
        accounts.lock(one, by=ada)
        accounts.unlock(one, by=ada)

    in_transaction(deeds)

    rows = audit.page(subject=f"person:{bruno.id}", by=ada.id)
    assert [row.action for row in reversed(rows)] == [
        "person_changed",
        "role_granted",
        "role_revoked",
        "person_deactivated",
        "sessions_revoked",
        "person_activated",
    ]
    assert "Kant" not in str([row.details for row in rows])


def test_people_change_their_own_password_if_they_know_the_old_one(bruno: Person) -> None:
    here, there = (sign_in.sign_in("bruno", PASSWORD, "::1").token for _ in range(2))
    db.session.refresh(bruno)
    db.session.expunge(bruno)

    with pytest.raises(WrongPassword):
        sign_in.change_password(bruno, "guess", CHOSEN, address="::1", but=here)
    sign_in.change_password(bruno, PASSWORD, CHOSEN, address="::1", but=here)

    assert sessions.person_of(here) is not None
    assert sessions.person_of(there) is None
    assert sign_in.sign_in("bruno", CHOSEN, "::1")


def _a_new_person(ada: Person) -> str:
    def step() -> str:
        return accounts.create("eve", name="Eve", locale="en", party=None, by=ada)[1]

    return in_transaction(step)


def _is_over(token: str) -> bool:
    try:
        invitations.invited(token)
    except InvitationOver:
        return True
    return False


def _an_administrator(name: str) -> Person:
    person = people.add(name, name=name.title(), password=PASSWORD)
    memberships.grant(person, "administrator")
    return person


def _a_colleague_who_cannot_sign_in(ada: Person) -> None:
    person, _token = accounts.create("abel", name="Abel", locale="en", party=None, by=ada)
    accounts.grant(person, "administrator", "*", by=ada)
