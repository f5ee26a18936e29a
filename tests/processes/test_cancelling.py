"""Cases ended by hand: drafts go, proposals are withdrawn, goods and money are never left open."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.finance.journal import Journal
from app.domain.payables.bills import Bill
from app.domain.planning import calling
from app.domain.planning.decisions import PlanDecision
from app.domain.sourcing import proposals, quotations
from app.domain.sourcing.amending import NotConfirmedYet
from app.effects.purchase import OrderIsOut
from app.effects.supplier_stop import StopIsDone
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import instances
from app.workflow.cancelling import NotByHand
from app.workflow.rights import NotYourRole
from tests.builders import demand
from tests.builders.goods import a_site
from tests.builders.office import a_person
from tests.processes import billing
from tests.processes.following import a_confirmed_order, versions
from tests.processes.ordering import (
    a_planned_purchase,
    a_purchase,
    an_agreement,
    asked_for,
    letters,
    quote,
    version,
)
from tests.processes.play import (
    a_blind_arrival,
    a_counted_delivery,
    a_delivery,
    an_accepted_delivery,
    the_case,
)
from tests.workflow.play import Case


@pytest.fixture
def olga(app: Flask) -> Person:
    """Keeps the house running."""
    return a_person("olga", "operator")


def cancel(case: Case, by: Person, reason: str = "Begun twice") -> None:
    in_transaction(lambda: instances.cancel(case.id, reason, by.id))


def holds() -> bool:
    db.session.rollback()
    return all(result.holds for result in proof.run())


def test_a_purchase_nobody_wrote_yet_is_simply_over(chloe: Person, olga: Person) -> None:
    in_transaction(lambda: a_site().id)
    case = Case.start("purchase", {"scope": "site:MAIN"}, by=chloe.id)

    cancel(case, olga)

    assert (case.status, case.open, holds()) == ("cancelled", [], True)


def test_a_draft_that_waits_for_approval_is_given_up(
    flour: Sku, chloe: Person, olga: Person
) -> None:
    case = a_purchase(flour, 100, "10", by=chloe)
    order = version(case).order.id
    assert case.open == ["approve_price"]

    cancel(case, olga)

    found = version(case)
    assert (found.order.id, found.order.status, found.state) == (order, "cancelled", "abandoned")
    assert (found.reason, holds()) == ("Begun twice", True)


def test_suppliers_who_were_asked_for_prices_are_asked_no_more(
    flour: Sku, chloe: Person, sven: Person, nora: Person, olga: Person
) -> None:
    case = asked_for(flour, by=chloe)
    assert "quote" in case.open

    cancel(case, olga)

    assert {each.state for each in quotations.of(version(case))} == {"expired"}
    assert (case.open, case.timers, case.waits, holds()) == ([], [], [], True)


def test_suppliers_who_may_quote_or_did_are_written_to_once_nothing_is_bought(
    flour: Sku, chloe: Person, sven: Person, nora: Person, olga: Person
) -> None:
    case = asked_for(flour, by=chloe)
    quote(case, sven, "11")
    before = len(letters())

    cancel(case, olga)

    withdrawn = "request withdrawn / 取消詢價 / 取消询价"
    asked = [each.number for each in quotations.of(version(case))]
    assert sorted(letters()[before:]) == [f"{number}: {withdrawn}" for number in sorted(asked)]
    assert (case.status, holds()) == ("cancelled", True)


def test_who_declined_is_not_written_to_again(
    flour: Sku, chloe: Person, sven: Person, nora: Person, olga: Person
) -> None:
    case = asked_for(flour, by=chloe)
    case.complete("quote", by=sven, request={"note": "Sold out"}, quotation_answer="decline")
    before = len(letters())

    cancel(case, olga)

    (_, others) = quotations.of(version(case))
    assert [subject.partition(":")[0] for subject in letters()[before:]] == [others.number]


def test_who_runs_purchasing_ends_a_purchase_that_a_plan_wanted(
    flour: Sku, chloe: Person, petra: Person
) -> None:
    case = a_planned_purchase(flour, 40, by=chloe)

    with pytest.raises(NotYourRole):
        cancel(case, chloe)
    cancel(case, petra)

    assert (version(case).order.status, holds()) == ("cancelled", True)


def test_an_order_its_supplier_has_is_not_taken_back_by_ending_the_case(
    flour: Sku, chloe: Person, olga: Person
) -> None:
    an_agreement(flour, "12.5")
    case = a_purchase(flour, 100, None, by=chloe)
    before = case.open

    with pytest.raises(OrderIsOut, match=r"PO-\d+ is with its supplier"):
        cancel(case, olga)

    assert (case.status, case.open, version(case).order.status) == ("open", before, "open")


def _announced(flour: Sku, bruno: Person, lee: Person) -> Case:
    return a_delivery((flour, 40))


def _at_the_gate(flour: Sku, bruno: Person, lee: Person) -> Case:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    return delivery


def _counted(flour: Sku, bruno: Person, lee: Person) -> Case:
    return a_counted_delivery(flour, ordered=40, counted=38, by=bruno)


def _to_judge(flour: Sku, bruno: Person, lee: Person) -> Case:
    _counted(flour, bruno, lee)
    return the_case("quality_control")


def _to_chase(flour: Sku, bruno: Person, lee: Person) -> Case:
    _counted(flour, bruno, lee)
    return the_case("supplier_chase")


def _to_put_away(flour: Sku, bruno: Person, lee: Person) -> Case:
    return an_accepted_delivery(flour, 40, by=bruno, inspected_by=lee)


def _unannounced(flour: Sku, bruno: Person, lee: Person) -> Case:
    return a_blind_arrival(by=bruno)


Begun = Callable[[Sku, Person, Person], Case]
WHERE_GOODS_LIE = (
    _announced, _at_the_gate, _counted, _to_judge, _to_chase, _to_put_away, _unannounced
)  # fmt: skip


@pytest.mark.parametrize("begun", WHERE_GOODS_LIE, ids=lambda one: one.__name__)
def test_goods_that_wait_for_somebody_keep_their_case(
    begun: Begun, flour: Sku, bruno: Person, lee: Person, olga: Person
) -> None:
    case = begun(flour, bruno, lee)
    before = case.open

    with pytest.raises(NotByHand):
        cancel(case, olga)

    assert (case.status, case.open, holds()) == ("open", before, True)


def test_an_arrival_that_nobody_wrote_down_was_none(bruno: Person, olga: Person) -> None:
    in_transaction(lambda: a_site().id)
    case = Case.start("receiving", {"scope": "site:MAIN"}, by=bruno.id)

    cancel(case, olga)

    assert (case.status, holds()) == ("cancelled", True)


def test_a_change_that_waits_for_approval_leaves_the_order_as_it_was(
    flour: Sku, chloe: Person, petra: Person, olga: Person
) -> None:
    order = a_confirmed_order(flour, 40)
    case = _amendment(order["po_no"], chloe, quantity="40000")
    assert "approve_as_manager" in case.open

    cancel(case, olga)

    assert versions(order) == [(1, "issued"), (2, "abandoned")]
    assert holds()


def test_a_change_its_supplier_was_told_is_confirmed_first(
    flour: Sku, chloe: Person, olga: Person
) -> None:
    order = a_confirmed_order(flour, 40)
    case = _amendment(order["po_no"], chloe, quantity="55")
    assert "confirm_order" in case.open

    with pytest.raises(NotConfirmedYet):
        cancel(case, olga)

    assert versions(order) == [(1, "superseded"), (2, "issued")]


def test_a_plan_lapses(flour: Sku, olga: Person) -> None:
    in_transaction(lambda: (demand.past_demand(flour, 10), demand.an_agreement(flour).id))
    in_transaction(calling.call_for_the_day)
    plan = the_case("purchase_plan")
    assert plan.open == ["review_plan"]

    cancel(plan, olga)

    db.session.rollback()
    assert set(db.session.scalars(select(PlanDecision.outcome))) == {"lapsed"}


def test_proposed_prices_are_withdrawn(flour: Sku, olga: Person) -> None:
    lin = a_person("lin", "buyer")
    row = {"sku": flour.code, "unit": "pcs", "min_quantity": "1", "unit_price": "9"}
    offer = {"supplier": "BOREA", "currency": "TWD", "valid_from": "2026-07-01", "lines": [row]}
    a_confirmed_order(flour, 1)
    case = Case.start("price_agreement", {}, by=lin.id)
    case.complete("propose_prices", by=lin, offer=offer, intent="propose")

    cancel(case, olga, "The list was an old one")

    found = proposals.by_number(case.data["proposal"]["proposal_no"])
    assert (found.status, found.reason) == ("withdrawn", "The list was an old one")


def test_a_bill_that_is_not_booked_is_let_go_of(app: Flask, olga: Person) -> None:
    wang = a_person("wang", "finance")
    billing.bring(("FLOUR", 100, "50", []))
    case = billing.differing(wang)
    before = _books()

    cancel(case, olga)

    assert _books() == before
    assert db.session.scalars(select(Bill)).one().dropped_at


def test_a_stop_nobody_agreed_to_is_forgotten_and_one_that_happened_is_not(
    flour: Sku, petra: Person, fiona: Person, olga: Person
) -> None:
    a_confirmed_order(flour, 40)
    first, second = _stop(petra), _stop(petra)

    cancel(first, olga)
    rows = [{"prepaid": "100"}]
    answers = {"stopping": {"orders": rows}, "stop_decision": "stop", "stop_note": ""}
    second.complete("agree_stop", by=fiona, **answers)

    assert first.status == "cancelled"
    with pytest.raises(StopIsDone):
        cancel(second, olga)
    assert holds()


def _books() -> tuple[list[str], list[int]]:
    """What the proof finds wrong, and every voucher."""
    db.session.rollback()
    wrong = [result.code for result in proof.run() if not result.holds]
    return wrong, list(db.session.scalars(select(Journal.id)))


def _amendment(po_no: str, by: Person, *, quantity: str) -> Case:
    case = Case.start("order_amendment", {"scope": "site:MAIN"}, by=by.id)
    case.complete("choose_order", by=by, po_no=po_no, amendment_reason="Rain")
    row = {"quantity": quantity, "unit_price": "10", "due_on": "2026-07-01"}
    amendment = {"lines": [row], "added": [], "reason": "Rain"}
    case.complete("change_order", by=by, amendment=amendment, amendment_decision="propose")
    return case


def _stop(by: Person) -> Case:
    case = Case.start("supplier_stop", {"scope": "site:MAIN"}, by=by.id)
    stop = {"supplier": "BOREA", "cause": "bankrupt", "reason": "Court order of 28 May"}
    case.complete("propose_stop", by=by, stop=stop)
    return case
