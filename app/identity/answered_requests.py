"""Requests of programs that were answered: sent again under its key, one gets the same answer.

A request first takes its key in a step of its own; its answer is kept by the step that does the
work. Whoever dies in between has done nothing, and after `PATIENCE` the key can be taken again.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, CursorResult, ForeignKey, LargeBinary, String, select
from sqlalchemy import delete as deleting
from sqlalchemy import update as updating
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Json, Model, db
from app.kernel.errors import N_, Refusal

KEPT_FOR = timedelta(hours=24)
PATIENCE = timedelta(minutes=2)
LONGEST_KEY = 200


class AnsweredRequest(Model):
    """One key of one person; without a status its request is still being worked on."""

    __tablename__ = "answered_request"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime] = mapped_column(Instant, index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, str] | None] = mapped_column(Json)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class Request(NamedTuple):
    """What a program asked for, and the key it chose; `fingerprint` is a hash of all it sent."""

    person_id: int
    key: str
    fingerprint: str


class Taken(NamedTuple):
    """The right to do the work of a request."""

    request: Request
    at: datetime


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes


class KeyUsedForAnother(Refusal):
    """A key stands for one request."""

    code = "idempotency_key_used"
    message = N_("This Idempotency-Key was sent with another request. Choose a new one.")
    status = 422


class StillWorking(Refusal):
    """The first request with this key is not answered yet."""

    code = "still_working"
    message = N_("The same request is being worked on. Ask again in a moment.")


def take(request: Request) -> Taken | Answer:
    """The right to do the work, or what was answered when it was done.

    Raises:
        KeyUsedForAnother, StillWorking: why neither.
    """
    now = clock.now()
    if _is_new(request, now):
        return Taken(request, now)
    found = db.session.scalar(select(AnsweredRequest).where(*_own(request)).with_for_update())
    if found is None or found.taken_at <= now - KEPT_FOR:
        return _taken_again(request, now)
    if found.fingerprint != request.fingerprint:
        raise KeyUsedForAnother
    if found.status is not None:
        return Answer(found.status, found.headers or {}, found.body or b"")
    if found.taken_at > now - PATIENCE:
        raise StillWorking
    return _taken_again(request, now)


def keep(taken: Taken, answer: Answer) -> None:
    """Keep the answer with the work.

    Raises:
        StillWorking: somebody else took the key over meanwhile; the work is undone.
    """
    mine = updating(AnsweredRequest).where(*_own(taken.request), *_unanswered(taken))
    if not _count(db.session.execute(mine.values(**answer._asdict()))):
        raise StillWorking


def give_back(taken: Taken) -> None:
    """The work was refused and nothing changed: the key is free again."""
    db.session.execute(deleting(AnsweredRequest).where(*_own(taken.request), *_unanswered(taken)))


def sweep() -> int:
    """Delete what is older than a day; returns how many rows."""
    old = AnsweredRequest.taken_at <= clock.now() - KEPT_FOR
    return _count(db.session.execute(deleting(AnsweredRequest).where(old)))


def _is_new(request: Request, now: datetime) -> bool:
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    row = insert(AnsweredRequest).values(**request._asdict(), taken_at=now)
    mine = row.on_conflict_do_nothing().returning(AnsweredRequest.key)
    return db.session.scalar(mine) is not None


def _taken_again(request: Request, now: datetime) -> Taken:
    values = {
        "fingerprint": request.fingerprint,
        "taken_at": now,
        "status": None,
        "headers": None,
        "body": None,
    }
    db.session.execute(updating(AnsweredRequest).where(*_own(request)).values(values))
    return Taken(request, now)


def _own(request: Request) -> tuple[ColumnElement[bool], ...]:
    return (AnsweredRequest.person_id == request.person_id, AnsweredRequest.key == request.key)


def _unanswered(taken: Taken) -> tuple[ColumnElement[bool], ...]:
    return (AnsweredRequest.status.is_(None), AnsweredRequest.taken_at == taken.at)


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
