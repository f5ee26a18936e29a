"""The last id each table gave out: ids are never given twice, not even after a restore."""

from sqlalchemy import Connection, Table, func, select, text


def last_id(connection: Connection, table: Table) -> int | None:
    """The last id the table gave out, or the highest it holds; None when ids are not counted."""
    column = table.autoincrement_column
    if column is None:
        return None
    highest = connection.scalar(select(func.max(column))) or 0
    if connection.dialect.name == "postgresql":
        name = _sequence(connection, table)
        known = connection.scalar(text(f"SELECT last_value FROM {name} WHERE is_called"))  # noqa: S608
    else:
        known = _autoincrement(connection, table)
    return max(highest, known or 0)


def set_last_id(connection: Connection, table: Table, last: int) -> None:
    """Let the next row have an id above `last`."""
    if connection.dialect.name == "postgresql":
        statement = "SELECT setval(:name, greatest(:last, 1), :last > 0)"
        given = {"name": _sequence(connection, table), "last": last}
        connection.execute(text(statement), given)
    elif _keeps_counters(connection) and last:
        named = {"name": table.name, "last": last}
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), named)
        if table.dialect_options["sqlite"]["autoincrement"]:
            kept = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
            connection.execute(kept, named)


def _sequence(connection: Connection, table: Table) -> str:
    column = table.autoincrement_column
    given = {"table": table.name, "column": column.name if column is not None else ""}
    found = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), given)
    return str(found)


def _autoincrement(connection: Connection, table: Table) -> int | None:
    if not _keeps_counters(connection):
        return None
    query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    found = connection.scalar(query, {"name": table.name})
    return None if found is None else int(found)


def _keeps_counters(connection: Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_sequence'"
    return bool(connection.scalar(text(query)))
