"""Reading a table out of a file as spreadsheets save it: any of their encodings and separators."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.kernel.errors import N_, Refusal

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024
_SEPARATORS = (",", ";", "\t")
_START = 16
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How spreadsheets are told to keep leading zeros: ="00123"
_AS_TEXT = re.compile(r'="([^"]*)"')


@dataclass(frozen=True)
class Row:
    """One row under its number in the spreadsheet (the header is 1), cells by column."""

    number: int
    cells: Mapping[str, str]
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """The header as it was written, normalised, and the rows that are not blank."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]


class Unreadable(Refusal):
    """The file is no table at all."""

    code = "unreadable_file"
    status = 422


class NotText(Unreadable):
    """The bytes are not text in an encoding we know."""

    message = N_(
        "This file is not readable text. In the spreadsheet choose Save as, "
        "then CSV UTF-8 (comma delimited)."
    )


class Empty(Unreadable):
    """There is no header."""

    message = N_("This file is empty. Its first line must name the columns.")


class TooLarge(Unreadable):
    """More than one file should hold."""

    message = N_("This file has more than {rows} rows. Split it and import the parts in turn.")


class BadQuotes(Unreadable):
    """A quoted cell never ends, or something follows its end."""

    message = N_("Row {row} cannot be read: a quotation mark is missing or stands alone.")


def read(raw: bytes) -> Table:
    """The table in `raw`.

    Raises:
        Unreadable: there is none, with what to do about it.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge(rows=MOST_ROWS)
    text, separator = _without_hint(_decoded(raw))
    records = list(_records(text, separator or _separator(text)))
    if not records or not any(records[0]):
        raise Empty
    header = tuple(_name(cell) for cell in records[0])
    rows = tuple(
        _row(number, header, record)
        for number, record in enumerate(records[1:], start=2)
        if any(record)
    )
    return Table(header, rows)


def _decoded(raw: bytes) -> str:
    encoding = "utf-16" if raw.startswith(_UTF16) else _guessed(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise NotText from None
    if "\0" in text:
        raise NotText
    return text


def _guessed(raw: bytes) -> str:
    """UTF-8, or UTF-16 whose mark was lost: every other byte of the header is then zero."""
    head = raw[:_START]
    if head and head[::2].count(0) * 4 > len(head):
        return "utf-16-be"
    if head and head[1::2].count(0) * 4 > len(head):
        return "utf-16-le"
    return "utf-8-sig"


def _without_hint(text: str) -> tuple[str, str]:
    """Spreadsheets may write `sep=;` as a first line."""
    found = re.match(r"sep=([,;\t])\r?\n", text)
    return (text[found.end() :], found[1]) if found else (text, "")


def _separator(text: str) -> str:
    """The separator that the header has most of; names of columns contain none of them."""
    header = text.lstrip("\r\n").splitlines()[0] if text.strip() else ""
    return max(_SEPARATORS, key=header.count)


def _records(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for record in reader:
            number += 1
            if number > MOST_ROWS + 1:
                raise TooLarge(rows=MOST_ROWS)
            yield [_cell(cell) for cell in record]
    except csv.Error:
        raise BadQuotes(row=number + 1) from None


def _cell(cell: str) -> str:
    text = cell.strip().strip("\N{NO-BREAK SPACE}\N{ZERO WIDTH NO-BREAK SPACE}")
    kept = _AS_TEXT.fullmatch(text)
    return kept[1].strip() if kept else text


def _name(cell: str) -> str:
    return re.sub(r"[\s_-]+", "_", cell.strip().lower())


def _row(number: int, header: tuple[str, ...], record: list[str]) -> Row:
    cells = dict(zip(header, record, strict=False))
    return Row(number, cells, tuple(cell for cell in record[len(header) :] if cell))
