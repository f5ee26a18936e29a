"""Arithmetic of agreements: breaks, packs, days that overlap."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil


def price_at(breaks: Sequence[tuple[Decimal, Decimal]], quantity: Decimal | Fraction) -> Decimal:
    """The price of the highest break reached; `breaks` rise, and below the first it holds too."""
    reached = [price for minimum, price in breaks if minimum <= quantity]
    return reached[-1] if reached else breaks[0][1]


def orderable(quantity: Decimal | Fraction, *, moq: Decimal, pack: Decimal) -> Decimal:
    """The least whole number of packs that is neither below `quantity` nor below `moq`."""
    return pack * ceil(max(Fraction(quantity), Fraction(moq)) / Fraction(pack))


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two spans of days, both ends included, share a day; no end is for ever."""
    return first[0] <= (second[1] or date.max) and second[0] <= (first[1] or date.max)
