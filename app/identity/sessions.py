"""Sessions live on the server: a cookie names one, and anyone's can be ended at once."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, ForeignKey, String, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db, in_transaction

SEEN_EVERY = timedelta(minutes=5)
_AGENT_LENGTH = 200


class SignInSession(Model):
    """One browser of one person; of the cookie's token only the hash is kept."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(_AGENT_LENGTH))


_KNOWN = (
    select(Person, SignInSession.last_seen_at)
    .join(SignInSession, SignInSession.person_id == Person.id)
    .where(
        SignInSession.token_hash == bindparam("hash"),
        SignInSession.expires_at > bindparam("now"),
        Person.is_active,
    )
)


def open_for(person: Person, *, address: str, agent: str, lasting: timedelta) -> str:
    """A new session; returns the token for the cookie, which is stored nowhere."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        SignInSession(
            token_hash=_hash(token),
            person_id=person.id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + lasting,
            address=address[:64],
            agent=agent.replace("\0", "")[:_AGENT_LENGTH],
        )
    )
    return token


def person_of(token: str) -> Person | None:
    """Who the cookie's token stands for, in one statement; nobody when ended or expired.

    Outside a step it also notes, every few minutes, that the person was seen.
    """
    now = clock.now()
    found = db.session.execute(_KNOWN, {"hash": _hash(token), "now": now}).one_or_none()
    if found is None:
        return None
    person: Person = found[0]
    if now - found.last_seen_at >= SEEN_EVERY:
        in_transaction(lambda: _note(token, now))
        db.session.refresh(person)
    return person


def end(token: str) -> int | None:
    """End the session of this token; returns whose it was."""
    ended = delete(SignInSession).filter_by(token_hash=_hash(token))
    return db.session.scalar(ended.returning(SignInSession.person_id))


def end_one(session_id: int, *, of: int) -> bool:
    """End one session of a person; whether there was such a one."""
    ended = delete(SignInSession).filter_by(id=session_id, person_id=of)
    return bool(_count(db.session.execute(ended)))


def end_all(person_id: int, *, but: str | None = None) -> int:
    """End every session of a person, except perhaps the one that asks; returns how many."""
    ending = delete(SignInSession).filter_by(person_id=person_id)
    if but:
        ending = ending.where(SignInSession.token_hash != _hash(but))
    return _count(db.session.execute(ending))


def of(person_id: int) -> list[SignInSession]:
    """The sessions a person has open, the latest seen first."""
    query = select(SignInSession).filter_by(person_id=person_id)
    alive = query.where(SignInSession.expires_at > clock.now())
    return list(db.session.scalars(alive.order_by(SignInSession.last_seen_at.desc())))


def last_seen() -> dict[int, datetime]:
    """When each person with an open session was seen last, by id."""
    seen = select(SignInSession.person_id, func.max(SignInSession.last_seen_at))
    return {row[0]: row[1] for row in db.session.execute(seen.group_by(SignInSession.person_id))}


def is_of(session: SignInSession, token: str) -> bool:
    """Whether the session is the one that this token names."""
    return session.token_hash == _hash(token)


def sweep() -> int:
    """Delete expired sessions; returns how many."""
    return _count(
        db.session.execute(delete(SignInSession).where(SignInSession.expires_at <= clock.now()))
    )


def _note(token: str, now: datetime) -> None:
    db.session.execute(
        update(SignInSession).filter_by(token_hash=_hash(token)).values(last_seen_at=now)
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
