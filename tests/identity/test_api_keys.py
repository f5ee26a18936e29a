"""Keys with which programs act as a person."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.identity import api_keys, audit, memberships, people
from app.identity.api_keys import Issued
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound

A_MONTH = timedelta(days=30)


def a_key(person: Person, *, by: Person | None = None, name: str = "scanner") -> Issued:
    return in_transaction(
        lambda: api_keys.issue(
            person, name=name, scopes=["tasks:read"], lasting=A_MONTH, by=by or person
        )
    )


@pytest.fixture
def ada(app: Flask) -> Person:
    """Administrates."""

    def step() -> Person:
        person = people.add("ada", name="Ada", password="correct horse battery")
        memberships.grant(person, "administrator")
        return person

    return in_transaction(step)


def test_a_key_acts_as_its_person_and_its_token_is_stored_nowhere(bruno: Person) -> None:
    token = a_key(bruno).token

    bearer = api_keys.bearer_of(token)

    assert bearer is not None
    assert (bearer.person.username, bearer.key.scopes) == ("bruno", ["tasks:read"])
    stored = db.session.execute(text("SELECT * FROM api_key")).one()
    assert token.rpartition("_")[2] not in str(stored)


@pytest.mark.parametrize("tampered", ["", "houtai", "houtai_x_y", "{}x", "x{}", "{}" * 9, "\ud800"])
def test_what_only_looks_like_a_token_is_nobody_s(bruno: Person, tampered: str) -> None:
    token = a_key(bruno).token

    assert api_keys.bearer_of(tampered.format(*[token] * 9)) is None


def test_a_key_ends_when_it_is_revoked_or_over_or_its_person_is_kept_out(bruno: Person) -> None:
    kept, revoked = a_key(bruno), a_key(bruno)

    in_transaction(lambda: api_keys.revoke(revoked.key.id, by=bruno))

    assert api_keys.bearer_of(revoked.token) is None
    with clock.turned_to(clock.now() + A_MONTH):
        assert api_keys.bearer_of(kept.token) is None
    assert api_keys.bearer_of(kept.token) is not None
    in_transaction(lambda: people.set_active(people.named("bruno"), False, by=None))
    assert api_keys.bearer_of(kept.token) is None


def test_use_is_noted_every_few_minutes(bruno: Person) -> None:
    token = a_key(bruno).token
    assert api_keys.of(bruno.id)[0].last_used_at is None

    api_keys.bearer_of(token)
    first = api_keys.of(bruno.id)[0].last_used_at
    api_keys.bearer_of(token)
    assert api_keys.of(bruno.id)[0].last_used_at == first
    with clock.turned_to(clock.now() + api_keys.USED_EVERY):
        api_keys.bearer_of(token)

    last = api_keys.of(bruno.id)[0].last_used_at
    assert first is not None
    assert last is not None
    assert last > first


def test_nobody_makes_a_key_that_acts_as_somebody_who_signs_in(
    bruno: Person, dov: Person, ada: Person
) -> None:
    for other in (dov, ada):
        with pytest.raises(api_keys.NotYoursToIssue, match="accounts without a password"):
            a_key(bruno, by=other)

    machine = in_transaction(lambda: people.add("bridge", name="Bridge"))

    assert a_key(machine, by=ada).key.person_id == machine.id
    with pytest.raises(api_keys.NotYoursToIssue):
        a_key(machine, by=bruno)


def test_a_key_is_revoked_by_its_person_or_an_administrator(
    bruno: Person, dov: Person, ada: Person
) -> None:
    first, second = a_key(bruno).key, a_key(bruno).key

    with pytest.raises(NotFound):
        in_transaction(lambda: api_keys.revoke(first.id, by=dov))
    in_transaction(lambda: api_keys.revoke(first.id, by=ada))
    in_transaction(lambda: api_keys.revoke_all(bruno.id, by=bruno.id))
    again = in_transaction(lambda: api_keys.revoke_all(bruno.id, by=bruno.id))

    assert again == 0
    assert not any(key.is_alive for key in api_keys.of(bruno.id))
    assert [(one.action, one.person_id) for one in audit.about(f"person:{bruno.id}", 4)] == [
        ("key_revoked", bruno.id),
        ("key_revoked", ada.id),
        ("key_issued", bruno.id),
        ("key_issued", bruno.id),
    ]
    assert [one.key.id for one in api_keys.every()] == [second.id, first.id]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"name": " "}, api_keys.BadKeyName),
        ({"name": "x" * 81}, api_keys.BadKeyName),
        ({"scopes": []}, api_keys.BadKeyScopes),
        ({"scopes": ["tasks:delete"]}, api_keys.BadKeyScopes),
        ({"scopes": ["stock:write"]}, api_keys.BadKeyScopes),
        ({"lasting": timedelta(hours=1)}, api_keys.BadKeyTerm),
        ({"lasting": timedelta(days=367)}, api_keys.BadKeyTerm),
    ],
)
def test_a_key_has_a_name_a_purpose_and_an_end(
    bruno: Person, wanted: dict[str, object], refusal: type[Exception]
) -> None:
    usual = {"name": "scanner", "scopes": ["tasks:read"], "lasting": A_MONTH, "by": bruno}

    with pytest.raises(refusal):
        in_transaction(lambda: api_keys.issue(bruno, **{**usual, **wanted}))  # type: ignore[arg-type]


def test_nobody_keeps_more_keys_than_they_remember(bruno: Person) -> None:
    keys = [a_key(bruno).key for _ in range(api_keys.MOST_KEYS)]

    with pytest.raises(api_keys.TooManyKeys):
        a_key(bruno)
    in_transaction(lambda: api_keys.revoke(keys[0].id, by=bruno))

    a_key(bruno)
