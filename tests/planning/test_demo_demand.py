"""The heat wave of the practice company: what the tour of the README promises is in the figures."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from app.demo import demand
from app.domain.planning import rules
from app.domain.planning.recommendation import Aim, Recommendation, Stock, Terms, recommend
from app.domain.planning.rules import Rate

FORTNIGHT = Rate(14, 3.5)
SEASON = Aim(0.95, 5, 0.95)


@pytest.fixture(autouse=True)
def _policies() -> None:
    """Arithmetic needs no database."""


def test_forty_air_conditioners_are_recommended() -> None:
    terms = Terms("agreement", 1, FORTNIGHT, Decimal(10), Decimal(1))
    stock = Stock(on_hand=Decimal(6), on_order=Decimal(40), coming=Decimal(40))

    assert _recommended("BA-28", terms, stock).quantity == 40


def test_five_rolls_of_pipe_are_recommended_so_that_six_need_a_reason() -> None:
    terms = Terms("agreement", 1, FORTNIGHT, Decimal(20), Decimal(20), Decimal("0.993671"))
    stock = Stock(on_hand=Decimal(388), on_order=Decimal(132), coming=Decimal("131.164572"))

    found = _recommended("CP-2-3", terms, stock, step=Decimal("0.5"))

    assert found.quantity == 100
    assert rules.changed_by(found.quantity, Decimal(120)) > Decimal("0.1")


def _recommended(
    sku: str, terms: Terms, stock: Stock, step: Decimal = Decimal(1)
) -> Recommendation:
    steps = defaultdict(lambda: Decimal(1), {sku: step})
    rows = [row.split(",") for row in demand.rows(date(2026, 6, 10), steps)]
    wanted = [
        float(row[3]) for row in rows if row[:2] == ["DAYUAN", sku] and row[5:] == ["yes", "no"]
    ]
    rate = rules.of_days(len(wanted), sum(wanted), sum(one * one for one in wanted))
    return recommend(rate, terms, stock, SEASON, step=step, asked=Decimal(0))
