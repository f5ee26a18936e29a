"""Tables that only grow: the database itself refuses to change or delete their rows."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, MetaData, text

if TYPE_CHECKING:  # a migration brings it; nobody else loads it
    from alembic.operations import BatchOperations, Operations

# In a model: `__table_args__ = {"info": append_only.MARK}`.
MARK: dict[str, Any] = {"append_only": True}

_REFUSAL = "HOUTAI_APPEND_ONLY: rows of {table} are never changed or deleted"
_SQLITE = """CREATE TRIGGER {trigger} BEFORE {event} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END"""
_FUNCTION = """CREATE OR REPLACE FUNCTION houtai_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$ BEGIN
RAISE EXCEPTION 'HOUTAI_APPEND_ONLY: rows of % are never changed or deleted', TG_TABLE_NAME
USING ERRCODE = 'restrict_violation';
END $$"""
_POSTGRESQL = """CREATE TRIGGER {trigger} BEFORE {event} ON {table}
FOR EACH {each} EXECUTE FUNCTION houtai_append_only()"""
# A row trigger for UPDATE and DELETE: a statement trigger would also refuse
# `INSERT … ON CONFLICT DO UPDATE` that meets no conflict.
_EVENTS = {
    "sqlite": {"UPDATE": "ROW", "DELETE": "ROW"},
    "postgresql": {"UPDATE": "ROW", "DELETE": "ROW", "TRUNCATE": "STATEMENT"},
}
_PRESENT = {
    "sqlite": "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": """SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid)
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        JOIN pg_proc p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
        AND p.proname = 'houtai_append_only' AND pg_table_is_visible(c.oid)""",
}


def protect(op: "Operations | Any", table: str) -> None:
    """Make `table` append-only; `op` is Alembic's."""
    kind = op.get_bind().dialect.name
    if kind == "postgresql":
        op.execute(_FUNCTION)
    for event in _EVENTS[kind]:
        op.execute(_statement(kind, table, event))


def unprotect(op: "Operations | Any", table: str) -> None:
    """Let a migration change rows of `table`; it protects the table again before it ends."""
    kind = op.get_bind().dialect.name
    for event in _EVENTS[kind]:
        on = f" ON {table}" if kind == "postgresql" else ""
        op.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}")


@contextmanager
def altering(op: "Operations | Any", table: str) -> "Iterator[BatchOperations]":
    """`op.batch_alter_table`, which on SQLite copies the table and drops its triggers silently."""
    unprotect(op, table)
    with op.batch_alter_table(table) as batch:
        yield batch
    protect(op, table)


def marked(metadata: MetaData) -> list[str]:
    """The tables that models declare append-only."""
    return sorted(name for name, table in metadata.tables.items() if table.info.get("append_only"))


def missing(connection: Connection, tables: Iterable[str]) -> list[str]:
    """The protections that `tables` should have and have not, read from the catalogue."""
    kind = connection.dialect.name
    present = _present(connection)
    return [
        f"{table}: {event} is not refused"
        for table in tables
        for event in _EVENTS[kind]
        if not _refuses(present.get((table, _name(table, event)), ""), event)
    ]


def _statement(kind: str, table: str, event: str) -> str:
    template = _SQLITE if kind == "sqlite" else _POSTGRESQL
    return template.format(
        trigger=_name(table, event),
        event=event,
        table=table,
        each=_EVENTS[kind][event],
        refusal=_REFUSAL.format(table=table),
    )


def _name(table: str, event: str) -> str:
    return f"append_only_{table}_{event.lower()}"


def _present(connection: Connection) -> Mapping[tuple[str, str], str]:
    rows = connection.execute(text(_PRESENT[connection.dialect.name]))
    return {(table, name): definition for table, name, definition in rows}


def _refuses(definition: str, event: str) -> bool:
    return f"BEFORE {event} ON" in definition and (
        "HOUTAI_APPEND_ONLY" in definition or "houtai_append_only" in definition
    )
