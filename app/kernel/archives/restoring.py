"""Reading an archive back into an empty database, all of it or nothing, and proving it equal."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, Insert, Table, bindparam, insert
from sqlalchemy.dialects.postgresql import JSONB

from app.kernel import db as database
from app.kernel.archives import counters, emptying, manifest, rows, snapshot
from app.kernel.archives.errors import Damaged, NotAnArchive, NotEmpty, OtherRevision
from app.kernel.archives.manifest import Manifest
from app.kernel.db import connection, db

_NULL = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def restore(path: Path, *, is_empty: Callable[[], bool]) -> Manifest:
    """Fill the database with what the archive holds; sequences go on where they were.

    Raises:
        NotAnArchive, OtherRevision, NotEmpty, Damaged: and then nothing was changed.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return database.in_transaction(lambda: _restored(archive, path.name, is_empty))
    except (zipfile.BadZipFile, OSError) as error:
        raise NotAnArchive(file=path.name) from error


def _restored(archive: zipfile.ZipFile, file: str, is_empty: Callable[[], bool]) -> Manifest:
    held, here = manifest.read(archive, file=file), connection()
    ours = snapshot.revision(here)
    if held.revision != ours:
        raise OtherRevision(theirs=held.revision, ours=ours)
    snapshot.check_all_known(here, db.metadata)
    if not is_empty():
        raise NotEmpty
    with emptying.unguarded(here):
        for table in db.metadata.sorted_tables:
            _fill(here, table, archive)
    for table in db.metadata.sorted_tables:
        _check_equal(here, table, held)
    return held


def _fill(here: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    statement, given = _insert(table), _rows(table, archive)
    while some := list(islice(given, rows.AT_ONCE)):
        here.execute(statement, some)


def _insert(table: Table) -> Insert:
    """JSON that may be missing is missing, not the word null."""
    missing = {
        column.name: bindparam(column.name, type_=_NULL)
        for column in table.columns
        if isinstance(column.type, JSON) and column.nullable
    }
    return insert(table).values(missing) if missing else insert(table)


def _rows(table: Table, archive: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    try:
        with archive.open(f"tables/{table.name}.jsonl") as file:
            for line in io.TextIOWrapper(file, encoding="utf-8", newline="\n"):
                yield rows.row(line, lambda name: _file(archive, name))
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Damaged(part=table.name) from error


def _file(archive: zipfile.ZipFile, name: str) -> bytes:
    content = archive.read(f"files/{name}")
    if hashlib.sha256(content).hexdigest() != name:
        raise Damaged(part=name)
    return content


def _check_equal(here: Connection, table: Table, held: Manifest) -> None:
    part = held.tables.get(table.name)
    digest = rows.digest(here, table)
    if part is None or (part.rows, part.digest) != (digest.rows, digest.hex()):
        raise Damaged(part=table.name)
    if part.last_id is not None:
        counters.set_last_id(here, table, part.last_id)
