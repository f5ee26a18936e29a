"""Keys with which programs act as a person: shown once, narrowed by scopes, revocable at once."""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import audit, memberships
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR
from app.kernel import clock
from app.kernel.db import Instant, Json, Model, RowId, db, in_transaction
from app.kernel.errors import N_, NotAllowed, NotFound, Refusal

READ, WRITE = "read", "write"
RESOURCES = (
    "processes",
    "tasks",
    "cases",
    "attachments",
    "messages",
    "incidents",
    "products",
    "stock",
    "orders",
    "asns",
    "suppliers",
    "imports",
)
_WRITABLE = frozenset(
    {"processes", "tasks", "cases", "attachments", "messages", "incidents", "imports"}
)
_ONLY_WRITABLE = frozenset({"messages"})  # a message is sent; nobody reads it back
SCOPES = tuple(
    f"{resource}:{deed}"
    for resource in RESOURCES
    for deed in (READ, WRITE)
    if (resource in _WRITABLE if deed == WRITE else resource not in _ONLY_WRITABLE)
)
LONGEST = timedelta(days=366)
MOST_KEYS = 20
USED_EVERY = timedelta(minutes=5)
_MARK = "houtai"
_LONGEST_NAME = 80
_LONGEST_TOKEN = 200


class ApiKey(Model):
    """One key of one person; of its secret only the hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(_LONGEST_NAME))
    prefix: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def is_alive(self) -> bool:
        """Whether a program may still use it."""
        return self.revoked_at is None and self.expires_at > clock.now()


class Issued(NamedTuple):
    """A new key and its token, which is stored nowhere and never shown again."""

    token: str
    key: ApiKey


class Bearer(NamedTuple):
    """Who a request acts as, with which key."""

    person: Person
    key: ApiKey


class BadKeyName(Refusal):
    """A key is called after the program that uses it."""

    code = "bad_key_name"
    field = "name"
    message = N_("Name the program that will use the key, in 1 to {longest} characters.")
    status = 422


class BadKeyScopes(Refusal):
    """A key without scopes opens nothing."""

    code = "bad_key_scopes"
    field = "scope"
    message = N_("Choose at least one thing the key may do, of: {choice}.")
    status = 422


class BadKeyTerm(Refusal):
    """A key lives for some days and then ends."""

    code = "bad_key_term"
    field = "days"
    message = N_("A key lives for 1 to {longest} days.")
    status = 422


class TooManyKeys(Refusal):
    """Keys nobody remembers are doors nobody watches."""

    code = "too_many_keys"
    message = N_("{most} keys are alive already. Revoke one that is no longer used.")


class NotYoursToIssue(NotAllowed):
    """A key acts as its person, so nobody makes one for somebody who signs in."""

    code = "not_yours_to_issue"
    message = N_(
        "People make their own keys. An administrator makes them only for accounts without a "
        "password, such as those of machines."
    )


_FOUND = (
    select(ApiKey, Person)
    .join(Person, Person.id == ApiKey.person_id)
    .where(ApiKey.prefix == bindparam("prefix"), Person.is_active)
)


def issue(
    person: Person, *, name: str, scopes: Collection[str], lasting: timedelta, by: Person
) -> Issued:
    """A new key that acts as `person`.

    Raises:
        NotYoursToIssue: it is somebody else who signs in themselves.
        BadKeyName, BadKeyScopes, BadKeyTerm, TooManyKeys: with what to do.
    """
    _check_may_issue(person, by)
    known = _checked(name, scopes, lasting)
    if _count_alive(person.id) >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token = f"{_MARK}_{prefix}_{secret}"
    now = clock.now()
    key = ApiKey(
        person_id=person.id,
        name=name.strip(),
        prefix=prefix,
        secret_hash=_hash(token),
        scopes=known,
        created_at=now,
        expires_at=now + lasting,
    )
    db.session.add(key)
    db.session.flush()
    _record("key_issued", key, by=by.id)
    return Issued(token, key)


def bearer_of(token: str) -> Bearer | None:
    """Who the token acts as; nobody when it is unknown, revoked or over, or they are kept out.

    Outside a step it also notes, every few minutes, that the key was used.
    """
    mark, _, rest = token[:_LONGEST_TOKEN].partition("_")
    found = db.session.execute(_FOUND, {"prefix": rest.partition("_")[0]}).one_or_none()
    if mark != _MARK or found is None:
        return None
    key, person = found
    if not (hmac.compare_digest(key.secret_hash, _hash(token)) and key.is_alive):
        return None
    if key.last_used_at is None or clock.now() - key.last_used_at >= USED_EVERY:
        in_transaction(partial(_note_use, key.id))
        db.session.refresh(key)
        db.session.refresh(person)
    return Bearer(person, key)


def of(person_id: int) -> Sequence[ApiKey]:
    """The keys of a person, the newest first; those that ended too."""
    query = select(ApiKey).filter_by(person_id=person_id).order_by(ApiKey.id.desc())
    return db.session.scalars(query).all()


def every(limit: int = 500) -> Sequence[Bearer]:
    """Everybody's keys with their people, the newest first."""
    query = select(Person, ApiKey).join(ApiKey, ApiKey.person_id == Person.id)
    rows = db.session.execute(query.order_by(ApiKey.id.desc()).limit(limit))
    return [Bearer(person, key) for person, key in rows]


