"""What receiving does with goods nobody expected: surplus, strangers, doubles, blind arrivals."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.catalog import skus
from app.domain.catalog.products import UNIDENTIFIED, Sku
from app.domain.inventory import serials
from app.domain.inventory.serials import SerialTaken
from app.domain.supply import receipts
from app.domain.supply.discrepancies import AnotherSupplier
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow.records import Task
from app.workflow.rights import SomeoneElseMust
from tests.builders.deliveries import an_order
from tests.builders.goods import a_sku
from tests.processes.play import (
    Delivery,
    a_blind_arrival,
    a_counted_delivery,
    a_delivery,
    cases,
    on_hand,
    the_case,
)


@pytest.fixture
def surplus(flour: Sku, bruno: Person) -> Delivery:
    """100 were ordered, 110 came."""
    return a_counted_delivery(flour, ordered=100, counted=110, by=bruno)


@pytest.mark.parametrize("decision", ["keep", "keep_free"])
def test_surplus_that_is_kept_is_inspected_like_the_rest(
    surplus: Delivery, flour: Sku, chloe: Person, decision: str
) -> None:
    surplus.complete("decide_over_delivery", by=chloe, booking={"over": [{"decision": decision}]})

    assert [case.data["lot_no"] for case in cases("quality_control")] == [
        surplus.receipt_no,
        f"{surplus.receipt_no}-surplus",
    ]
    assert on_hand(flour, "MAIN-QC") == Decimal(110)


def test_surplus_that_is_returned_waits_for_its_supplier(
    surplus: Delivery, flour: Sku, chloe: Person
) -> None:
    surplus.complete("decide_over_delivery", by=chloe, booking={"over": [{"decision": "return"}]})

    assert on_hand(flour, "MAIN-REJECT") == Decimal(10)
    said = the_case("supplier_return").data
    assert (said["reason"], said["line_nos"]) == ("surplus", [2])
    assert len(cases("quality_control")) == 1


def test_of_two_surpluses_one_can_be_kept_and_one_returned(
    flour: Sku, bruno: Person, chloe: Person
) -> None:
    sugar = in_transaction(lambda: a_sku("SUGAR"))
    delivery = a_delivery((flour, 100), (sugar, 100))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "110"}, {"counted": "120"}, by=bruno)
    decided = [{"decision": "keep"}, {"decision": "return"}]
    delivery.complete("decide_over_delivery", by=chloe, booking={"over": decided})

    assert (on_hand(flour, "MAIN-QC"), on_hand(sugar, "MAIN-QC")) == (Decimal(110), Decimal(100))
    assert len(cases("quality_control")) == 2
    assert [case.data["reason"] for case in cases("supplier_return")] == ["surplus"]


def test_goods_nobody_ordered_wait_for_their_supplier(flour: Sku, bruno: Person) -> None:
    sugar = in_transaction(lambda: a_sku("SUGAR"))
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "40"}, by=bruno, wrong=({"sku": "SUGAR", "quantity": "5"},))

    assert on_hand(sugar, "MAIN-REJECT") == Decimal(5)
    assert on_hand(sugar, "MAIN-QC") == Decimal(0)
    assert the_case("supplier_return").data["reason"] == "wrong_goods"


def test_goods_told_apart_by_nothing_are_counted_without_lot_and_codes(
    flour: Sku, bruno: Person
) -> None:
    in_transaction(lambda: a_sku("SUGAR").id)
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    strange = {"sku": "SUGAR", "quantity": "2", "lot": "L1", "serials": "A1\nA2"}
    delivery.count({"counted": "40"}, by=bruno, wrong=(strange,))

    line = receipts.by_number(delivery.receipt_no).lines[1]
    assert (line.sku.code, line.quantity, line.lot) == ("SUGAR", Decimal(2), "")
    assert serials.known(["A1", "A2"]) == {}


@pytest.fixture
def double(unit: Sku, bruno: Person) -> Delivery:
    """A unit came whose code was received before."""
    a_counted_delivery(unit, ordered=1, counted=1, by=bruno, serials="A1")
    return a_counted_delivery(unit, ordered=2, counted=2, by=bruno, serials="A1\nA2")


def _identify(delivery: Delivery, by: Person, **row: str) -> None:
    delivery.complete("identify_duplicates", by=by, booking={"duplicates": [row]})


def test_a_unit_with_a_known_code_stands_on_hold_while_the_others_go_on(
    double: Delivery, unit: Sku
) -> None:
    assert double.open == ["identify_duplicates", "read_count"]
    (row,) = double.data["booking"]["duplicates"]
    assert row["serial"] == "A1"
    assert "R-000001" in row["seen"]
    assert on_hand(unit, "MAIN-HOLD") == Decimal(1)
    assert on_hand(unit, "MAIN-QC") == Decimal(2)


def test_who_identifies_a_unit_is_given_a_day(double: Delivery) -> None:
    task = db.session.get_one(Task, double.task("identify_duplicates"))

    assert task.due_at is not None
    assert task.due_at - task.opened_at >= timedelta(hours=24)  # of working time


def test_a_relabelled_unit_is_inspected_under_its_new_code(double: Delivery, kai: Person) -> None:
    _identify(double, kai, decision="relabel", new_serial="A1-B")

    lot = the_case("quality_control")
    assert lot.data["lot_no"] == f"{double.receipt_no}-relabelled"
    assert lot.data["tranches"][0]["lines"][0]["serials"] == ["A1-B"]
    db.session.rollback()
    assert serials.by_code("A1-B").location.code == "MAIN-QC"


def test_a_new_code_must_be_free(double: Delivery, kai: Person) -> None:
    with pytest.raises(SerialTaken):
        _identify(double, kai, decision="relabel", new_serial="A2")

    assert "identify_duplicates" in double.open


def test_a_unit_that_is_not_ours_waits_for_its_supplier(
    double: Delivery, unit: Sku, kai: Person
) -> None:
    _identify(double, kai, decision="reject")

    assert on_hand(unit, "MAIN-REJECT") == Decimal(1)
    assert [case.data["reason"] for case in cases("supplier_return")] == ["foreign_units"]


@pytest.mark.parametrize(("decision", "place"), [("keep", "MAIN-HOLD"), ("return", "MAIN-REJECT")])
def test_a_suspected_forgery_is_the_managers_to_decide(
    double: Delivery, unit: Sku, kai: Person, maud: Person, decision: str, place: str
) -> None:
    _identify(double, kai, decision="fraud")
    assert double.open == ["decide_fraud", "read_count"]

    double.complete("decide_fraud", by=maud, fraud_note="Two labels", fraud_decision=decision)

    assert on_hand(unit, place) == Decimal(1)


def test_who_counted_may_not_identify(unit: Sku, lee: Person) -> None:
    a_counted_delivery(unit, ordered=1, counted=1, by=lee, serials="A1")
    double = a_counted_delivery(unit, ordered=1, counted=1, by=lee, serials="A1")

    with pytest.raises(SomeoneElseMust):
        _identify(double, lee, decision="reject")


@pytest.fixture
def blind(bruno: Person) -> Delivery:
    """Three cartons from Borea that nobody announced."""
    return a_blind_arrival(by=bruno)


def test_goods_nobody_announced_stand_in_quarantine(blind: Delivery) -> None:
    unknown = _unidentified()

    assert blind.open == ["identify_arrival"]
    assert on_hand(unknown, "MAIN-HOLD") == Decimal(3)


def test_identified_goods_are_counted_against_their_order(
    blind: Delivery, flour: Sku, bruno: Person, ines: Person, chloe: Person
) -> None:
    order_no = in_transaction(lambda: an_order((flour, 40)).number)

    blind.complete("identify_arrival", by=chloe, arrival_decision="adopt", po_no=order_no)
    blind.count({"counted": "40"}, by=bruno)

    assert on_hand(_unidentified(), "MAIN-HOLD") == Decimal(0)
    assert on_hand(flour, "MAIN-QC") == Decimal(40)
    assert the_case("quality_control").open == ["inspect_lot"]


def test_who_ordered_unannounced_goods_may_not_count_them_either(
    blind: Delivery, flour: Sku, chloe: Person
) -> None:
    order_no = in_transaction(lambda: an_order((flour, 40)).number)
    blind.complete("identify_arrival", by=chloe, arrival_decision="adopt", po_no=order_no)

    with pytest.raises(SomeoneElseMust):
        blind.count({"counted": "40"}, by=chloe)


def test_goods_are_not_assigned_to_an_order_of_another_supplier(
    blind: Delivery, flour: Sku, chloe: Person
) -> None:
    order_no = in_transaction(lambda: an_order((flour, 40), supplier="YONGGU").number)

    with pytest.raises(AnotherSupplier):
        blind.complete("identify_arrival", by=chloe, arrival_decision="adopt", po_no=order_no)

    assert blind.open == ["identify_arrival"]


def test_goods_nobody_knows_go_back(blind: Delivery, chloe: Person) -> None:
    blind.complete("identify_arrival", by=chloe, arrival_decision="send_back")

    assert blind.status == "finished"
    assert on_hand(_unidentified(), "MAIN-REJECT") == Decimal(3)
    assert [case.data["reason"] for case in cases("supplier_return")] == ["unidentified"]


def _unidentified() -> Sku:
    return skus.by_code(UNIDENTIFIED)


def test_a_surplus_whose_code_is_known_already_is_identified_and_not_decided_on(
    unit: Sku, bruno: Person
) -> None:
    a_counted_delivery(unit, ordered=2, counted=2, by=bruno, serials="A1\nA2")

    delivery = a_counted_delivery(unit, ordered=1, counted=2, by=bruno, serials="A1\nA2")

    assert delivery.data["booking"]["over"] == []
    assert delivery.open == ["identify_duplicates", "read_count"]
