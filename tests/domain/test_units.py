"""Quantities are exact ratios of units, or refused; nothing is ever rounded."""

from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.domain import numbers
from app.domain.catalog import rules, skus
from app.domain.catalog.products import Sku
from app.domain.catalog.skus import NotAWholeStep, UnknownSku, UnknownUnit
from app.domain.numbers import NoSuchDocument
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku

millionths = st.integers(1, 10**12).map(lambda n: Decimal(n).scaleb(-6))
ratios = st.integers(1, 10_000)


@given(millionths, ratios, ratios)
def test_a_conversion_is_exact_or_there_is_none(quantity: Decimal, num: int, den: int) -> None:
    exact = Fraction(quantity) * num / den
    converted = rules.converted(quantity, num, den)
    if converted is None:
        assert (exact * 1_000_000).denominator != 1
    else:
        assert Fraction(converted) == exact


@given(millionths, millionths)
def test_whole_steps_are_the_largest_multiple_that_fits(quantity: Decimal, step: Decimal) -> None:
    whole = rules.whole_steps(quantity, step)
    assert rules.is_multiple(whole, step)
    assert whole <= quantity < whole + step


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("0.50", "0.5"), ("40", "40"), ("0", "0"), ("1200.000", "1200")],
)
def test_quantities_are_written_as_people_write_them(value: str, text: str) -> None:
    assert rules.plain(Decimal(value)) == text


def _pipe() -> Sku:
    step, units = Decimal("0.5"), {"roll": 20}
    return in_transaction(lambda: a_sku("PIPE", unit="m", step=step, units=units))


def test_a_roll_of_pipe_is_twenty_metres(app: Flask) -> None:
    pipe = _pipe()

    assert skus.in_stock_units(pipe, Decimal("1.5"), "roll") == 30
    assert skus.in_stock_units(pipe, Decimal("0.5")) == Decimal("0.5")


def test_what_is_finer_than_the_step_is_refused(app: Flask) -> None:
    pipe = _pipe()

    with pytest.raises(
        NotAWholeStep, match=r"0\.3 m of PIPE cannot be counted: .* steps of 0\.5 m"
    ):
        skus.in_stock_units(pipe, Decimal("0.3"))
    with pytest.raises(UnknownUnit, match="PIPE is counted in m, roll, not in box"):
        skus.in_stock_units(pipe, Decimal(1), "box")


def test_a_sku_is_found_by_its_code_or_its_barcode(app: Flask) -> None:
    flour = in_transaction(lambda: a_sku(barcode="4710000000017"))

    assert skus.scanned(" 4710000000017 ") is flour
    assert skus.by_code("FLOUR") is flour
    with pytest.raises(UnknownSku, match="no SKU or barcode MILK"):
        skus.scanned("MILK")


def test_document_numbers_lead_back_to_their_rows() -> None:
    assert numbers.row_id("R", numbers.number("R", 12)) == 12
    assert numbers.row_id("R", " r-12 ") == 12
    for wrong in ("R-", "12", "PA-000012", "R-１２", "R--1", "R-1e3", "R-" + "9" * 40, ""):
        with pytest.raises(NoSuchDocument):
            numbers.row_id("R", wrong)
