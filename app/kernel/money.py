"""Money: whole minor units of one currency, rounded once, and split without losing any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Dialect, TypeDecorator

from app.kernel.errors import N_, Refusal

# ISO 4217, where it is not two.
_DIGITS: Mapping[str, int] = MappingProxyType(
    {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}
)
_RATE_SCALE = 10**10


@dataclass(frozen=True)
class Money:
    """`minor` units (cents) of `currency`; two currencies never meet without a rate."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    @property
    def amount(self) -> Decimal:
        """In whole units, with exactly the digits the currency has."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def split(self, weights: Sequence[Decimal | int]) -> list["Money"]:
        return [Money(part, self.currency) for part in split(self.minor, weights)]

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} is not {self.currency}: convert it first")
        return other.minor


class Minor(TypeDecorator[int]):
    """Minor units; their sums come back as whole numbers from every database."""

    impl = BigInteger
    cache_ok = True

    def process_result_value(self, value: Any, _: Dialect) -> int | None:
        return None if value is None else int(value)


class Rate(TypeDecorator[Decimal]):
    """An exchange rate, exact to ten places."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, _: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Fraction(value) * _RATE_SCALE
        if scaled.denominator != 1:
            raise ValueError(f"{value} has more than ten decimal places")
        return int(scaled)

    def process_result_value(self, value: Any, _: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)) / _RATE_SCALE


class TooManyDecimals(Refusal):
    """Money is counted in the smallest unit of its currency."""

    code = "too_many_decimals"
    message = N_("{amount} {currency} has more decimals than the currency.")


def of(amount: Decimal, currency: str) -> Money:
    """An amount as somebody wrote it down.

    Raises:
        TooManyDecimals: it is finer than the currency.
    """
    minor = amount.scaleb(digits(currency))
    if minor != minor.to_integral_value():
        raise TooManyDecimals(amount=amount, currency=currency)
    return Money(int(minor), currency)


def digits(currency: str) -> int:
    """How many decimal places the currency's minor unit has."""
    return _DIGITS.get(currency, 2)


def priced(
    quantity: Decimal,
    unit_price: Decimal,
    currency: str,
    *,
    rate: Decimal | int = 1,
    per: Decimal | int = 1,
) -> Money:
    """The price of `quantity` in `currency`, rounded once, when `per` of it cost `unit_price`.

    `rate` is how much of `currency` one unit of the price's own currency is.
    """
    exact = Fraction(quantity) * Fraction(unit_price) * Fraction(rate) / Fraction(per)
    return Money(half_up(exact * 10 ** digits(currency)), currency)


def half_up(exact: Fraction) -> int:
    """The nearest whole number; a half goes away from zero, so that −x rounds to −round(x)."""
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size


def split(amount: int, weights: Sequence[Decimal | int]) -> list[int]:
    """`amount` in proportion to `weights`, by largest remainder: the parts add up to it."""
    total = sum(Fraction(weight) for weight in weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights are not below zero, and one is above")
    shares = [abs(amount) * Fraction(weight) / total for weight in weights]
    parts = [int(share) for share in shares]
    order = sorted(range(len(shares)), key=lambda at: (parts[at] - shares[at], at))
    for at in order[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]
