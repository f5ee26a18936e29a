"""One list as a file that a spreadsheet opens, with nothing in it that a spreadsheet would run."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import quote

from flask import Response, request

from app.kernel.errors import NotFound
from app.web.words import zone

# A list longer than a spreadsheet takes with ease.
MOST_ROWS = 100_000
Value = str | Decimal | int | date | datetime | None
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_RUNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A list: its name, its columns, its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def wanted() -> str | None:
    """The kind of file the address asks for; None for the page itself.

    Raises:
        NotFound: there is no such kind.
    """
    kind = request.args.get("as")
    if kind is not None and kind not in _TYPES:
        raise NotFound
    return kind


def answer(sheet: Sheet, kind: str) -> Response:
    """`sheet` as a download."""
    content = as_csv(sheet) if kind == "csv" else _as_xlsx(sheet)
    response = Response(content, content_type=_TYPES[kind])
    name = quote(re.sub(r"[^\w-]+", "-", sheet.name).strip("-") or "list")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.{kind}"
    return response


def as_csv(sheet: Sheet) -> bytes:
    """`sheet` as comma-separated text that every spreadsheet opens."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_harmless(heading) for heading in sheet.headings])
    writer.writerows([[_cell(value) for value in row] for row in sheet.rows])
    return text.getvalue().encode("utf-8-sig", "replace")


def instant(at: datetime) -> str:
    """An instant as files say it: with its day and the offset of our clock."""
    return at.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S%z")


def _as_xlsx(sheet: Sheet) -> bytes:
    from app.web.files import workbook  # noqa: PLC0415 - slow to load, and few lists need it

    return workbook.of(sheet)


def _cell(value: Value) -> str:
    if isinstance(value, datetime):
        return value.astimezone(zone()).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, int)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return _harmless(value or "")


def _harmless(text: str) -> str:
    """Text a spreadsheet shows and never computes."""
    return f"'{text}" if text.startswith(_RUNS) else text
