"""Lists as files for a spreadsheet: what stands in a cell is never run as a formula there."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from flask import Response

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def response(name: str, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Response:
    """The list as a download; the mark at its beginning tells spreadsheets that it is UTF-8."""
    kept = io.StringIO()
    writer = csv.writer(kept)
    writer.writerow([cell(text) for text in heading])
    writer.writerows([cell(text) for text in row] for row in rows)
    answer = Response("\ufeff" + kept.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def cell(text: str) -> str:
    """The text, quoted when a spreadsheet would take it for a formula."""
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
