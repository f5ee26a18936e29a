"""What receiving does when nobody acts: first a reminder, then somebody else decides."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.identity.people import Person
from tests.processes.play import (
    Delivery,
    a_blind_arrival,
    a_delivery,
    on_hand,
    priority,
    the_case,
    wait_for_next_timer,
)


@pytest.fixture
def uncounted(flour: Sku, bruno: Person) -> Delivery:
    """40 FLOUR stand at the gate."""
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    return delivery


def test_after_two_hours_the_count_moves_to_the_top_of_the_inbox(uncounted: Delivery) -> None:
    wait_for_next_timer(uncounted)

    assert uncounted.open == ["count_delivery"]
    assert priority(uncounted, "count_delivery") == 90


def test_after_eight_hours_the_manager_decides(uncounted: Delivery) -> None:
    wait_for_next_timer(uncounted)
    wait_for_next_timer(uncounted)

    assert uncounted.open == ["decide_late_count"]


def test_the_manager_can_have_it_counted_after_all(
    uncounted: Delivery, flour: Sku, bruno: Person, maud: Person
) -> None:
    _let_the_count_go_overdue(uncounted)

    uncounted.complete(
        "decide_late_count", by=maud, late_count_reason="Holiday", late_count_decision="count"
    )
    uncounted.count({"counted": "40"}, by=bruno)

    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_the_manager_can_turn_the_delivery_away(
    uncounted: Delivery, flour: Sku, maud: Person
) -> None:
    _let_the_count_go_overdue(uncounted)

    uncounted.complete(
        "decide_late_count", by=maud, late_count_reason="Spoilt", late_count_decision="turn_away"
    )

    assert uncounted.status == "finished"
    assert the_case("supplier_chase").data["missing"][0]["short"] == "40"
    assert on_hand(flour, "MAIN-QC") == Decimal(0)


def test_a_count_in_time_leaves_no_timer_behind(uncounted: Delivery, bruno: Person) -> None:
    uncounted.count({"counted": "40"}, by=bruno)

    assert uncounted.timers == []


def test_the_buyer_is_reminded_of_goods_nobody_identified(bruno: Person) -> None:
    case = a_blind_arrival(by=bruno)

    wait_for_next_timer(case)

    assert case.open == ["identify_arrival"]
    assert priority(case, "identify_arrival") == 90


def _let_the_count_go_overdue(delivery: Delivery) -> None:
    wait_for_next_timer(delivery)
    wait_for_next_timer(delivery)
