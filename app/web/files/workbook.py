"""One list as a workbook: numbers and days as such, and text that stays text."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from app.web.files.sheets import Sheet, Value
from app.web.words import zone

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet keeps fifteen digits of a number; longer ones stay text, so that none is lost.
_DIGITS = 15


def of(sheet: Sheet) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", "-", sheet.name)[:31])
    page.freeze_panes = "A2"
    page.append([_text(page, heading, bold=True) for heading in sheet.headings])
    for row in sheet.rows:
        page.append([_typed(page, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(page: object, value: Value) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone()).replace(tzinfo=None)
    if isinstance(value, Decimal) and len(value.as_tuple().digits) > _DIGITS:
        return _text(page, f"{value:f}")
    if value is None or isinstance(value, (Decimal, int, date)):
        return value
    return _text(page, value)


def _text(page: object, text: str, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that is text, whatever it begins with."""
    cell = WriteOnlyCell(page, _UNPRINTABLE.sub("", text))
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