def revoke(key_id: int, *, by: Person) -> ApiKey:
    """End a key at once; doing it twice changes nothing.

    Raises:
        NotFound: there is none, or it is somebody else's and `by` is no administrator.
    """
    key = db.session.get(ApiKey, key_id, with_for_update=True)
    if key is None or not (key.person_id == by.id or _administers(by)):
        raise NotFound
    if key.revoked_at is None:
        _end(key, by=by.id)
    return key


def revoke_all(person_id: int, *, by: int | None) -> int:
    """End every key of a person; returns how many were alive."""
    alive = [key for key in of(person_id) if key.is_alive]
    for key in alive:
        _end(key, by=by)
    return len(alive)


def _check_may_issue(person: Person, by: Person) -> None:
    is_machine = person.password_hash is None
    if person.id != by.id and not (is_machine and _administers(by)):
        raise NotYoursToIssue


def _administers(person: Person) -> bool:
    return (ADMINISTRATOR, memberships.EVERYWHERE) in memberships.of(person.id)


def _checked(name: str, scopes: Collection[str], lasting: timedelta) -> list[str]:
    if not 1 <= len(name.strip()) <= _LONGEST_NAME:
        raise BadKeyName(longest=_LONGEST_NAME)
    if not scopes or not set(scopes) <= set(SCOPES):
        raise BadKeyScopes(choice=", ".join(SCOPES))
    if not timedelta(days=1) <= lasting <= LONGEST:
        raise BadKeyTerm(longest=LONGEST.days)
    return [scope for scope in SCOPES if scope in scopes]


def _count_alive(person_id: int) -> int:
    alive = select(func.count()).select_from(ApiKey).filter_by(person_id=person_id)
    living = alive.where(ApiKey.revoked_at.is_(None), ApiKey.expires_at > clock.now())
    return db.session.scalar(living) or 0


def _note_use(key_id: int) -> None:
    """Two requests at once note it once."""
    now = clock.now()
    stale = or_(ApiKey.last_used_at.is_(None), ApiKey.last_used_at <= now - USED_EVERY)
    mine = update(ApiKey).where(ApiKey.id == key_id, stale)
    db.session.execute(mine.values(last_used_at=now))


def _end(key: ApiKey, *, by: int | None) -> None:
    key.revoked_at = clock.now()
    _record("key_revoked", key, by=by)


def _record(action: str, key: ApiKey, *, by: int | None) -> None:
    details: dict[str, object] = {"name": key.name, "prefix": key.prefix, "scopes": key.scopes}
    audit.record(action, by=by, subject=f"person:{key.person_id}", details=details)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
