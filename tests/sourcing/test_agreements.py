"""What a supplier agreed to holds for its days, one agreement at a time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.domain.catalog.skus import NotAWholeStep
from app.domain.sourcing import agreeing, agreements, rules
from app.domain.sourcing.agreeing import Terms
from app.domain.sourcing.errors import BreakTwice, EndedAlready, NoBreaks, NoCurrency, Overlap
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku

JANUARY, JUNE, DECEMBER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 12, 31)


@pytest.fixture
def pipe(app: Flask) -> Sku:
    """Kept in metres, bought in rolls of 20."""
    return in_transaction(lambda: a_sku("PIPE", unit="m", units={"roll": 20}))


@pytest.fixture
def borea(app: Flask) -> Supplier:
    return in_transaction(lambda: suppliers.add("BOREA", name="Borea"))


@pytest.fixture
def terms(pipe: Sku) -> Terms:
    """Rolls at 1,850, from 5 on at 1,700; in pairs, four at least."""
    breaks = [(Decimal(5), Decimal(1700)), (Decimal(1), Decimal(1850))]
    pairs = {"moq": Decimal(4), "pack": Decimal(2)}
    return Terms(pipe, "roll", "TWD", JANUARY, JUNE, breaks, lead_days=7, **pairs)


def test_the_break_that_is_reached_sets_the_price(borea: Supplier, terms: Terms) -> None:
    agreed = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))

    assert [agreed.unit_price(Decimal(n)) for n in (1, 4, 5, 9)] == [1850, 1850, 1700, 1700]


def test_stock_units_are_priced_and_ordered_by_the_roll(borea: Supplier, terms: Terms) -> None:
    agreed = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))

    assert (agreed.priced_for, agreed.unit) == (Decimal(20), "roll")
    assert [agreed.price_of(Decimal(metres)) for metres in (99, 100)] == [1850, 1700]
    assert [agreed.orderable(Decimal(metres)) for metres in (1, 80, 81)] == [80, 80, 120]


def test_an_agreement_holds_from_its_first_day_to_its_last(
    borea: Supplier, terms: Terms, pipe: Sku
) -> None:
    agreed = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))
    found = [
        agreements.in_force(borea.id, pipe.id, day)
        for day in (date(2025, 12, 31), JANUARY, JUNE, date(2026, 7, 1))
    ]

    assert found == [None, agreed, agreed, None]


def test_two_agreements_never_hold_on_one_day(borea: Supplier, terms: Terms) -> None:
    in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))
    again = replace(terms, valid_from=JUNE, valid_to=None)

    with pytest.raises(Overlap, match="Borea has an agreement for PIPE from 2026-01-01"):
        in_transaction(lambda: agreeing.agree(borea, again, by="chloe"))


def test_another_supplier_agrees_for_the_same_days(
    borea: Supplier, terms: Terms, pipe: Sku
) -> None:
    other = in_transaction(lambda: suppliers.add("HONGSHENG", name="Hongsheng"))
    agreed = [
        in_transaction(partial(agreeing.agree, each, terms, by="chloe")) for each in (borea, other)
    ]

    assert [agreements.in_force(each.id, pipe.id, JUNE) for each in (borea, other)] == agreed


def test_what_is_replaced_ends_the_day_before(borea: Supplier, terms: Terms, pipe: Sku) -> None:
    old = in_transaction(lambda: agreeing.agree(borea, replace(terms, valid_to=None), by="chloe"))
    dearer = replace(
        terms, valid_from=JUNE, breaks=[(Decimal(1), Decimal(2000))], valid_to=DECEMBER
    )
    new = in_transaction(
        lambda: agreeing.replace(borea, dearer, by="chloe", reason="Copper is dearer")
    )

    assert agreements.in_force(borea.id, pipe.id, date(2026, 6, 29)) == old
    assert agreements.in_force(borea.id, pipe.id, JUNE) == new
    assert old.last_day == date(2026, 6, 29)


def test_an_agreement_that_shall_never_hold_leaves_its_days_free(
    borea: Supplier, terms: Terms, pipe: Sku
) -> None:
    wrong = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))
    eve = date(2025, 12, 31)
    in_transaction(lambda: agreeing.end(wrong, eve, reason="Typed wrongly", by="chloe"))
    right = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))

    assert agreements.in_force(borea.id, pipe.id, JANUARY) == right


def test_an_agreement_ends_once_and_never_later(borea: Supplier, terms: Terms) -> None:
    agreed = in_transaction(lambda: agreeing.agree(borea, terms, by="chloe"))

    with pytest.raises(EndedAlready, match="2026-06-30"):
        in_transaction(lambda: agreeing.end(agreed, DECEMBER, reason="Longer", by="chloe"))


def test_terms_that_say_too_little_are_refused(borea: Supplier, terms: Terms) -> None:
    twice = [(Decimal(1), Decimal(2)), (Decimal(1), Decimal(3))]
    for wrong, refusal in (
        (replace(terms, breaks=[]), NoBreaks),
        (replace(terms, breaks=twice), BreakTwice),
        (replace(terms, currency="NT$"), NoCurrency),
        (replace(terms, pack=Decimal("0.01")), NotAWholeStep),
    ):
        with pytest.raises(refusal):
            in_transaction(partial(agreeing.agree, borea, wrong, by="chloe"))


def test_days_overlap_when_they_share_one() -> None:
    first = (JANUARY, JUNE)

    assert rules.overlap(first, (JUNE, None))
    assert not rules.overlap(first, (date(2026, 7, 1), None))
    assert rules.overlap((JANUARY, None), (DECEMBER, DECEMBER))
