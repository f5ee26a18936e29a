"""How long PostgreSQL waits for others, and what a person reads when that was too long."""

from functools import partial
from typing import Any, ClassVar

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from app.kernel.errors import N_, Refusal

_LOCKED, _STOPPED = "55P03", "57014"
_SQLITE_BUSY = "SQLITE_BUSY"


class Busy(Refusal):
    """A lock did not come free in time."""

    code = "busy"
    message = N_(
        "Someone else is working on this right now; nothing was changed. Try again in a moment."
    )


class TookTooLong(Refusal):
    """The database stopped a statement that ran for too long."""

    code = "took_too_long"
    message = N_(
        "This took too long and was stopped; nothing was changed. "
        "Try again in a moment, or ask for less at once."
    )
    status: ClassVar[int] = 503


def limit(engine: Engine, *, lock_seconds: float, statement_seconds: float) -> None:
    """Let connections of this engine wait so long at most; 0 is for ever."""
    limits = {"lock_timeout": lock_seconds, "statement_timeout": statement_seconds}
    event.listen(engine, "connect", partial(_tell, limits))


def take_time(connection: Connection) -> None:
    """Let the statements of this transaction run for as long as they need."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))


def refusal_of(error: DBAPIError) -> Refusal | None:
    """What the database meant, when it only lost its patience."""
    state = getattr(error.orig, "sqlstate", None)
    if state == _LOCKED or getattr(error.orig, "sqlite_errorname", "") == _SQLITE_BUSY:
        return Busy()
    return TookTooLong() if state == _STOPPED else None


def _tell(limits: dict[str, float], connection: Any, _record: object) -> None:
    """Outside of any transaction, so that no rollback takes it back."""
    connection.autocommit = True
    for name, seconds in limits.items():
        connection.execute(f"SET {name} = {round(seconds * 1_000)}")
    connection.autocommit = False
