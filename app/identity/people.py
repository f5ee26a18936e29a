"""People who sign in: staff, suppliers' people, on-site workers."""

import re
import unicodedata
from datetime import datetime

from sqlalchemy import String, Text, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import audit, passwords
from app.kernel import cause, clock, once
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal
from app.kernel.i18n import DEFAULT_LOCALE, LOCALES

HELD = "what a person holds"  # the name under which a transaction remembers it
_USERNAME = re.compile(r"[^\W_][\w.@+-]{0,63}")


class Person(Model):
    """One person; `party` is the supplier they work for ("supplier:HONGSHENG"), none for staff."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16), default=DEFAULT_LOCALE)
    is_active: Mapped[bool] = mapped_column(default=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    party: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)


class UsernameTaken(Refusal):
    """Two people cannot share a sign-in name."""

    code = "username_taken"
    field = "username"
    message = N_("{username} is taken. Choose another name to sign in with.")


class BadUsername(Refusal):
    """A sign-in name is something one can type."""

    code = "bad_username"
    field = "username"
    message = N_(
        "{username!r} cannot be a sign-in name: use 1 to 64 letters, digits and . _ - @ +, "
        "beginning with a letter or digit."
    )


class UnknownLocale(Refusal):
    """The product does not speak that language."""

    code = "unknown_locale"
    message = N_("{locale} is not a language of this product. Choose one of {choice}.")


class NoSuchPerson(NotFound):
    """Nobody signs in with that name."""

    code = "no_such_person"
    message = N_("Nobody here is called {username}.")


def add(
    username: str,
    *,
    name: str,
    password: str | None = None,
    locale: str = DEFAULT_LOCALE,
    party: str | None = None,
    by: int | None = None,
) -> Person:
    """A new person; without a password they cannot sign in yet."""
    person = Person(
        username=_free(normal(username)),
        name=name.strip() or username,
        locale=_known(locale),
        password_hash=None,
        party=party,
    )
    if password is not None:
        passwords.check(password, username=person.username)
        person.password_hash = passwords.hashed(password)
    db.session.add(person)
    db.session.flush()
    audit.record("person_added", by=by, subject=f"person:{person.id}")
    return person


def get(person_id: int) -> Person | None:
    """The person, from memory when this transaction has met them."""
    return db.session.get(Person, person_id)


def acting() -> Person | None:
    """Who does the running step; nobody when a timer or a message set it off."""
    person_id = cause.current().person_id
    return get(person_id) if person_id else None


def by_username(username: str) -> Person | None:
    """The person who signs in as `username`, however it is capitalised."""
    known = normal(username)
    if not _USERNAME.fullmatch(known):
        return None
    return db.session.scalar(select(Person).filter_by(username=known))


def named(username: str) -> Person:
    """As `by_username`.

    Raises:
        NoSuchPerson: nobody signs in with that name.
    """
    person = by_username(username)
    if person is None:
        raise NoSuchPerson(username=username)
    return person


def everyone() -> list[Person]:
    """All people, by sign-in name."""
    return list(db.session.scalars(select(Person).order_by(Person.username)))


def speak(person_id: int, locale: str) -> None:
    """Remember the language the person chose."""
    known = _known(locale)
    db.session.execute(update(Person).filter_by(id=person_id).values(locale=known))


def describe(person: Person, *, name: str, locale: str, by: int | None) -> None:
    """Change a person's name and language; the audit says that, never what the name was."""
    known, called = _known(locale), name.strip() or person.username
    changed = [
        field
        for field, is_new in (("name", called != person.name), ("locale", known != person.locale))
        if is_new
    ]
    if changed:
        person.name, person.locale = called, known
        details: dict[str, object] = {"changed": changed}
        audit.record("person_changed", by=by, subject=f"person:{person.id}", details=details)


def set_active(person: Person, active: bool, *, by: int | None) -> None:  # noqa: FBT001 - a state
    """Let the person in, or keep them out; those kept out hold no role meanwhile."""
    person.is_active = active
    db.session.flush()
    once.forget((HELD, person.id))
    audit.record(
        "person_activated" if active else "person_deactivated",
        by=by,
        subject=f"person:{person.id}",
    )


def normal(username: str) -> str:
    """The one spelling of a sign-in name that is stored and compared."""
    return unicodedata.normalize("NFKC", username).strip().casefold()


def _free(username: str) -> str:
    if not _USERNAME.fullmatch(username):
        raise BadUsername(username=username)
    if by_username(username):
        raise UsernameTaken(username=username)
    return username


def _known(locale: str) -> str:
    if locale not in LOCALES:
        raise UnknownLocale(locale=locale, choice=", ".join(LOCALES))
    return locale
