"""Money is whole minor units: rounded once, half up, and split without losing any."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.money import Money, digits, half_up, priced, split

FIXTURES = json.loads((Path(__file__).parents[1] / "data" / "costing.json").read_text())
amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any)


def test_freight_over_four_lines_adds_up() -> None:
    case = FIXTURES["landed_split_odoo72494"]
    assert split(case["amount"], case["base"]) == case["split"]


@given(amounts, weights)
def test_parts_add_up_to_the_whole_and_are_off_by_less_than_one(
    amount: int, shares: list[int]
) -> None:
    parts = split(amount, shares)
    assert sum(parts) == amount
    for part, weight in zip(parts, shares, strict=True):
        assert abs(part - Fraction(amount * weight, sum(shares))) < 1


@given(amounts, weights)
def test_taking_an_amount_back_takes_back_every_part(amount: int, shares: list[int]) -> None:
    assert split(-amount, shares) == [-part for part in split(amount, shares)]


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1]])
def test_an_amount_needs_somewhere_to_go(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(100, shares)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("49/100", 0), ("-3/2", -2), ("7/3", 2), ("0", 0)],
)
def test_a_half_goes_away_from_zero(exact: str, rounded: int) -> None:
    assert half_up(Fraction(exact)) == rounded


def test_a_price_is_multiplied_first_and_rounded_once() -> None:
    third = priced(Decimal(3), Decimal("0.333333"), "TWD")
    assert third == Money(100, "TWD")
    rolls = priced(Decimal(50), Decimal(1850), "TWD", per=Decimal(20))
    assert rolls.amount == Decimal("4625.00")
    dollars = priced(Decimal(7), Decimal("1.23"), "TWD", rate=Decimal("31.4159265358"))
    assert dollars == Money(27049, "TWD")


def test_currencies_have_their_own_digits() -> None:
    assert [digits(code) for code in ("JPY", "TWD", "KWD")] == [0, 2, 3]
    assert priced(Decimal(1), Decimal("12.5"), "JPY") == Money(13, "JPY")


def test_two_currencies_never_meet() -> None:
    assert Money(1, "TWD") + Money(2, "TWD") - Money(4, "TWD") == -Money(1, "TWD")
    with pytest.raises(ValueError, match="USD is not TWD"):
        _ = Money(1, "TWD") + Money(1, "USD")
