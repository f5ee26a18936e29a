"""Arithmetic of units: exact ratios, never a rounded quantity."""

from decimal import Decimal
from fractions import Fraction

LARGEST = Decimal(1_000_000_000)


def converted(quantity: Decimal, num: int, den: int) -> Decimal | None:
    """`quantity` × num/den, or None when six decimal places cannot hold it exactly."""
    exact = Fraction(quantity) * num / den
    millionths = exact * 1_000_000
    if millionths.denominator != 1:
        return None
    return Decimal(int(millionths)).scaleb(-6)


def is_multiple(quantity: Decimal, step: Decimal) -> bool:
    """Whether `quantity` is a whole number of steps."""
    return Fraction(quantity) % Fraction(step) == 0


def whole_steps(quantity: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` not above `quantity`."""
    return step * int(Fraction(quantity) // Fraction(step))


def plain(quantity: Decimal) -> str:
    """`quantity` as a person writes it: no exponent, no trailing zeros."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
