"""Receiving promises: what is counted is what is booked, and everybody who must act is told."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.inventory.ledger import SerialsDoNotMatch
from app.domain.supply import counting
from app.domain.supply.counting import DamagedMoreThanCounted
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.kernel.errors import NotFound
from app.workflow import incidents
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import NotYourRole, SomeoneElseMust
from tests.processes.play import (
    Delivery,
    a_counted_delivery,
    a_delivery,
    break_down,
    cases,
    on_hand,
    the_case,
)


def test_an_exact_delivery_waits_for_inspection_and_the_buyer_sees_the_figures(
    flour: Sku, bruno: Person, chloe: Person
) -> None:
    delivery = a_counted_delivery(flour, ordered=40, counted=40, by=bruno)

    assert on_hand(flour, "MAIN-QC") == Decimal(40)
    assert the_case("quality_control").open == ["inspect_lot"]
    assert delivery.open == ["read_count"]
    assert delivery.data["outcomes"] == []

    delivery.complete("read_count", by=chloe)

    assert delivery.status == "finished"


def test_a_short_delivery_is_booked_and_the_rest_is_chased(flour: Sku, bruno: Person) -> None:
    delivery = a_counted_delivery(flour, ordered=40, counted=38, by=bruno)

    assert the_case("supplier_chase").data["missing"] == [
        {"sku": "FLOUR", "name": "Flour", "unit": "pcs", "short": "2"}
    ]
    assert on_hand(flour, "MAIN-QC") == Decimal(38)
    assert delivery.data["outcomes"] == ["short"]


def test_when_nothing_came_there_is_nothing_to_inspect(flour: Sku, bruno: Person) -> None:
    a_counted_delivery(flour, ordered=40, counted=0, by=bruno)

    assert the_case("supplier_chase").data["missing"][0]["short"] == "40"
    assert cases("quality_control") == []


@pytest.mark.parametrize(("counted", "outcome"), [(102, "within_tolerance"), (103, "over")])
def test_two_percent_too_many_of_bulk_goods_are_let_in(
    flour: Sku, bruno: Person, counted: int, outcome: str
) -> None:
    delivery = a_counted_delivery(flour, ordered=100, counted=counted, by=bruno)

    assert delivery.data["outcomes"] == [outcome]
    surplus = Decimal(0) if outcome == "within_tolerance" else Decimal(3)
    assert on_hand(flour, "MAIN-HOLD") == surplus
    assert on_hand(flour, "MAIN-QC") == Decimal(counted) - surplus


def test_not_one_unit_too_many_of_serial_goods_is_let_in(unit: Sku, bruno: Person) -> None:
    delivery = a_counted_delivery(unit, ordered=1, counted=2, by=bruno, serials="A1\nA2")

    assert delivery.data["outcomes"] == ["over"]
    assert "decide_over_delivery" in delivery.open
    assert on_hand(unit, "MAIN-HOLD") == Decimal(1)


def test_damaged_goods_are_shown_to_the_inspector_apart(flour: Sku, bruno: Person) -> None:
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno, damaged="3")

    rows = the_case("quality_control").data["tranches"][0]["lines"]
    assert [(row["kind"], row["waiting"]) for row in rows] == [("expected", "37"), ("damaged", "3")]


def test_several_lines_are_judged_each_by_itself(flour: Sku, unit: Sku, bruno: Person) -> None:
    delivery = a_delivery((flour, 100), (unit, 2))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "101"}, {"counted": "1", "serials": "A1"}, by=bruno)

    assert delivery.data["outcomes"] == ["within_tolerance", "short"]


def test_only_what_differs_is_judged(flour: Sku, unit: Sku, bruno: Person) -> None:
    delivery = a_delivery((flour, 100), (unit, 2))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "100"}, {"counted": "1", "serials": "A1"}, by=bruno)

    assert delivery.data["outcomes"] == ["short"]


def test_who_ordered_may_not_count(flour: Sku, bruno: Person, chloe: Person) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=chloe)

    with pytest.raises(SomeoneElseMust, match="Bruno"):
        delivery.count({"counted": "40"}, by=chloe)

    assert delivery.open == ["count_delivery"]


def test_only_keepers_of_the_warehouse_count(
    flour: Sku, bruno: Person, kai: Person, dov: Person
) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)

    with pytest.raises(NotYourRole):
        delivery.count({"counted": "40"}, by=kai)
    with pytest.raises(NotFound):
        delivery.count({"counted": "40"}, by=dov)


def test_a_count_says_how_many(flour: Sku, bruno: Person) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)

    with pytest.raises(InvalidAnswers) as refused:
        delivery.count({"counted": ""}, by=bruno)

    assert "receipt.lines.0.counted" in refused.value.errors


@pytest.mark.parametrize("counted", ["3", "1"])
def test_there_is_a_code_for_every_unit(unit: Sku, bruno: Person, counted: str) -> None:
    delivery = a_delivery((unit, 3))
    delivery.check_in(by=bruno)

    with pytest.raises(SerialsDoNotMatch):
        delivery.count({"counted": counted, "serials": "A1\nA2"}, by=bruno)

    assert on_hand(unit, "MAIN-QC") == Decimal(0)
    assert delivery.open == ["count_delivery"]


def test_no_more_is_damaged_than_came(flour: Sku, bruno: Person) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)

    with pytest.raises(DamagedMoreThanCounted, match="only 5 were counted"):
        delivery.count({"counted": "5", "damaged": "6"}, by=bruno)


def test_the_figures_that_are_expected_are_nowhere_in_a_case_that_is_being_counted(
    flour: Sku, bruno: Person
) -> None:
    delivery = a_delivery((flour, 41))
    delivery.check_in(by=bruno)

    assert "41" not in str(delivery.data)


def test_a_count_that_could_not_be_booked_is_kept_and_booked_later(
    flour: Sku, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = _a_count_that_breaks_down(flour, bruno, monkeypatch)
    assert on_hand(flour, "MAIN-QC") == Decimal(0)

    (incident,) = delivery.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert delivery.incidents == []
    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_who_counted_may_not_inspect_even_if_the_booking_was_tried_again(
    flour: Sku, lee: Person, kai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = _a_count_that_breaks_down(flour, lee, monkeypatch)
    (incident,) = delivery.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    lot = the_case("quality_control")
    with pytest.raises(SomeoneElseMust, match="Kai"):
        lot.complete("inspect_lot", by=lee, inspection={"lines": [{"accepted": "40"}]})


def _a_count_that_breaks_down(sku: Sku, by: Person, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """The disk is full when `by` hands in the count, and has room again afterwards."""
    delivery = a_delivery((sku, 40))
    delivery.check_in(by=by)
    with monkeypatch.context() as broken:
        broken.setattr(counting, "book", break_down)
        delivery.count({"counted": "40"}, by=by)
    return delivery
