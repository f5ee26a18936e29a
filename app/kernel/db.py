"""The database: one handle, the column types that stay exact, and the only commit."""

import operator
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    TypeDecorator,
    event,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.types import TypeEngine

from app.kernel import liveness, looks, patience, turns

TRIES = 3
_RUN_AGAIN = frozenset({"40001", "40P01"})
_KEPT_BY_ANOTHER = "23505"
_MICRO = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
    "recursive_triggers=ON",
)

T = TypeVar("T")
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=_NAMES)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: timestamptz on PostgreSQL, microseconds since 1970 on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind = BigInteger() if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        since = value - _EPOCH
        return (since.days * 86_400 + since.seconds) * _MICRO + since.microseconds

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            seconds, micros = divmod(value, _MICRO)
            return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
        return value.astimezone(UTC)


class Quantity(TypeDecorator[Decimal]):
    """A quantity in stock units, exact to six places: a whole number of millionths."""

    impl = BigInteger
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Decimal]):
        """Sums and differences of quantities are quantities: what they meet is scaled too."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            result = super().operate(op, *other, **kwargs)
            if op in (operator.add, operator.sub):
                return type_coerce(result, Quantity())
            return result

    comparator_factory = Comparator

    def process_bind_param(self, value: Decimal | int | None, _: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Decimal(value) * _MICRO
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than six decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, _: Dialect) -> Decimal | None:
        return None if value is None else _plain(Decimal(int(value)) / _MICRO)


Json = JSON().with_variant(JSONB(), "postgresql")
RowId = BigInteger().with_variant(Integer(), "sqlite")

db = SQLAlchemy(model_class=Base)
if TYPE_CHECKING:  # mypy cannot follow a base class that is an attribute
    Model = Base
else:
    Model = db.Model


def in_transaction(step: Callable[[], T]) -> T:
    """Run `step` and commit once; then run what `after_commit` collected.

    `step` must be safe to run again from its beginning: after a deadlock or a
    serialization failure it is, at most `TRIES` times in all. So it is when another step kept
    the same key a moment before: it then sees what it could not see, and says so.

    Raises:
        Busy, TookTooLong: the database lost its patience; nothing was changed.
    """
    if in_step():
        raise RuntimeError("a step is already open: one request, one transaction")
    for attempt in range(1, TRIES + 1):
        try:
            result, actions = _one_try(step)
        except DBAPIError as error:
            if (refusal := patience.refusal_of(error)) is not None:
                raise refusal from error
            if attempt == TRIES or not (passes(error) or _came_second(error)):
                raise
            time.sleep(random.uniform(0.005, 0.05) * attempt)  # noqa: S311 - jitter
        else:
            for action in actions:
                action()
            return result
    raise AssertionError("unreachable")


def passes(error: DBAPIError) -> bool:
    """Whether the step may succeed when it is run again: a deadlock, a serialization failure."""
    return getattr(error.orig, "sqlstate", "") in _RUN_AGAIN


def end_look() -> None:
    """Stop seeing the database as it was; the next statement sees it as it is."""
    db.session.rollback()


def in_step() -> bool:
    """Whether a step is open on this session."""
    return bool(db.session.info.get("after_commit") is not None)


def after_commit(action: Callable[[], object]) -> None:
    """Run `action` when the open step has been committed; forget it if the step fails."""
    db.session.info["after_commit"].append(action)


def connection() -> Connection:
    """The connection of the open step or look, for statements that need no objects."""
    return db.session().connection()


def savepoint() -> SessionTransaction:
    """A SAVEPOINT inside the open step."""
    return db.session.begin_nested()


def prepare(engine: Engine, *, lock_seconds: float = 0, statement_seconds: float = 0) -> None:
    """Set up each connection: on SQLite with pragmas and BEGIN (IMMEDIATE in a step) of our own.

    On PostgreSQL one waits so long for a lock, and for the end of a statement; 0 is for ever.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        liveness.watch(engine)
        looks.keep_prepared(engine)
        patience.limit(engine, lock_seconds=lock_seconds, statement_seconds=statement_seconds)


def _came_second(error: DBAPIError) -> bool:
    """Whether the key a step wanted to keep was kept by another one meanwhile."""
    return getattr(error.orig, "sqlstate", "") == _KEPT_BY_ANOTHER


def _one_try(step: Callable[[], T]) -> tuple[T, list[Callable[[], object]]]:
    session = db.session
    session.rollback()  # a read transaction that is upgraded fails at once on SQLite
    actions: list[Callable[[], object]] = []
    session.info["after_commit"] = actions
    try:
        with turns.turn(db.engine):
            return _committed(step), actions
    finally:
        session.info.pop("after_commit", None)


def _committed(step: Callable[[], T]) -> T:
    try:
        db.session.connection(execution_options={"houtai_step": True})
        result = step()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    return result


@event.listens_for(db.session, "after_begin")
def _only_look(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """What begins outside of a step only reads."""
    if session.info.get("after_commit") is None and not transaction.nested:
        looks.begin(connection)


def _set_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    step = connection.get_execution_options().get("houtai_step")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if step else "BEGIN")


def _plain(value: Decimal) -> Decimal:
    """`value` without trailing zeros and never in exponent form."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
