"""What the practice company bought in ninety days: from whom, how much, and what went wrong."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import resources
from random import Random

FIRST_DAY, LAST_DAY = 88, 9
_A_DAY = {"sat": 2, "sun": 0}
_USUAL = 5
_SHARES = {"YONGGU": 8, "HONGSHENG": 5, "JINGYUAN": 4, "BOREA": 3}
# What goes wrong with the deliveries of each, and how often in a hundred.
_FAULTS = {"HONGSHENG": ("short", 26), "JINGYUAN": ("bad", 30), "YONGGU": ("late", 6)}
# Today's plan rests on what is there of these, so it stays what the README says.
_LEFT_OUT = {"BA-28", "CP-2-3", "BA-22", "RH-90", "R32-10"}
# A return is credited after a fortnight, so what was bought later has no fault of that kind.
_CREDITED_AFTER = 17


@dataclass(frozen=True)
class Article:
    """A SKU as its supplier sells it: `per` stock units cost `price`."""

    sku: str
    policy: str
    per: int
    price: Decimal
    least: int


@dataclass(frozen=True)
class Row:
    """So many stock units of an article."""

    article: Article
    quantity: int

    @property
    def price(self) -> Decimal:
        return self.article.price * self.quantity / self.article.per


@dataclass(frozen=True)
class Deal:
    """One purchase; everything about it follows from its number and its day."""

    number: int
    days_ago: int
    supplier: str
    rows: tuple[Row, ...]
    fault: str

    @property
    def notice(self) -> str:
        """The number the supplier gives the shipment."""
        return f"{_PREFIX[self.supplier]}-{20_000 + self.number}"

    def minute(self, hour: int) -> str:
        """A time within the hour, the same whenever it is asked for."""
        return f"{hour:02}:{(self.number * 7 + hour * 3) % 50 + 5:02}"


_PREFIX = {"BOREA": "B", "HONGSHENG": "HS", "JINGYUAN": "JY", "YONGGU": "YG"}


def deals(today: date, *, first_day: int = FIRST_DAY) -> Iterator[Deal]:
    """Everything that was bought, day by day; less at weekends."""
    number = 0
    for ago in range(first_day, LAST_DAY - 1, -1):
        weekday = (today - timedelta(days=ago)).strftime("%a").lower()
        for _ in range(_A_DAY.get(weekday, _USUAL)):
            number += 1
            yield _deal(number, ago)


def article(supplier: str, sku: str) -> Article:
    """One article of a supplier."""
    return next(each for each in articles()[supplier] if each.sku == sku)


@cache
def articles() -> dict[str, list[Article]]:
    """What each supplier sells by agreement, at the price of its least quantity."""
    found: dict[str, list[Article]] = {supplier: [] for supplier in _SHARES}
    products = {row["sku"]: row for row in _file("products")}
    for row in _file("agreements"):
        if row["min_quantity"] == "1":
            found[row["supplier"]].append(_article(row, products[row["sku"]]))
    return found


def _article(row: dict[str, str], product: dict[str, str]) -> Article:
    unit, _, per = product["conversions"].partition("=")
    size = int(per) if row["unit"] and row["unit"] == unit else 1
    return Article(
        row["sku"], product["serial_policy"], size, Decimal(row["unit_price"]), int(row["moq"])
    )


def _deal(number: int, days_ago: int) -> Deal:
    dice = Random(f"deal {number}")  # noqa: S311 - the same practice data for everybody
    supplier = dice.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
    fault, percent = _FAULTS.get(supplier, ("", 0))
    is_faulty = dice.randrange(100) < percent and days_ago >= _CREDITED_AFTER
    goods = [each for each in articles()[supplier] if each.sku not in _LEFT_OUT]
    rows = tuple(_row(each, dice) for each in dice.sample(goods, dice.choice((1, 1, 1, 2))))
    return Deal(number, days_ago, supplier, rows, fault if is_faulty and _can(fault, rows) else "")


def _row(of: Article, dice: Random) -> Row:
    many = dice.choice((1, 1, 2, 2, 3)) * of.least
    return Row(of, many * of.per)


def _can(fault: str, rows: Sequence[Row]) -> bool:
    """Units with codes are not counted short or found bad here: their codes tell a story each."""
    return fault == "late" or (rows[0].article.policy != "unit" and rows[0].quantity > 1)


def _file(kind: str) -> list[dict[str, str]]:
    text = resources.files("app.demo").joinpath(f"data/{kind}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
