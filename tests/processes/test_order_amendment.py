"""Changing an order the supplier confirmed: by a new version, never below what came."""

from decimal import Decimal
from typing import Any

import pytest

from app.domain.catalog.products import Sku
from app.domain.sourcing import amending
from app.domain.sourcing.amending import BelowWhatCame, NotConfirmedYet, PriceIsFixed
from app.domain.supply import chases
from app.domain.supply.asns import OrderNotOpen
from app.effects.order_amendment import NothingChanged, OrderOfAnotherPlace
from app.effects.papers import Paper
from app.identity import memberships
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from tests.builders.goods import a_sku
from tests.processes.following import (
    a_confirmed_order,
    a_sent_order,
    announced,
    answer,
    followed,
    letters,
    line_of,
    order_of,
    promised,
    received,
    versions,
)
from tests.processes.play import break_down, the_case, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def order(flour: Sku) -> Paper:
    """40 FLOUR at 10, promised for 1 July."""
    return a_confirmed_order(flour, 40)


@pytest.fixture
def case(order: Paper, chloe: Person) -> Case:
    return _begin(order, chloe)


def test_more_is_ordered_and_confirmed_again(
    case: Case, order: Paper, chloe: Person, sven: Person
) -> None:
    _change(case, chloe, quantity="55")
    assert case.open == ["confirm_order", "record_answer"]
    assert line_of(order).wanted == 55

    answer(case, sven, 55)

    assert case.status == "finished"
    assert versions(order) == [(1, "superseded"), (2, "issued")]
    assert promised(order) == [("2026-07-01", 55)]


def test_the_supplier_is_told(order: Paper, chloe: Person) -> None:
    in_transaction(lambda: setattr(order_of(order).supplier, "email", "sales@borea.example"))
    case = _begin(order, chloe)

    _change(case, chloe, quantity="55")

    assert "order changed" in letters()[-1]


def test_a_line_can_be_added(case: Case, order: Paper, chloe: Person) -> None:
    in_transaction(lambda: a_sku("SALT").id)

    _change(case, chloe, added=[{"sku": "SALT", "quantity": "6", "unit_price": "3"}])

    lines = [(line.sku.code, line.wanted) for line in order_of(order).lines]
    assert lines == [("FLOUR", Decimal(40)), ("SALT", Decimal(6))]


def test_a_line_can_be_cancelled_when_another_stays(
    case: Case, order: Paper, chloe: Person
) -> None:
    in_transaction(lambda: a_sku("SALT").id)

    _change(case, chloe, quantity="0", added=[{"sku": "SALT", "quantity": "6", "unit_price": "3"}])

    assert line_of(order).wanted == 0


def test_never_below_what_came_or_is_on_the_way(order: Paper, chloe: Person) -> None:
    received(order, "A-1", 20)
    announced(order, "A-2", 5)
    case = _begin(order, chloe)
    assert case.data["amendment"]["lines"][0]["came"] == "25"

    with pytest.raises(BelowWhatCame):
        _change(case, chloe, quantity="24")
    _change(case, chloe, quantity="25")

    assert line_of(order).wanted == 25


def test_the_price_of_goods_that_came_stays(order: Paper, chloe: Person) -> None:
    received(order, "A-1", 20)
    case = _begin(order, chloe)

    with pytest.raises(PriceIsFixed):
        _change(case, chloe, unit_price="9")


def test_a_change_that_changes_nothing_is_refused(case: Case, chloe: Person) -> None:
    with pytest.raises(NothingChanged):
        _change(case, chloe)


def test_a_change_may_be_given_up(case: Case, order: Paper, chloe: Person) -> None:
    _change(case, chloe, decision="drop")

    assert case.status == "finished"
    assert versions(order) == [(1, "issued")]


def test_an_expensive_change_is_approved_and_a_refused_one_comes_back(
    case: Case, order: Paper, chloe: Person, petra: Person
) -> None:
    _change(case, chloe, quantity="4000")
    assert case.open == ["approve_as_manager"]

    case.complete(
        "approve_as_manager", by=petra, manager_decision="refuse", manager_reason="Too many"
    )

    assert case.open == ["change_order"]
    assert case.data["amendment"]["problem"] == "Too many"
    assert line_of(order).wanted == 40
    assert versions(order) == [(1, "issued"), (2, "abandoned")]


def test_goods_that_come_during_the_approval_bring_it_back(
    order: Paper, chloe: Person, petra: Person
) -> None:
    case = _begin(order, chloe)
    in_transaction(lambda: a_sku("SALT").id)
    dear = [{"sku": "SALT", "quantity": "6", "unit_price": "30000"}]
    _change(case, chloe, quantity="10", added=dear)
    announced(order, "A-1", 30)

    case.complete("approve_as_manager", by=petra, manager_decision="approve")

    assert case.open == ["change_order"]
    assert "30 of FLOUR" in case.data["amendment"]["problem"]
    assert line_of(order).wanted == 40


def test_an_order_the_supplier_has_not_confirmed_is_not_changed(flour: Sku, chloe: Person) -> None:
    with pytest.raises(NotConfirmedYet):
        _begin(a_sent_order(flour, 40), chloe)


def test_an_order_that_is_closed_is_not_changed(order: Paper, chloe: Person) -> None:
    received(order, "A-1", 40)

    with pytest.raises(OrderNotOpen):
        _begin(order, chloe)


def test_a_change_begins_where_the_goods_go(order: Paper, chloe: Person) -> None:
    case = Case.start("order_amendment", {"scope": "site:OTHER"}, by=chloe.id)
    in_transaction(lambda: _grant_elsewhere(chloe))

    with pytest.raises(OrderOfAnotherPlace):
        case.complete("choose_order", by=chloe, po_no=order["po_no"], amendment_reason="Rain")


def test_what_is_taken_out_is_chased_no_more(order: Paper, chloe: Person) -> None:
    delivery = followed(order)
    while not chases.missing_on(line_of(order).id):
        wait_for_next_timer(delivery)
    case = _begin(order, chloe)

    _change(case, chloe, quantity="30")

    assert [each.missing for each in chases.missing_on(line_of(order).id)] == [30]
    assert the_case("supplier_chase").status == "open"


def test_a_version_that_could_not_be_issued_is_issued_later(
    case: Case, order: Paper, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(amending, "issue", break_down)
    _change(case, chloe, quantity="55")
    assert line_of(order).wanted == 40

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert line_of(order).wanted == 55


def _begin(order: Paper, by: Person) -> Case:
    case = Case.start("order_amendment", {"scope": "site:MAIN"}, by=by.id)
    case.complete("choose_order", by=by, po_no=order["po_no"], amendment_reason="Rain")
    return case


def _change(
    case: Case,
    by: Person,
    *,
    decision: str = "propose",
    added: list[dict[str, Any]] | None = None,
    **changes: str,
) -> None:
    row = {"quantity": "40", "unit_price": "10", **changes}
    amendment = {"lines": [row], "added": added or [], "reason": "Rain"}
    case.complete("change_order", by=by, amendment=amendment, amendment_decision=decision)


def _grant_elsewhere(person: Person) -> None:
    memberships.grant(db.session.merge(person), "buyer", "site:OTHER")
