"""Signing in and out."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, text

from app.identity import audit, passwords, people, sessions, sign_in
from app.identity.people import Person
from app.identity.sign_in import WrongNameOrPassword
from app.identity.throttling import TooManyTries
from app.kernel import clock
from app.kernel.db import db, in_transaction
from tests.identity.conftest import PASSWORD

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def test_the_right_password_opens_a_session_that_names_the_person(bruno: Person) -> None:
    token, person = sign_in.sign_in("Bruno ", PASSWORD, HOME)

    assert person == bruno
    assert sign_in.person_of(token) == bruno
    assert _acts(bruno)[0] == "signed_in"


def test_the_database_does_not_know_the_token(bruno: Person) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, HOME).token

    rows = db.session.execute(text("SELECT * FROM sign_in_session")).all()
    assert len(rows) == 1
    assert token not in str(rows)


def test_a_wrong_name_and_a_wrong_password_are_told_alike(bruno: Person) -> None:
    for username in ("bruno", "nobody", "", "a\0b", "\ud800", "x" * 5000):
        with pytest.raises(WrongNameOrPassword) as refusal:
            sign_in.sign_in(username, "guess\ud800", HOME)

        assert str(refusal.value) == "That name and password do not belong together."


def test_a_guess_at_nobody_is_hashed_like_any_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | bytes] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, known: str | bytes, tried: str | bytes) -> bool:
        hashed.append(tried)
        return verify(hasher, known, tried)

    monkeypatch.setattr(PasswordHasher, "verify", counted)

    with pytest.raises(WrongNameOrPassword):
        sign_in.sign_in("nobody", "guess", HOME)

    assert len(hashed) == 1


def test_a_person_kept_out_cannot_sign_in_and_falls_out_of_open_sessions(bruno: Person) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, HOME).token

    in_transaction(lambda: people.set_active(people.named("bruno"), False, by=None))

    assert sign_in.person_of(token) is None
    with pytest.raises(WrongNameOrPassword):
        sign_in.sign_in("bruno", PASSWORD, HOME)


def test_a_person_without_a_password_cannot_sign_in(app: Flask) -> None:
    in_transaction(lambda: people.add("worker", name="Worker"))

    for guess in ("", "nobody"):
        with pytest.raises(WrongNameOrPassword):
            sign_in.sign_in("worker", guess, HOME)


def test_the_sixth_guess_has_to_wait_and_is_told_how_long(bruno: Person) -> None:
    with clock.turned_to(clock.now()):
        _guess(5)

        with pytest.raises(TooManyTries, match=r"Wait 1[0-5] seconds"):
            sign_in.sign_in("bruno", PASSWORD, HOME)

        clock.turn(timedelta(seconds=16))
        assert sign_in.sign_in("bruno", PASSWORD, HOME).person == bruno


def test_waiting_doubles_up_to_a_quarter_of_an_hour_and_is_forgotten_in_an_hour(
    bruno: Person,
) -> None:
    waits = []
    with clock.turned_to(clock.now()):
        _guess(5)
        for _ in range(8):
            wait = _wait()
            waits.append(wait)
            clock.turn(timedelta(seconds=wait + 1))
            _guess(1)

        clock.turn(timedelta(hours=1, seconds=1))
        _guess(5)

    assert [round(wait, -1) for wait in waits[:2]] == [20, 30]
    assert waits[-1] == pytest.approx(900, abs=2)


def test_a_stranger_elsewhere_does_not_lock_a_person_out(bruno: Person) -> None:
    _guess(5, address=ELSEWHERE)

    assert sign_in.sign_in("bruno", PASSWORD, HOME).person == bruno


def test_an_address_that_tries_many_names_has_to_wait_too(app: Flask) -> None:
    for number in range(60):
        with pytest.raises(WrongNameOrPassword):
            sign_in.sign_in(f"name{number}", "guess", HOME)

    with pytest.raises(TooManyTries):
        sign_in.sign_in("another", "guess", HOME)


def test_an_office_that_signs_in_all_morning_is_never_slowed_down(bruno: Person) -> None:
    for _ in range(100):
        sign_in.sign_in("bruno", PASSWORD, HOME)


def test_guesses_in_parallel_count_before_they_are_checked(app: Flask, bruno: Person) -> None:
    refusals: list[str] = []

    def guess() -> None:
        with app.app_context():
            try:
                sign_in.sign_in("bruno", "guess", HOME)
            except (WrongNameOrPassword, TooManyTries) as refusal:
                refusals.append(refusal.code)

    _guess(1)
    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # Those that come at the same instant may slow each other down, but never let one more in.
    assert len(refusals) == 12
    assert refusals.count("wrong_name_or_password") <= 4


def test_signing_out_ends_the_session_at_once(bruno: Person) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, HOME).token

    in_transaction(lambda: sign_in.sign_out(token))
    in_transaction(lambda: sign_in.sign_out(token))

    assert sign_in.person_of(token) is None
    assert _acts(bruno).count("signed_out") == 1


def test_a_session_ends_by_itself(bruno: Person) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, HOME, lasting=timedelta(hours=12)).token

    with clock.turned_to(clock.now() + timedelta(hours=12, seconds=1)):
        assert sign_in.person_of(token) is None
        in_transaction(sign_in.sweep)

    assert db.session.execute(text("SELECT count(*) FROM sign_in_session")).scalar() == 0


def test_a_new_password_ends_every_other_session(bruno: Person) -> None:
    here = sign_in.sign_in("bruno", PASSWORD, HOME).token
    elsewhere = sign_in.sign_in("bruno", PASSWORD, ELSEWHERE).token
    new = "another horse entirely"

    in_transaction(lambda: sign_in.set_password(people.named("bruno"), new, by=bruno.id, but=here))

    assert sign_in.person_of(here) == bruno
    assert sign_in.person_of(elsewhere) is None
    assert sign_in.sign_in("bruno", new, HOME).person == bruno


def test_a_password_changed_while_it_is_checked_opens_nothing(
    bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    matches, number = passwords.matches, bruno.id

    def slowly(password: str, password_hash: str | None) -> bool:
        found = matches(password, password_hash)
        in_transaction(
            lambda: sign_in.set_password(people.named("bruno"), "a new one, quite long", by=number)
        )
        return found

    monkeypatch.setattr(passwords, "matches", slowly)

    with pytest.raises(WrongNameOrPassword):
        sign_in.sign_in("bruno", PASSWORD, HOME)

    assert sessions.of(number) == []


def test_reading_pages_is_one_statement_and_writes_once_in_minutes(bruno: Person) -> None:
    token = sign_in.sign_in("bruno", PASSWORD, HOME).token
    statements: list[str] = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )

    def asked() -> list[str]:
        statements.clear()
        db.session.rollback()
        sign_in.person_of(token)
        return [line.split()[0] for line in statements if not line.startswith("BEGIN")]

    assert asked() == ["SELECT"]
    with clock.turned_to(clock.now() + timedelta(minutes=6)):
        assert "UPDATE" in asked()
        assert asked() == ["SELECT"]


def test_a_hash_of_yesterdays_strength_is_renewed_at_the_next_sign_in(bruno: Person) -> None:
    before = bruno.password_hash
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_outdated", lambda _: True)
        sign_in.sign_in("bruno", PASSWORD, HOME)

    assert people.named("bruno").password_hash != before
    assert sign_in.sign_in("bruno", PASSWORD, HOME).person == bruno


def _guess(times: int, address: str = HOME) -> None:
    for _ in range(times):
        with pytest.raises(WrongNameOrPassword):
            sign_in.sign_in("bruno", "guess", address)


def _wait() -> int:
    with pytest.raises(TooManyTries) as refusal:
        sign_in.sign_in("bruno", "guess", HOME)
    return int(str(refusal.value.facts["wait_seconds"]))


def _acts(person: Person) -> list[str]:
    return [entry.action for entry in audit.about(f"person:{person.id}")]
