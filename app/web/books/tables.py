"""One list, shown on a page and given as a file: both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from babel import numbers
from flask_babel import get_locale

from app.domain.finance.company import as_shown, ours
from app.kernel.money import Money, digits
from app.web import words
from app.web.files.sheets import Sheet, Value


@dataclass(frozen=True)
class Cell:
    """What a page shows, what a file says, and where it leads; a whole one never breaks."""

    shown: str
    kept: Value
    address: str | None = None
    is_number: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class Table:
    """A list with its columns; `total` is a last row that is more than one of them."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = field(default=())

    def as_sheet(self) -> Sheet:
        """The same list as a file."""
        rows = [*self.rows, self.total] if self.total else self.rows
        return Sheet(self.name, self.columns, [[one.kept for one in row] for row in rows])

    @property
    def is_numeric(self) -> list[bool]:
        """Which columns stand to the right."""
        first = next(iter(self.rows), self.total)
        return [cell.is_number for cell in first] or [False] * len(self.columns)


NOTHING = Cell("", "")


def word(text: str | None, address: str | None = None) -> Cell:
    """Words, perhaps leading somewhere."""
    return Cell(text or "", text or "", address)


def money(minor: int | None, currency: str | None = None, address: str | None = None) -> Cell:
    """An amount, in our currency when none is named; a file has every digit of it."""
    if minor is None:
        return Cell("", None, is_number=True)
    amount = Money(minor, currency or ours().currency)
    return Cell(_grouped(as_shown(amount)), amount.amount, address, is_number=True)


def part_of_money(exact: Fraction) -> Cell:
    """A part of an amount: shown to the cent, as others are; a file has two digits more."""
    currency = ours().currency
    shown = as_shown(Money(round(exact), currency))
    return Cell(_grouped(shown), _rounded(exact, digits(currency) + 2), is_number=True)


def unit_cost(exact: Fraction) -> Cell:
    """What one of them costs, to two decimals more than the company shows of amounts."""
    amount = _rounded(exact, ours().display_digits + 2)
    return Cell(_grouped(amount), amount, is_number=True)


def quantity(value: Decimal | None, address: str | None = None) -> Cell:
    """A quantity with no digit lost."""
    if value is None:
        return Cell("", None, is_number=True)
    return Cell(words.quantity(value), value, address, is_number=True)


def share(part: Fraction) -> Cell:
    """A part of a whole in percent, to two places; its file says it exactly."""
    percent = f"{float(part) * 100:.2f} %"
    return Cell(percent, f"{part.numerator}/{part.denominator}", is_number=True)


def day(value: date | None) -> Cell:
    """A day of the books."""
    return Cell(words.shown(value), value, is_whole=True)


def month(code: str) -> Cell:
    """A month of the books."""
    return Cell(words.month(code), code, is_whole=True)


def moment(value: datetime | None) -> Cell:
    """An instant."""
    return Cell(words.moment(value), value, is_whole=True)


def _rounded(exact: Fraction, places: int) -> Decimal:
    """`exact`, which is a part of a minor unit, in whole units of the currency."""
    minor_digits = digits(ours().currency)
    return Decimal(round(exact * Fraction(10) ** (places - minor_digits))).scaleb(-places)


def _grouped(amount: Decimal) -> str:
    return str(numbers.format_decimal(amount, _pattern(amount), locale=get_locale()))


def _pattern(amount: Decimal) -> str:
    exponent = amount.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return "#,##0" + ("." + "0" * places if places else "")
