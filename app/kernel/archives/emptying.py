"""A database that takes rows in any order: seeds gone, guards asleep until all rows are there."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, text

from app.kernel.archives.errors import Damaged
from app.kernel.db import db

_FOREIGN_KEYS = """SELECT c.conrelid::regclass::text AS owner, quote_ident(c.conname) AS name
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.contype = 'f' AND pg_table_is_visible(t.oid)"""
_GUARDED = """SELECT DISTINCT t.tgrelid::regclass::text FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND pg_table_is_visible(c.oid)"""
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Take away what migrations sowed; foreign keys are asked when everything has arrived.

    Guards of append-only and frozen rows sleep: in a house without people the rows that go are
    a migration's, and those that come obeyed the guards where they were written.
    """
    wakes = _put_guards_to_sleep(connection)
    _wait_with_foreign_keys(connection, "DEFERRABLE INITIALLY DEFERRED")
    for table in reversed(db.metadata.sorted_tables):
        connection.execute(delete(table))
    yield
    _ask_foreign_keys(connection)
    _wait_with_foreign_keys(connection, "NOT DEFERRABLE")
    for statement in wakes:
        connection.exec_driver_sql(statement)


def _put_guards_to_sleep(connection: Connection) -> list[str]:
    """Returns the statements that wake them."""
    if connection.dialect.name == "sqlite":
        triggers = connection.execute(text(_TRIGGERS)).all()
        for name, _sql in triggers:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        return [sql for _name, sql in triggers]
    tables = list(connection.execute(text(_GUARDED)).scalars())
    for table in tables:
        connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables]


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
