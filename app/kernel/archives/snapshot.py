"""Making an archive: everything in one read transaction, so that it is one moment of the house."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from alembic.migration import MigrationContext
from sqlalchemy import Connection, LargeBinary, MetaData, Table, inspect

from app.kernel import clock
from app.kernel.archives import counters, rows
from app.kernel.archives.errors import UnknownTables
from app.kernel.archives.manifest import Manifest, Part
from app.kernel.db import db

OTHERS = frozenset({"alembic_version", "sqlite_sequence"})
_ONE_MOMENT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def backup(path: Path) -> Manifest:
    """Write the house, as it is this moment, to a new file only its owner may read.

    Raises:
        UnknownTables: the archive would not be whole.
        FileExistsError: a backup never writes over another.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(f"{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        with _moment() as connection, _zip(file) as archive:
            manifest = _written(connection, archive)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)
    return manifest


def revision(connection: Connection) -> str:
    """The schema the database has."""
    return str(MigrationContext.configure(connection).get_current_revision())


def check_all_known(connection: Connection, metadata: MetaData) -> None:
    """Refuse when the database holds a table that no model speaks for."""
    unknown = set(inspect(connection).get_table_names()) - set(metadata.tables) - OTHERS
    if unknown:
        raise UnknownTables(tables=", ".join(sorted(unknown)))


@contextmanager
def _moment() -> Iterator[Connection]:
    """A read transaction: what others write meanwhile is not seen, and they do not wait for it."""
    with db.engine.connect() as plain:
        is_server = plain.dialect.name == "postgresql"
        connection = plain.execution_options(**_ONE_MOMENT) if is_server else plain
        with connection.begin():
            yield connection


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)


def _written(connection: Connection, archive: zipfile.ZipFile) -> Manifest:
    check_all_known(connection, db.metadata)
    kept: set[str] = set()
    parts = {}
    for table in db.metadata.sorted_tables:
        _write_files(connection, table, archive, kept)
        parts[table.name] = _write_rows(connection, table, archive)
    manifest = Manifest(revision(connection), clock.now().isoformat(), parts)
    manifest.write(archive)
    return manifest


def _write_files(
    connection: Connection, table: Table, archive: zipfile.ZipFile, kept: set[str]
) -> None:
    if not any(isinstance(column.type, LargeBinary) for column in table.columns):
        return
    for name, content in rows.long_bytes(rows.of(connection, table)):
        if name not in kept:
            kept.add(name)
            archive.writestr(f"files/{name}", content)


def _write_rows(connection: Connection, table: Table, archive: zipfile.ZipFile) -> Part:
    digest = rows.Digest()
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
        for row in rows.of(connection, table):
            line = rows.line(row)
            digest.add(line)
            file.write(f"{line}\n".encode())
    return Part(digest.rows, digest.hex(), counters.last_id(connection, table))
