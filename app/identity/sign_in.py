"""Signing in and out: passwords are checked outside the database's locks, every try counts."""

import math
from datetime import timedelta
from typing import NamedTuple, NoReturn

from app.identity import audit, passwords, people, sessions, throttling
from app.identity.people import Person
from app.identity.throttling import TooManyTries
from app.kernel.db import db, in_transaction
from app.kernel.errors import N_, Refusal

LASTING = timedelta(hours=12)

person_of = sessions.person_of


class WrongNameOrPassword(Refusal):
    """Which of the two was wrong is not said."""

    code = "wrong_name_or_password"
    field = "password"
    message = N_("That name and password do not belong together.")
    status = 401


class WrongPassword(Refusal):
    """Whoever changes a password knows the one it was."""

    code = "wrong_password"
    field = "current"
    message = N_("That is not the password you sign in with. Nothing was changed.")
    status = 422


class Admission(NamedTuple):
    """The token for the cookie, and who it stands for."""

    token: str
    person: Person


def sign_in(
    username: str, password: str, address: str, *, agent: str = "", lasting: timedelta = LASTING
) -> Admission:
    """Open a session. Call it outside a step: it commits the try first, then the outcome.

    Raises:
        WrongNameOrPassword: also for people who do not exist or are kept out.
        TooManyTries: with the seconds to wait.
    """
    limits = throttling.keys(people.normal(username), address)
    wait = in_transaction(lambda: throttling.count_try(limits))
    if wait:
        raise TooManyTries(wait_seconds=math.ceil(wait.total_seconds()))
    person = people.by_username(username)
    known = person.password_hash if person else None
    is_right = passwords.matches(password, known)
    if person is None or not is_right or not person.is_active:
        _refuse(person)

    def step() -> str:
        _check_still_so(person, known)
        throttling.succeeded(limits)
        _renew_hash(person, password)
        return admit(person, address, agent=agent, lasting=lasting)

    return Admission(in_transaction(step), person)


def admit(person: Person, address: str, *, agent: str = "", lasting: timedelta = LASTING) -> str:
    """A session without asking for a password (the practice company's cards); returns its token."""
    audit.record("signed_in", by=person.id, subject=f"person:{person.id}")
    return sessions.open_for(person, address=address, agent=agent, lasting=lasting)


def sign_out(token: str) -> None:
    """End the session of this token; an unknown one is no error."""
    person_id = sessions.end(token)
    if person_id is not None:
        audit.record("signed_out", by=person_id, subject=f"person:{person_id}")


def revoke_all(person_id: int, *, by: int | None, but: str | None = None) -> int:
    """End every session of a person, except perhaps that of token `but`; returns how many."""
    ended = sessions.end_all(person_id, but=but)
    details: dict[str, object] = {"ended": ended}
    audit.record("sessions_revoked", by=by, subject=f"person:{person_id}", details=details)
    return ended


def set_password(person: Person, password: str, *, by: int | None, but: str | None = None) -> None:
    """Change a password and end the person's sessions, except perhaps that of token `but`."""
    passwords.check(password, username=person.username)
    person.password_hash = passwords.hashed(password)
    audit.record("password_changed", by=by, subject=f"person:{person.id}")
    revoke_all(person.id, by=by, but=but)


def revoke_one(session_id: int, *, of: int, by: int | None) -> None:
    """End one session of a person; one that is over already is no error."""
    if sessions.end_one(session_id, of=of):
        details: dict[str, object] = {"ended": 1}
        audit.record("sessions_revoked", by=by, subject=f"person:{of}", details=details)


def change_password(person: Person, current: str, chosen: str, *, address: str, but: str) -> None:
    """Let people change their own password, if they know the one they have.

    Call it outside a step, as `sign_in`: a try counts before it is checked.

    Raises:
        WrongPassword, TooManyTries, WeakPassword: nothing was changed.
    """
    limits = throttling.keys(person.username, address)
    wait = in_transaction(lambda: throttling.count_try(limits))
    if wait:
        raise TooManyTries(wait_seconds=math.ceil(wait.total_seconds()))
    if not passwords.matches(current, person.password_hash):
        raise WrongPassword

    def step() -> None:
        known = db.session.get_one(Person, person.id)
        _check_still_so(known, person.password_hash)
        throttling.succeeded(limits)
        set_password(known, chosen, by=person.id, but=but)

    in_transaction(step)


def sweep() -> int:
    """Delete expired sessions and forgotten tries; returns how many rows."""
    return sessions.sweep() + throttling.sweep()


def _check_still_so(person: Person, password_hash: str | None) -> None:
    """Refuse when password or person changed while the password was checked."""
    db.session.refresh(person, with_for_update=True)
    if person.password_hash != password_hash or not person.is_active:
        raise WrongNameOrPassword


def _refuse(person: Person | None) -> NoReturn:
    if person is not None:
        subject = f"person:{person.id}"
        in_transaction(lambda: audit.record("sign_in_failed", by=None, subject=subject))
    raise WrongNameOrPassword


def _renew_hash(person: Person, password: str) -> None:
    if person.password_hash and passwords.is_outdated(person.password_hash):
        person.password_hash = passwords.hashed(password)
