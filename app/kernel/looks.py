"""A look reads and never writes: PostgreSQL holds it to that, and keeps what it has prepared.

The driver drops every prepared statement when a transaction is rolled back, so that a page whose
look ended so had each of its statements planned anew. A look that can write nothing is committed
instead, which changes nothing and drops nothing.
"""

from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event

# Statements of one connection: enough for what people do all day.
_PREPARED = 300


def keep_prepared(engine: Engine) -> None:
    """Let looks on this engine end without losing what was prepared."""
    event.listen(engine, "connect", _remember_more)
    dialect: Any = engine.dialect
    dialect.do_rollback = partial(_end, dialect.do_rollback)


def begin(connection: Connection) -> None:
    """The transaction that begins on this connection only reads."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "postgresql" and driver is not None:
        driver.read_only = True


def _remember_more(connection: Any, _record: object) -> None:
    connection.prepared_max = _PREPARED


def _end(roll_back: Any, pooled: Any) -> None:
    driver = getattr(pooled, "driver_connection", pooled)
    if not driver.read_only:
        roll_back(pooled)
        return
    driver.commit()
    driver.read_only = False
