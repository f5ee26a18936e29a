"""What the practice company bought: enough of it, from everybody, and as they sell it."""

from collections import Counter
from datetime import date, timedelta

import pytest

from app.demo import deals

TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def _policies() -> None:
    """Arithmetic needs no database."""


@pytest.mark.parametrize("weekday", range(7))
def test_about_three_hundred_purchases_whatever_the_day_is(weekday: int) -> None:
    bought = list(deals.deals(TODAY + timedelta(days=weekday)))

    assert 290 <= len(bought) <= 320
    assert len({each.notice for each in bought}) == len(bought)
    assert bought == list(deals.deals(TODAY + timedelta(days=weekday)))


def test_each_supplier_has_the_fault_they_are_known_for() -> None:
    faults = Counter((each.supplier, each.fault) for each in deals.deals(TODAY))

    assert faults["HONGSHENG", "short"] >= 10
    assert faults["JINGYUAN", "bad"] >= 8
    assert faults["BOREA", ""] >= 30
    assert {fault for supplier, fault in faults if supplier == "BOREA"} == {""}


def test_quantities_are_whole_packs_of_what_is_agreed() -> None:
    for each in deals.deals(TODAY):
        for row in each.rows:
            assert row.quantity % (row.article.per * row.article.least) == 0
            assert row.price > 0


def test_what_today_s_plan_rests_on_is_not_bought() -> None:
    skus = {row.article.sku for each in deals.deals(TODAY) for row in each.rows}

    assert not {"BA-28", "CP-2-3", "BA-22", "RH-90"} & skus
    assert len(skus) > 45
