"""The simple rule equals the published figures, and keeps its word for any figures."""

import json
import math
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.domain.planning import rules
from app.domain.planning.recommendation import Aim, Recommendation, Stock, Terms, recommend
from app.domain.planning.rules import Rate

FIXTURES = json.loads((ROOT / "tests/data/planning.json").read_bytes())
ROP, YIELD = FIXTURES["rop"], FIXTURES["yield_min_q_p95"]
FIFTY, SIX = Rate(ROP["d"], ROP["sd"]), Rate(ROP["L"], ROP["sL"])
STEPS = (Decimal(1), Decimal("0.5"), Decimal("0.001"))
amounts = st.decimals(min_value=0, max_value=10_000, places=0)


def test_the_reorder_point_equals_the_published_one() -> None:
    z = rules.factor(0.90)

    assert rules.spread(FIFTY, SIX) == pytest.approx(ROP["sigma"], abs=1e-9)
    assert rules.safety_stock(z, ROP["sigma"]) == pytest.approx(ROP["SS90"], abs=1e-9)
    assert rules.reorder_point(FIFTY, SIX, z) == pytest.approx(ROP["ROP"], abs=1e-9)


@pytest.mark.parametrize("good_rate", ["0.99", "0.95", "0.90"])
def test_the_yield_equals_the_published_one(good_rate: str) -> None:
    found = rules.with_yield(YIELD["D"], float(good_rate), confidence=0.95)

    assert found == YIELD[good_rate]


def test_demand_of_sums_is_demand_of_days() -> None:
    days = [40, 60, 50, 0, 55]

    found = rules.of_days(len(days), sum(days), sum(day * day for day in days))

    assert found.mean == 41
    assert found.sd == pytest.approx(24.083189, abs=1e-6)


@pytest.mark.parametrize(("days", "total"), [(0, 0.0), (1, 7.0)])
def test_too_few_days_have_no_spread(days: int, total: float) -> None:
    assert rules.of_days(days, total, total * total) == Rate(total, 0.0)


@pytest.mark.parametrize(
    ("quantity", "moq", "pack", "ordered"),
    [
        ("86", "20", "20", "100"),
        ("100", "20", "20", "100"),
        ("3", "50", "20", "60"),
        ("7", "1", "0.5", "7"),
    ],
)
def test_orders_are_whole_packs_and_not_below_the_least(
    quantity: str, moq: str, pack: str, ordered: str
) -> None:
    found = rules.in_packs(Decimal(quantity), moq=Decimal(moq), pack=Decimal(pack))

    assert found == Decimal(ordered)


@given(
    need=st.integers(0, 400),
    good_rate=st.floats(0.5, 1, allow_nan=False),
    confidence=st.sampled_from([0.5, 0.8, 0.95, 0.99]),
)
def test_enough_is_good_with_the_wanted_confidence_and_one_less_is_not(
    need: int, good_rate: float, confidence: float
) -> None:
    found = rules.with_yield(need, good_rate, confidence=confidence)

    assert _at_least(need, found, good_rate) >= confidence - 1e-9
    assert found == need or _at_least(need, found - 1, good_rate) < confidence + 1e-9


@given(
    daily=st.tuples(st.floats(0, 500), st.floats(0, 300)),
    lead=st.tuples(st.floats(0, 60), st.floats(0, 20)),
    stocks=st.tuples(amounts, amounts, amounts),
    asked=st.sampled_from([Decimal(0), Decimal(3), Decimal(40)]),
    units=st.tuples(st.sampled_from(STEPS), st.integers(1, 50), st.integers(1, 50)),
    service=st.sampled_from([0.5, 0.9, 0.95, 0.999]),
)
def test_a_recommendation_keeps_its_word(
    daily: tuple[float, float],
    lead: tuple[float, float],
    stocks: tuple[Decimal, Decimal, Decimal],
    asked: Decimal,
    units: tuple[Decimal, int, int],
    service: float,
) -> None:
    step, moq, pack = units
    on_hand, coming, reserved = stocks
    terms = Terms("defaults", 1, Rate(*lead), moq * step, pack * step)
    stock = Stock(on_hand=on_hand, on_order=coming, coming=coming, reserved=reserved)
    aim = Aim(service, 14, 0.95)

    found = recommend(Rate(*daily), terms, stock, aim, step=step, asked=asked)

    assert found.position == on_hand + coming - reserved
    _check_quantity(found, terms, step=step, asked=asked)


def _check_quantity(found: Recommendation, terms: Terms, *, step: Decimal, asked: Decimal) -> None:
    """Nothing above the reorder point; else up to S, in whole packs, and no pack too many."""
    if found.position > found.reorder_point and not asked:
        assert found.quantity == 0
        return
    if found.position <= found.reorder_point:
        assert found.need >= found.order_up_to - found.position
    assert Fraction(found.need) % Fraction(step) == 0
    assert found.need >= asked
    assert found.quantity % terms.pack == 0
    if found.quantity:
        assert found.quantity >= max(terms.moq, found.with_yield)
        assert found.quantity - terms.pack < max(terms.moq, found.with_yield)


def test_a_worse_supplier_is_ordered_more_from() -> None:
    terms = [
        Terms("agreement", 1, SIX, Decimal(1), Decimal(1), Decimal(rate)) for rate in ("1", "0.9")
    ]

    good, bad = (
        recommend(FIFTY, one, Stock(), Aim(0.9, 14, 0.95), step=Decimal(1), asked=Decimal(0))
        for one in terms
    )

    assert good.quantity == good.need == math.ceil(ROP["ROP"] + 50 * 14)
    assert bad.need == good.need
    assert bad.quantity > Decimal(good.need) / Decimal("0.9")


def _at_least(need: int, ordered: int, good_rate: float) -> float:
    """The binomial tail, term after term from the other end."""
    if ordered < need:
        return 0.0
    return math.fsum(
        math.comb(ordered, k) * good_rate**k * (1 - good_rate) ** (ordered - k)
        for k in range(need, ordered + 1)
    )


def test_the_service_meant_is_that_of_a_cycle() -> None:
    z = rules.factor(0.95)

    assert NormalDist().cdf(z) == pytest.approx(0.95)
