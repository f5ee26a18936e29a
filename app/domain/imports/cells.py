"""Reading the cells of one row: each comes back as a value, or as a problem with what to do."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from app.domain.catalog.rules import LARGEST
from app.domain.imports.table import Row
from app.kernel.errors import N_, Refusal

T = TypeVar("T")
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?")
_RATIO = re.compile(r"(\d{1,9})(?:/(\d{1,9}))?")
_FORMULA = re.compile(r"[=@]|[+-].*[()!|]")
# What a spreadsheet makes of a long code that it took for a number.
_MANGLED = re.compile(r"\d(\.\d+)?E\+\d+", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YES = {"yes", "y", "true", "1", "是"}
_NO = {"no", "n", "false", "0", "", "否"}
LONGEST = 200
LONGEST_CODE = 60


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row, as a sentence that says what to do; `column` may be empty."""

    row: int
    column: str
    message: str
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.message.format(**self.facts)


@dataclass
class Report:
    """Every problem of a file, in the order of its rows."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, row: Row, column: str, message: str, /, **facts: object) -> None:
        self.problems.append(Problem(row.number, column, message, facts))

    def refused(self, row: Row, column: str, refusal: Refusal) -> None:
        """A refusal of the domain is a problem of the row."""
        self.add(row, column, refusal.message, **refusal.facts)


@dataclass(frozen=True)
class Cells:
    """One row, read with an eye on what can go wrong in it."""

    row: Row
    report: Report

    def text(self, column: str, *, required: bool = False, longest: int = LONGEST) -> str:
        """A cell of plain text; formulas are not text."""
        text = self.row.cells.get(column, "")
        if not text and required:
            self._problem(column, N_("Fill in {column}."), column=column)
        if len(text) > longest:
            self._problem(
                column, N_("Shorten {column} to {n} characters."), column=column, n=longest
            )
            return ""
        if _FORMULA.match(text):
            message = N_("{text} looks like a spreadsheet formula. Type its value instead.")
            self._problem(column, message, text=text)
            return ""
        return text

    def code(self, column: str, *, required: bool = True) -> str:
        """A code: one word, and not what a spreadsheet made of it."""
        text = unicodedata.normalize("NFKC", self.text(column, required=required))
        if _MANGLED.fullmatch(text):
            message = N_("{text} was a long code. Format the column as text and type it again.")
            self._problem(column, message, text=text)
        elif len(text) > LONGEST_CODE or re.search(r"\s", text) or not text.isprintable():
            message = N_("Write {column} as one word of at most {n} characters.")
            self._problem(column, message, column=column, n=LONGEST_CODE)
        else:
            return text
        return ""

    def known(self, column: str, among: Mapping[str, T], message: str) -> T | None:
        """What the code in the cell stands for; `message` says what to do when for nothing."""
        code = self.code(column)
        if code and code not in among:
            self._problem(column, message, code=code)
        return among.get(code)

    def codes(self, column: str) -> tuple[str, ...]:
        """Several codes in one cell, with spaces, commas or line breaks between them."""
        words = re.split(r"[\s,;|]+", self.text(column, longest=100_000))
        found = tuple(unicodedata.normalize("NFKC", word) for word in words if word)
        doubles = sorted({code for code in found if found.count(code) > 1})
        if doubles:
            message = N_("{code} stands twice in this cell. Every unit has a code of its own.")
            self._problem(column, message, code=doubles[0])
        if any(len(code) > LONGEST_CODE for code in found):
            self._problem(column, N_("Put a space between the codes in {column}."), column=column)
        return found

    def quantity(self, column: str, *, required: bool = True) -> Decimal | None:
        """A number above zero, to six decimal places; one way to write it."""
        text = unicodedata.normalize("NFKC", self.text(column, required=required))
        if not text:
            return None
        value = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
        if 0 < value <= LARGEST:
            return value
        message = N_("{text} is not a quantity. Write it like 1200 or 0.5, without separators.")
        self._problem(column, message, text=text)
        return None

    def whole(self, column: str, *, default: int | None = None) -> int | None:
        """A whole number from 1, or `default` for an empty cell."""
        text = unicodedata.normalize("NFKC", self.text(column, required=default is None))
        if not text:
            return default
        if re.fullmatch(r"[1-9]\d{0,8}", text):
            return int(text)
        self._problem(column, N_("{text} is not a whole number. Write it like 12."), text=text)
        return None

    def ratio(self, column: str, text: str) -> Fraction | None:
        """A conversion: 20, or 1/3."""
        found = _RATIO.fullmatch(text.strip())
        if found and int(found[1]) and int(found[2] or 1):
            return Fraction(int(found[1]), int(found[2] or 1))
        self._problem(column, N_("{text} is not a ratio. Write it like 20 or 1/3."), text=text)
        return None

    def choice(self, column: str, choices: Sequence[str], *, default: str) -> str:
        """One of a few words."""
        text = self.text(column).lower() or default
        if text in choices:
            return text
        message = N_("{text} is not possible in {column}. Choose one of {choices}.")
        self._problem(column, message, text=text, column=column, choices=", ".join(choices))
        return default

    def yes(self, column: str) -> bool:
        """Yes or no; empty is no."""
        text = self.text(column).lower()
        if text not in _YES | _NO:
            self._problem(column, N_("Write yes or no in {column}."), column=column)
        return text in _YES

    def day(self, column: str, *, required: bool = False) -> date | None:
        """A day written year first, so that no country reads it differently."""
        text = unicodedata.normalize("NFKC", self.text(column, required=required))
        if not text:
            return None
        found = _DAY.fullmatch(text)
        try:
            if found:
                return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
        message = N_("{text} is not a day. Write it like 2026-06-30: year, month, day.")
        self._problem(column, message, text=text)
        return None

    def _problem(self, column: str, message: str, /, **facts: object) -> None:
        self.report.add(self.row, column, message, **facts)
