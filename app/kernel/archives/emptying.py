"""A database that takes rows in any order: seeds gone, guards asleep until all rows are there."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, delete, select, text

from app.kernel import append_only
from app.kernel.archives.errors import Damaged
from app.kernel.db import db

_FOREIGN_KEYS = """SELECT c.conrelid::regclass::text AS owner, quote_ident(c.conname) AS name
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype = 'f' AND pg_table_is_visible(t.oid)"""


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Take away what migrations sowed; foreign keys are asked when everything has arrived."""
    _wait_with_foreign_keys(connection, "DEFERRABLE INITIALLY DEFERRED")
    _take_away_seeds(connection)
    yield
    _ask_foreign_keys(connection)
    _wait_with_foreign_keys(connection, "NOT DEFERRABLE")


def _take_away_seeds(connection: Connection) -> None:
    """Append-only rows too: in a house without people they are a migration's, not history."""
    op = Operations(MigrationContext.configure(connection))
    for table in reversed(db.metadata.sorted_tables):
        if connection.execute(select(table).limit(1)).first() is None:
            continue
        guarded = bool(table.info.get("append_only"))
        if guarded:
            append_only.unprotect(op, table.name)
        connection.execute(delete(table))
        if guarded:
            _ask_foreign_keys(connection)  # PostgreSQL alters no table with keys left to ask
            append_only.protect(op, table.name)


def _wait_with_foreign_keys(connection: Connection, until: str) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        return
    for owner, name in connection.execute(text(_FOREIGN_KEYS)).all():
        connection.execute(text(f"ALTER TABLE {owner} ALTER CONSTRAINT {name} {until}"))


def _ask_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise Damaged(part=str(broken[0]))
        return
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
