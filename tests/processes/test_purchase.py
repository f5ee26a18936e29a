"""A purchase: written or wanted, priced, approved, issued; corrected or given up on the way."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.finance import rates
from app.domain.sourcing import order_issuing
from app.domain.sourcing.order_prices import NotSoldLikeThat, PriceIsAgreed
from app.domain.supply import supplier_stops
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.supplier_stops import SupplierStopped
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents, instances
from app.workflow.records import Task
from app.workflow.rights import NotYourRole
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_sku
from tests.builders.seen import seen
from tests.builders.steps import in_a_step
from tests.processes.ordering import (
    a_planned_purchase,
    a_purchase,
    a_wish,
    an_agreement,
    asked_for,
    letters,
    next_month,
    paid_before,
    quote,
    version,
    with_address,
)
from tests.processes.play import break_down, cases
from tests.workflow.play import Case


def test_a_small_order_at_an_agreed_price_is_issued_at_once(flour: Sku, chloe: Person) -> None:
    an_agreement(flour, "12.5")
    with_address()

    case = a_purchase(flour, 100, None, by=chloe)

    order = version(case).order
    assert (order.status, order.ordered_by) == ("open", "chloe")
    assert [(line.ordered, line.unit_price) for line in order.lines] == [
        (Decimal(100), Decimal("12.5"))
    ]
    assert letters() == [f"{order.number}: new order / 新採購單 / 新采购订单"]


def test_the_case_is_found_under_its_draft_and_its_final_number(flour: Sku, chloe: Person) -> None:
    an_agreement(flour, "12.5")

    case = a_purchase(flour, 100, None, by=chloe)

    found = in_transaction(lambda: instances.get(case.id))
    order = version(case).order
    assert found.business_key == order.number == f"PO-{order.id:06d}"
    assert f"DRAFT-{order.id:06d}" in (found.numbers or "")


def test_a_plan_begins_a_purchase_of_who_reviewed_it(flour: Sku, chloe: Person) -> None:
    an_agreement(flour, "12.5")

    case = a_planned_purchase(flour, 40, by=chloe)

    order = version(case).order
    assert (order.status, order.ordered_by) == ("open", "chloe")
    assert order.lines[0].ordered == Decimal(40)


def test_a_supplier_stopped_since_the_plan_is_replaced_by_the_buyer(
    flour: Sku, chloe: Person
) -> None:
    an_agreement(flour, "11", supplier="OTHER", pack="25")
    case = _wanted_of_a_stopped_supplier(flour, chloe)
    assert seen(case.open, case.incidents) == (["choose_supplier"], [])

    with pytest.raises(SupplierStopped):
        _buy_elsewhere(case, chloe, "BOREA")
    _buy_elsewhere(case, chloe, "OTHER")

    order = version(case).order
    assert seen(order.status, order.supplier.code, order.ordered_by) == ("open", "OTHER", "chloe")
    assert seen(order.lines[0].ordered, order.lines[0].unit_price) == (50, 11)  # of packs of 25


def test_what_is_agreed_in_another_currency_since_the_plan_is_another_order(
    flour: Sku, chloe: Person
) -> None:
    salt = _agreed_in_dollars(flour)

    a_planned_purchase(flour, 40, salt, by=chloe)

    found = [version(case) for case in cases("purchase")]
    assert [(each.currency, [line.sku.code for line in each.lines]) for each in found] == [
        ("TWD", ["FLOUR"]),
        ("USD", ["SALT"]),
    ]
    assert [case.incidents for case in cases("purchase")] == [[], []]
    assert {each.order.ordered_by for each in found} == {"chloe"}
    assert {case.data["plan_no"] for case in cases("purchase")} == {"PLAN-1:BOREA:MAIN"}


def test_what_another_supplier_sells_in_two_currencies_is_two_orders(
    flour: Sku, chloe: Person
) -> None:
    salt = _agreed_in_dollars(flour, supplier="OTHER")
    case = _wanted_of_a_stopped_supplier(flour, chloe, salt)

    _buy_elsewhere(case, chloe, "OTHER")

    found = [version(each) for each in cases("purchase")]
    assert [(each.currency, each.order.supplier.code) for each in found] == [
        ("TWD", "OTHER"),
        ("USD", "OTHER"),
    ]
    assert {each.required_on.isoformat() for each in found if each.required_on} == {next_month()}


def test_what_a_stopped_supplier_will_not_bring_is_dropped(flour: Sku, chloe: Person) -> None:
    case = _wanted_of_a_stopped_supplier(flour, chloe)
    (task,) = db.session.scalars(select(Task).filter_by(instance_id=case.id))
    assert task.subject == "PLAN-1:BOREA:MAIN · Borea"

    case.complete("choose_supplier", by=chloe, wish_decision="drop", drop_reason="Season is over")

    assert seen(case.status, case.incidents) == ("finished", [])
    assert not db.session.scalar(select(func.count()).select_from(PurchaseOrder))


def test_nobody_types_a_price_where_one_is_agreed(flour: Sku, chloe: Person) -> None:
    an_agreement(flour, "12.5")

    with pytest.raises(PriceIsAgreed):
        a_purchase(flour, 100, "11", by=chloe)


def test_goods_are_ordered_in_the_packs_that_were_agreed_on(flour: Sku, chloe: Person) -> None:
    an_agreement(flour, "12.5", pack="20")

    with pytest.raises(NotSoldLikeThat, match="order 60 pcs"):
        a_purchase(flour, 50, None, by=chloe)


def test_only_buyers_begin_a_purchase(dov: Person) -> None:
    with pytest.raises(NotYourRole):
        Case.start("purchase", {"scope": "site:MAIN"}, by=dov.id)


def test_an_order_that_came_back_is_corrected_and_goes_on(
    sent_back: Case, flour: Sku, chloe: Person
) -> None:
    assert sent_back.open == ["correct_order"]
    assert sent_back.data["order"]["decisions"][0]["reason"] == "Too much"

    _correct(sent_back, flour, 1_500, by=chloe)

    assert version(sent_back).order.lines[0].ordered == Decimal(1_500)
    assert version(sent_back).edition == 2


def test_who_quoted_for_an_order_that_is_given_up_is_told(
    flour: Sku, chloe: Person, sven: Person, nora: Person, petra: Person
) -> None:
    case = asked_for(flour, by=chloe)
    quote(case, sven, "11")
    quote(case, nora, "12")
    case.complete("compare_quotations", by=chloe, quotation_decision="leave")
    before = len(letters())

    case.complete("correct_order", by=chloe, abandon_reason="Dear", correction="abandon")

    assert [("withdrawn" in subject) for subject in letters()[before:]] == [True, True]


def test_an_order_that_came_back_may_be_given_up(sent_back: Case, chloe: Person) -> None:
    sent_back.complete(
        "correct_order", by=chloe, abandon_reason="Season is over", correction="abandon"
    )

    found = version(sent_back)
    assert (sent_back.status, found.state, found.reason) == (
        "finished",
        "abandoned",
        "Season is over",
    )
    assert (found.order.status, found.order.lines) == ("cancelled", [])


def test_a_corrected_order_is_approved_anew(sent_back: Case, flour: Sku, chloe: Person) -> None:
    _correct(sent_back, flour, 2_500, by=chloe)

    assert sent_back.open == ["approve_as_manager"]


def test_a_price_that_was_agreed_on_meanwhile_is_taken(
    sent_back: Case, flour: Sku, chloe: Person
) -> None:
    an_agreement(flour, "9")

    _correct(sent_back, flour, 1_000, price=None, by=chloe)

    assert version(sent_back).order.lines[0].unit_price == Decimal(9)


def test_a_broken_issue_is_kept_and_done_later(
    flour: Sku, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_agreement(flour, "12.5")
    monkeypatch.setattr(order_issuing, "issue", break_down)
    case = a_purchase(flour, 100, None, by=chloe)
    assert version(case).order.status == "draft"

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert version(case).order.status == "open"


@pytest.fixture
def sent_back(flour: Sku, chloe: Person, petra: Person) -> Case:
    """An order above the buyer's own limit, sent back by the manager."""
    paid_before(flour, "10")
    case = a_purchase(flour, 3_000, "10", by=chloe)
    case.complete(
        "approve_as_manager", by=petra, manager_decision="send_back", manager_reason="Too much"
    )
    return case


def _correct(case: Case, sku: Sku, quantity: int, *, by: Person, price: str | None = "10") -> None:
    wish = a_wish(sku, quantity, price)
    case.complete("correct_order", by=by, order=wish, correction="correct")


def _wanted_of_a_stopped_supplier(sku: Sku, by: Person, *others: Sku) -> Case:
    supplier = in_transaction(a_supplier)
    in_a_step(lambda: supplier_stops.stop(supplier, "bankrupt", reason="Court order").id)
    return a_planned_purchase(sku, 40, *others, by=by)


def _agreed_in_dollars(flour: Sku, supplier: str = "BOREA") -> Sku:
    """Salt, paid in dollars to whom flour is paid in ours."""
    salt = in_transaction(lambda: a_sku("SALT"))
    in_transaction(lambda: rates.add("USD", date(2026, 1, 1), Decimal(30)).id)
    an_agreement(flour, "11", supplier=supplier)
    an_agreement(salt, "0.4", supplier=supplier, currency="USD")
    return salt


def _buy_elsewhere(case: Case, by: Person, supplier: str) -> None:
    choice = {"supplier": supplier, "required_on": next_month()}
    case.complete("choose_supplier", by=by, wish_decision="order", unsold=choice)
