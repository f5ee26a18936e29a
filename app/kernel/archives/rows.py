"""Rows as lines of JSON that read the same from every database, and the digest of many of them.

A line depends on values alone, not on how a database keeps them: an instant is an instant whether
it was microseconds or timestamptz. The digest is a sum, so that the order of rows does not matter.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

AT_ONCE = 500
INLINE_BYTES = 2_000  # longer ones are files of their own in the archive
_DIGESTS = 2**256


class Digest:
    """Counts rows and sums their hashes."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, line: str) -> None:
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(line.encode()).digest())

    def hex(self) -> str:
        return f"{self._sum % _DIGESTS:064x}"


def of(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """Every row, a few hundred in memory at a time."""
    query = select(table).order_by(*table.primary_key)
    streamed = query.execution_options(stream_results=True, yield_per=AT_ONCE)
    with connection.execute(streamed) as found:
        for each in found:
            yield each._asdict()


def digest(connection: Connection, table: Table) -> Digest:
    """The digest of what the table holds now."""
    found = Digest()
    for row in of(connection, table):
        found.add(line(row))
    return found


def line(row: Mapping[str, Any]) -> str:
    """A row as one line; its columns in the order of their names."""
    plain = {name: _plain(value) for name, value in row.items()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def row(text: str, file: Callable[[str], bytes]) -> dict[str, Any]:
    """The row of a line; `file` gives what its long bytes were."""
    return {name: _value(plain, file) for name, plain in json.loads(text).items()}


def long_bytes(rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """The bytes of these rows that are files of their own, by the name of the file."""
    for each in rows:
        for value in each.values():
            if isinstance(value, bytes) and len(value) > INLINE_BYTES:
                yield hashlib.sha256(value).hexdigest(), value


def _plain(value: object) -> object:
    """What JSON has no word for is wrapped under the name of its kind."""
    if isinstance(value, bytes):
        if len(value) > INLINE_BYTES:
            return {"file": hashlib.sha256(value).hexdigest()}
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": format(value.normalize(), "f")}
    return {"json": value} if isinstance(value, dict | list) else _number(value)


def _number(value: object) -> object:
    """SQLite keeps a JSON 4.0 that stands alone as 4, PostgreSQL as it was written."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "bytes": base64.b64decode,
    "at": datetime.fromisoformat,
    "day": date.fromisoformat,
    "decimal": Decimal,
    "json": lambda value: value,
}


def _value(plain: object, file: Callable[[str], bytes]) -> object:
    if not isinstance(plain, dict):
        return plain
    ((kind, value),) = plain.items()
    return file(value) if kind == "file" else _KINDS[kind](value)
