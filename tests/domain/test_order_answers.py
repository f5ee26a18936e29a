"""Reading a supplier's answer: parts on days, and where it differs from what we offered."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sourcing import answers
from app.domain.sourcing.answers import Answer, DayMissing, DayPassed, Offer, PartsExceed
from app.domain.supply.promises import Promised

EARLY, LATE = date(2026, 6, 10), date(2026, 7, 10)
OFFER = Offer(1, "FLOUR", Decimal(40), Decimal(10), date(2026, 7, 1))
quantities = st.integers(0, 50).map(Decimal)


@given(quantities, st.lists(st.tuples(st.sampled_from([EARLY, LATE]), quantities)))
def test_parts_and_the_rest_make_up_the_whole(
    quantity: Decimal, parts: list[tuple[date, Decimal]]
) -> None:
    wanted = [Promised(*part) for part in parts]
    if sum(part.quantity for part in wanted) > quantity:
        with pytest.raises(PartsExceed):
            answers.spread("FLOUR", quantity, EARLY, wanted)
        return

    days = answers.spread("FLOUR", quantity, EARLY, wanted)

    assert sum(one.quantity for one in days) == quantity
    assert [one.day for one in days] == sorted(one.day for one in days)
    assert all(one.quantity > 0 for one in days)


def test_what_is_left_has_a_day() -> None:
    part = [Promised(EARLY, Decimal(5))]

    assert answers.spread("FLOUR", Decimal(5), None, part) == tuple(part)
    with pytest.raises(DayMissing):
        answers.spread("FLOUR", Decimal(6), None, part)


@pytest.mark.parametrize(
    ("quantity", "price", "day", "differs", "is_another"),
    [
        (40, 10, EARLY, False, False),
        (40, 10, LATE, True, False),
        (39, 10, EARLY, True, True),
        (41, 10, EARLY, True, True),
        (40, 9, EARLY, True, True),
    ],
)
def test_later_dearer_or_less_is_another_answer(
    quantity: int, price: int, day: date, *, differs: bool, is_another: bool
) -> None:
    days = (Promised(day, Decimal(quantity)),)
    answer = Answer(1, Decimal(quantity), Decimal(price), days)

    assert answers.differs(OFFER, answer) is differs
    assert answers.asks_for_another_order(OFFER, answer) is is_another


def test_nothing_is_promised_for_a_day_that_passed() -> None:
    answer = Answer(1, Decimal(40), Decimal(10), (Promised(EARLY, Decimal(40)),))

    answers.check_ahead("FLOUR", answer, EARLY)
    with pytest.raises(DayPassed):
        answers.check_ahead("FLOUR", answer, LATE)
