"""The whole line of buying in one case: from what a plan wants to the bill that settles it."""

from app.domain.catalog.products import Sku
from app.domain.supply import purchase_orders
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.builders.deliveries import a_notice
from tests.processes.following import answer, bill, line_of
from tests.processes.ordering import a_planned_purchase, an_agreement
from tests.processes.play import Delivery, the_case, wait_for_next_timer
from tests.workflow.play import Case


def test_what_a_plan_wants_is_bought_received_and_paid(
    flour: Sku, chloe: Person, sven: Person, bruno: Person, lee: Person
) -> None:
    an_agreement(flour, "10")
    purchase = a_planned_purchase(flour, 40, by=chloe)
    order = purchase.data["order"]
    assert order["po_no"].startswith("PO-")
    assert "confirm_order" in purchase.open

    answer(purchase, sven)
    assert purchase.open == []
    assert sorted(purchase.waits) == ["order_billed", "order_moved"]

    _deliver(order["po_no"], by=bruno, judged_by=lee)
    assert line_of(order).accepted == 40
    assert purchase.status == "open"

    bill(order)
    assert purchase.status == "finished"
    assert purchase_orders.by_number(order["po_no"]).status == "closed"


def test_an_order_the_supplier_never_answers_ends_where_it_is_given_up(
    flour: Sku, chloe: Person
) -> None:
    an_agreement(flour, "10")
    purchase = a_planned_purchase(flour, 40, by=chloe)

    _give_up(purchase, by=chloe)

    assert purchase.status == "finished"
    assert purchase_orders.by_number(purchase.data["order"]["po_no"]).status == "cancelled"


def _deliver(po_no: str, *, by: Person, judged_by: Person) -> None:
    """All of it is announced, checked in, counted and accepted, each by its people."""
    in_transaction(lambda: a_notice(purchase_orders.by_number(po_no)).id)
    delivery = Delivery(the_case("receiving").id)
    delivery.check_in(by=by)
    delivery.count({"counted": "40"}, by=by)
    verdict = {"lines": [{"accepted": "40", "rejected": "0"}]}
    the_case("quality_control").complete("inspect_lot", by=judged_by, inspection=verdict)


def _give_up(purchase: Case, *, by: Person) -> None:
    while "decide_silence" not in purchase.open:
        wait_for_next_timer(purchase)
    purchase.complete(
        "decide_silence", by=by, buyer_decision="cancel", buyer_reason="Nobody answers"
    )
