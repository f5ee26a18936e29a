"""A disputed rejection: both look again, somebody else judges, and that is the end of it."""

from decimal import Decimal

import pytest

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.supply import purchase_orders, reinspections
from app.domain.supply.supplier_returns import MoreThanRejected, NotThisUnit
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents, opened
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import SomeoneElseMust
from tests.processes.play import (
    a_counted_delivery,
    break_down,
    on_hand,
    the_case,
    wait_for_next_timer,
)
from tests.processes.returning import authorise, judge
from tests.workflow.play import Case


@pytest.fixture
def goods(
    flour: Sku, bruno: Person, kai: Person, chloe: Person, sven: Person, hugo: Person
) -> Case:
    """Kai rejected 3 of 40 FLOUR; Sven of Borea says they are good and comes tomorrow."""
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno)
    return _disputed({"accepted": "37", "rejected": "3"}, kai, chloe, sven, hugo)


@pytest.fixture
def units(unit: Sku, bruno: Person, kai: Person, chloe: Person, sven: Person, hugo: Person) -> Case:
    """Kai rejected A2 and A3 of three units; Sven disputes both."""
    a_counted_delivery(unit, ordered=3, counted=3, by=bruno, serials="A1\nA2\nA3")
    row = {"accepted": "1", "rejected": "2", "rejected_serials": "A2\nA3"}
    return _disputed(row, kai, chloe, sven, hugo)


def test_what_is_good_after_all_goes_to_the_shelf_and_the_rest_back(
    goods: Case, flour: Sku, lee: Person
) -> None:
    _find(goods, lee, good="2")

    assert goods.open == ["ship_return"]
    assert on_hand(flour, "MAIN-REJECT") == Decimal(1)
    assert the_case("put_away").data["goods"]["quantity"] == "2"
    assert goods.data["goods"]["lines"][0]["quantity"] == "1"
    order = purchase_orders.by_number(goods.data["po_no"]).lines[0]
    assert (order.accepted, order.rejected) == (Decimal(39), Decimal(1))
    assert _broken() == []


def test_both_read_what_was_found_wrong_and_by_whom(goods: Case, lee: Person) -> None:
    dispute = opened.task(goods.task("reinspect_goods"), lee).data["dispute"]

    assert dispute["judges"] == "Kai"
    assert [(row["defect"], row["defect_code"]) for row in dispute["lines"]] == [("cosmetic", "")]


def test_a_rejection_that_was_wrong_leaves_nothing_to_return(
    units: Case, unit: Sku, lee: Person
) -> None:
    _find(units, lee, good="2", good_serials="A2\nA3")

    assert units.status == "finished"
    assert on_hand(unit, "MAIN-REJECT") == Decimal(0)
    assert the_case("put_away").data["goods"]["quantity"] == "2"
    assert _broken() == []


def test_a_rejection_that_was_right_stands(goods: Case, flour: Sku, lee: Person) -> None:
    _find(goods, lee, good="0")

    assert goods.open == ["ship_return"]
    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)


def test_who_rejected_the_goods_does_not_look_again(goods: Case, kai: Person) -> None:
    with pytest.raises(SomeoneElseMust):
        _find(goods, kai, good="2")


def test_after_five_working_days_the_qc_manager_decides(
    goods: Case, flour: Sku, hugo: Person
) -> None:
    wait_for_next_timer(goods)

    assert goods.open == ["decide_dispute"]
    _find(goods, hugo, "decide_dispute", good="3")
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)


def test_nothing_is_good_that_was_not_rejected(goods: Case, flour: Sku, lee: Person) -> None:
    with pytest.raises(MoreThanRejected, match="3 of FLOUR"):
        _find(goods, lee, good="4")

    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)


def test_only_units_of_the_return_are_found_good(units: Case, unit: Sku, lee: Person) -> None:
    with pytest.raises(NotThisUnit, match="A1"):
        _find(units, lee, good="1", good_serials="A1")

    assert on_hand(unit, "MAIN-REJECT") == Decimal(2)


def test_a_dispute_says_why(
    flour: Sku, bruno: Person, kai: Person, chloe: Person, sven: Person
) -> None:
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno)
    case = _asked({"accepted": "37", "rejected": "3"}, kai, chloe)

    with pytest.raises(InvalidAnswers):
        case.complete("agree_return", by=sven, agreement="dispute")


def test_a_broken_verdict_is_kept_and_booked_later(
    goods: Case, flour: Sku, lee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reinspections, "settle", break_down)
    _find(goods, lee, good="2")
    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)

    monkeypatch.undo()
    (incident,) = goods.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "MAIN-REJECT") == Decimal(1)


def _asked(row: dict[str, str], inspector: Person, buyer: Person) -> Case:
    judge(inspector, "cosmetic", **row)
    case = the_case("supplier_return")
    units = {"serials": row["rejected_serials"]} if "rejected_serials" in row else {}
    authorise(case, buyer, "ask", quantity=row["rejected"], **units)
    return case


def _disputed(
    row: dict[str, str], inspector: Person, buyer: Person, seller: Person, manager: Person
) -> Case:
    case = _asked(row, inspector, buyer)
    case.complete("agree_return", by=seller, agreement="dispute", objection="They are fine")
    meeting = {"on": "2026-06-02", "with_whom": "Sven"}
    case.complete("arrange_reinspection", by=manager, meeting=meeting)
    return case


def _find(case: Case, by: Person, step: str = "reinspect_goods", **row: str) -> None:
    case.complete(
        step, by=by, dispute={"lines": [row]}, attended_by="Sven", reinspection_note="Seen"
    )


def _broken() -> list[str]:
    db.session.rollback()
    return [each.code for each in proof.run() if not each.holds]
