"""What was due is all that counts: what never came, came late or was bad lowers a record."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.sourcing import measures
from app.domain.sourcing.measures import Came, DueLine, Wait

DUE = date(2026, 6, 10)


def line(ordered: int, *came: tuple[int, int], bad: int = 0) -> tuple[DueLine, float]:
    """A line due on the tenth; `came` are days after it and units, the first with `bad` ones."""
    arrivals = [
        Came(DUE + timedelta(days=days), Decimal(units), Decimal(units - (0 if at else bad)))
        for at, (days, units) in enumerate(came)
    ]
    return DueLine([(DUE, Decimal(ordered))], arrivals), 1.0


def test_the_published_example_of_a_fill_rate() -> None:
    """Ordered 100, 450, 230, 1,000, 350; shipped 75, 450, 210, 800, 350: 88.5 %."""
    lines = [
        line(100, (0, 75)),
        line(450, (0, 450)),
        line(230, (0, 210)),
        line(1000, (0, 800)),
        line(350, (0, 350)),
    ]

    found = measures.fill_rate(lines, grace_days=0)

    assert (found.part, found.whole) == (1885, 2130)
    assert found.rate == pytest.approx(0.885, abs=0.0001)


def test_a_line_that_never_came_counts_as_due() -> None:
    lines = [line(100, (0, 100)), line(100)]

    for found in (
        measures.fill_rate(lines, grace_days=0),
        measures.on_time_rate(lines),
        measures.in_full_rate(lines),
    ):
        assert found.rate == 0.5


def test_more_than_ordered_on_one_line_does_not_make_up_for_another() -> None:
    lines = [line(100, (0, 150)), line(100, (0, 50))]

    assert measures.fill_rate(lines, grace_days=0).rate == 0.75
    assert measures.on_time_rate(lines).rate == 0.75


def test_grace_fills_and_does_not_make_punctual() -> None:
    late = [line(100, (1, 100))]

    assert measures.fill_rate(late, grace_days=1).rate == 1
    assert measures.fill_rate(late, grace_days=0).rate == 0
    assert measures.on_time_rate(late).rate == 0


def test_two_halves_in_time_are_in_time() -> None:
    assert measures.on_time_rate([line(100, (-3, 50), (0, 50))]).rate == 1
    assert measures.in_full_rate([line(100, (-3, 50), (0, 50))]).rate == 1


def test_bad_goods_are_punctual_and_fill_nothing() -> None:
    lines = [line(100, (0, 100), bad=10)]

    assert measures.on_time_rate(lines).rate == 1
    assert measures.fill_rate(lines, grace_days=0).rate == 0.9
    assert measures.in_full_rate(lines).rate == 0


def test_each_promised_part_is_met_by_its_own_day() -> None:
    parts = [(DUE, Decimal(60)), (DUE + timedelta(days=7), Decimal(40))]
    arrivals = [Came(DUE + timedelta(days=3), Decimal(100), Decimal(100))]

    found = measures.on_time_rate([(DueLine(parts, arrivals), 1.0)])

    assert (found.part, found.whole) == (40, 100)


def test_a_line_weighs_half_as_much_after_its_half_life() -> None:
    weights = [
        measures.weight(DUE, DUE + timedelta(days=days), half_life_days=90) for days in (0, 90, 180)
    ]

    assert weights == [1, 0.5, 0.25]
    old, new = (line(100)[0], 0.5), (line(100, (0, 100))[0], 1.0)
    assert measures.fill_rate([old, new], grace_days=0).rate == pytest.approx(2 / 3)


def test_nothing_due_has_no_rate() -> None:
    assert measures.fill_rate([], grace_days=0).rate is None


def test_lead_times_without_open_goods_are_plain_quantiles() -> None:
    waits = [Wait(days, 1, ended=True) for days in range(1, 11)]

    assert measures.lead_days(waits, 0.5) == 5
    assert measures.lead_days(waits, 0.9) == 9


def test_open_goods_lengthen_lead_times_as_kaplan_and_meier_count() -> None:
    """By hand: 10 at risk, 6 end on day 5 (S .4); 2 leave; 2 at risk, 1 ends on day 20 (S .2)."""
    waits = [
        Wait(5, 6, ended=True),
        Wait(8, 2, ended=False),
        Wait(20, 1, ended=True),
        Wait(30, 1, ended=False),
    ]

    assert measures.lead_days(waits, 0.5) == 5
    assert measures.lead_days(waits, 0.8) == 20
    assert measures.lead_days(waits, 0.9) is None


def test_goods_that_were_never_released_have_no_lead_time() -> None:
    assert measures.lead_days([Wait(40, 3, ended=False)], 0.5) is None
    assert measures.lead_days([], 0.5) is None
