"""Returning goods: nothing leaves that was not authorised, and its price is followed to the end."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.supply import asns, purchase_orders, receipts, supplier_returns
from app.domain.supply.asns import Announced
from app.domain.supply.claims import CreditDiffers
from app.domain.supply.debit_notes import DebitNote
from app.domain.supply.reinspections import NobodyJudged
from app.domain.supply.supplier_returns import (
    MoreThanRejected,
    NotAsAuthorised,
    NothingGoesBack,
    NothingToReplace,
    NotThisUnit,
    UnitMissing,
)
from app.effects import papers
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.errors import NotFound
from app.kernel.money import TooManyDecimals
from app.workflow import inbox, incidents
from app.workflow.completion import Completion
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import NotYourRole
from tests.builders.goods import a_sku
from tests.processes.play import (
    a_counted_delivery,
    a_delivery,
    break_down,
    cases,
    messages,
    on_hand,
    the_case,
    wait_for_next_timer,
)
from tests.processes.returning import authorise, judge, ship, three_rejected
from tests.workflow.play import Case, tell


@pytest.fixture
def goods(flour: Sku, bruno: Person, kai: Person) -> Case:
    """Of 40 FLOUR at 12.345, Kai rejected 3."""
    price = Decimal("12.345")
    return three_rejected(flour, counted_by=bruno, inspected_by=kai, price=price)


@pytest.fixture
def units(unit: Sku, bruno: Person, kai: Person) -> Case:
    """Of three units Kai rejected A2 and A3."""
    a_counted_delivery(unit, ordered=3, counted=3, by=bruno, serials="A1\nA2\nA3")
    judge(kai, accepted="1", rejected="2", rejected_serials="A2\nA3")
    return the_case("supplier_return")


@pytest.fixture
def owed(goods: Case, chloe: Person, bruno: Person) -> Case:
    """The goods have left; Borea owes 37.04."""
    authorise(goods, chloe, quantity="3")
    ship(goods, bruno, shipped="3")
    return goods


def test_what_was_rejected_and_is_told_twice_goes_back_once(goods: Case, units: Case) -> None:
    receipt = receipts.by_number(goods.data["receipt_no"])
    told = papers.to_return(receipt, receipt.lines, "inspection")
    db.session.rollback()

    tell("rejected", receipt.number, told)

    assert the_case("supplier_return").status == "finished"
    assert (goods.open, units.open) == (["authorise_return"], ["authorise_return"])
    assert all(result.holds for result in proof.run())


def test_rejected_goods_are_to_be_returned(goods: Case) -> None:
    assert goods.open == ["authorise_return"]
    (row,) = goods.data["slip"]["lines"]
    assert (row["sku"], row["quantity"]) == ("FLOUR", "3")


def test_accepted_goods_are_not_returned(flour: Sku, bruno: Person, kai: Person) -> None:
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno)
    judge(kai, accepted="40", rejected="0")

    assert cases("supplier_return") == []


def test_from_rejection_to_credit(
    goods: Case, flour: Sku, chloe: Person, sven: Person, bruno: Person, fiona: Person
) -> None:
    authorise(goods, chloe, "ask", quantity="3")
    goods.complete("agree_return", by=sven, agreement="agree")
    ship(goods, bruno, shipped="3")
    assert on_hand(flour, "MAIN-REJECT") == Decimal(0)

    _credit(goods, fiona, amount="37.04")

    assert goods.status == "finished"
    assert goods.data["credited"]["missing"] == "0.00"
    assert [told["bill_no"] for told in messages("order_billed")] == ["DN-000001"]
    assert _proof() == []


@pytest.mark.parametrize("kind", ["surplus", "wrong goods"])
def test_what_nobody_ordered_leaves_the_books_as_they_were(
    flour: Sku, bruno: Person, chloe: Person, kind: str
) -> None:
    back = _not_ordered(flour, bruno, chloe, kind)
    authorise(back, chloe, quantity="10")
    ship(back, bruno, shipped="10")

    assert back.status == "finished"
    assert _proof() == []


def test_goods_nobody_ordered_are_not_looked_at_again(
    flour: Sku, bruno: Person, chloe: Person, sven: Person
) -> None:
    back = _not_ordered(flour, bruno, chloe, "surplus")
    authorise(back, chloe, "ask", quantity="10")

    with pytest.raises(NobodyJudged):
        back.complete("agree_return", by=sven, agreement="dispute", objection="They are good")

    assert back.open == ["agree_return"]


def test_the_debit_note_charges_what_the_goods_cost_when_they_came(owed: Case) -> None:
    (note,) = db.session.scalars(select(DebitNote))

    assert (note.total_minor, note.currency) == (3704, "TWD")
    assert owed.data["debit"]["total"] == "37.04"
    assert note.effect_key.startswith(f"{owed.id}:issue_debit_note")


def test_partial_returns_of_one_receipt_add_up_to_its_cost_to_the_cent(
    goods: Case, chloe: Person, bruno: Person
) -> None:
    receipt_no, line_nos = goods.data["receipt_no"], goods.data["line_nos"]
    authorise(goods, chloe, quantity="1")
    ship(goods, bruno, shipped="1")
    for _ in range(2):
        payload = {**goods.data, "reason": "inspection"}
        kept = ("receipt_no", "asn_no", "po_no", "supplier", "supplier_name", "scope")
        goods.tell(
            "rejected",
            receipt_no,
            {**{name: payload[name] for name in kept}, "line_nos": line_nos, "reason": "x"},
        )
        authorise(the_case("supplier_return"), chloe, quantity="1")
        ship(the_case("supplier_return"), bruno, shipped="1")

    db.session.rollback()
    amounts = list(db.session.scalars(select(DebitNote.total_minor).order_by(DebitNote.id)))
    assert amounts == [1235, 1234, 1235]


def test_the_supplier_finds_the_question_in_their_inbox_and_nobody_else_does(
    goods: Case, chloe: Person, sven: Person, bruno: Person
) -> None:
    authorise(goods, chloe, "ask", quantity="3")

    assert _inbox(sven) == ["agree_return"]
    assert "agree_return" not in _inbox(bruno)


def test_another_supplier_sees_nothing_of_it(goods: Case, chloe: Person, nora: Person) -> None:
    authorise(goods, chloe, "ask", quantity="3")

    assert _inbox(nora) == []
    with pytest.raises(NotFound):
        goods.complete("agree_return", by=nora, agreement="agree")


def test_an_objection_comes_back_to_the_buyer(goods: Case, chloe: Person, sven: Person) -> None:
    authorise(goods, chloe, "ask", quantity="3")

    goods.complete("agree_return", by=sven, agreement="object", objection="It was fine here")

    assert goods.open == ["authorise_return"]
    assert goods.data["objection"] == "It was fine here"
    authorise(goods, chloe, quantity="2")
    assert goods.open == ["ship_return"]


def test_an_objection_says_why(goods: Case, chloe: Person, sven: Person) -> None:
    authorise(goods, chloe, "ask", quantity="3")

    with pytest.raises(InvalidAnswers):
        goods.complete("agree_return", by=sven, agreement="object")


def test_after_five_working_days_of_silence_the_goods_go_back_anyway(
    goods: Case, chloe: Person, bruno: Person
) -> None:
    authorise(goods, chloe, "ask", quantity="3")

    wait_for_next_timer(goods)

    assert goods.open == ["ship_return"]
    ship(goods, bruno, shipped="3")
    assert goods.open == ["record_credit"]


@pytest.mark.parametrize("quantity", ["4", "40"])
def test_only_rejected_goods_go_back(goods: Case, chloe: Person, quantity: str) -> None:
    with pytest.raises(MoreThanRejected, match="3 of FLOUR"):
        authorise(goods, chloe, quantity=quantity)


def test_a_return_returns_something(goods: Case, chloe: Person) -> None:
    with pytest.raises(NothingGoesBack):
        authorise(goods, chloe, quantity="0")

    assert goods.open == ["authorise_return"]


def test_what_the_buyer_keeps_stays_aside(
    goods: Case, flour: Sku, chloe: Person, bruno: Person
) -> None:
    authorise(goods, chloe, quantity="2")
    ship(goods, bruno, shipped="2")

    assert on_hand(flour, "MAIN-REJECT") == Decimal(1)


def test_another_quantity_than_authorised_does_not_leave(
    goods: Case, flour: Sku, chloe: Person, bruno: Person
) -> None:
    authorise(goods, chloe, quantity="3")

    with pytest.raises(NotAsAuthorised, match=r"3 of FLOUR .* 2 were counted"):
        ship(goods, bruno, shipped="2")

    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)


def test_units_leave_by_their_codes(units: Case, unit: Sku, chloe: Person, bruno: Person) -> None:
    authorise(units, chloe, serials="A2\nA3")

    ship(units, bruno, scanned="A3\nA2")

    assert on_hand(unit, "MAIN-REJECT") == Decimal(0)
    assert _proof() == []


def test_a_wrong_unit_does_not_leave(units: Case, unit: Sku, chloe: Person, bruno: Person) -> None:
    authorise(units, chloe, serials="A2\nA3")

    with pytest.raises(NotThisUnit, match="A1"):
        ship(units, bruno, scanned="A1\nA2\nA3")

    assert on_hand(unit, "MAIN-REJECT") == Decimal(2)


def test_a_missing_unit_holds_the_shipment(units: Case, chloe: Person, bruno: Person) -> None:
    authorise(units, chloe, serials="A2\nA3")

    with pytest.raises(UnitMissing, match="A3"):
        ship(units, bruno, scanned="A2")

    assert units.open == ["ship_return"]


def test_an_accepted_unit_is_not_returned(units: Case, chloe: Person) -> None:
    with pytest.raises(NotThisUnit, match="A1"):
        authorise(units, chloe, serials="A1")


def test_goods_that_are_not_there_bring_the_return_back_to_the_buyer(
    units: Case, chloe: Person, bruno: Person
) -> None:
    authorise(units, chloe, serials="A2\nA3")

    units.complete(
        "ship_return", by=bruno, shipping="not_as_authorised", shipping_note="A3 is nowhere"
    )

    assert units.open == ["authorise_return"]
    authorise(units, chloe, serials="A2")
    ship(units, bruno, scanned="A2")
    assert units.status == "finished"


def test_a_replacement_may_come_with_the_next_notice(
    goods: Case, chloe: Person, bruno: Person
) -> None:
    order = purchase_orders.by_number(goods.data["po_no"])
    assert order.status == "closed"

    authorise(goods, chloe, quantity="3", settlement="replacement")
    ship(goods, bruno, shipped="3")

    assert goods.status == "finished"
    in_transaction(lambda: asns.announce("N-2", order=_order(goods), lines=[_three()]).id)
    assert (_order(goods).status, _order(goods).lines[0].open) == ("open", Decimal(3))
    assert _proof() == []


def test_goods_nobody_ordered_are_not_replaced_and_owe_nothing(
    flour: Sku, bruno: Person, chloe: Person
) -> None:
    in_transaction(lambda: a_sku("RICE").id)
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "40"}, by=bruno, wrong=({"sku": "RICE", "quantity": "2"},))
    case = the_case("supplier_return")

    with pytest.raises(NothingToReplace):
        authorise(case, chloe, quantity="2", settlement="replacement")
    authorise(case, chloe, quantity="2")
    ship(case, bruno, shipped="2")

    assert case.status == "finished"
    assert case.data["debit"]["debit_no"] is None


def test_after_fourteen_working_days_finance_presses_for_the_credit(
    owed: Case, fiona: Person
) -> None:
    wait_for_next_timer(owed)

    assert owed.open == ["press_for_credit", "record_credit"]
    owed.complete("press_for_credit", by=fiona, pressing="By Friday")
    assert owed.open == ["record_credit"]


def test_a_credit_takes_the_pressing_away(owed: Case, fiona: Person) -> None:
    wait_for_next_timer(owed)

    _credit(owed, fiona, amount="37.04")

    assert (owed.status, owed.open) == ("finished", [])


def test_a_smaller_credit_needs_a_reason(owed: Case, fiona: Person) -> None:
    with pytest.raises(CreditDiffers, match=r"37.04 TWD, the credit for 30.00"):
        _credit(owed, fiona, amount="30")

    _credit(owed, fiona, amount="30", reason="Freight kept")
    assert owed.data["credited"]["missing"] == "7.04"


def test_a_credit_is_no_finer_than_its_currency(owed: Case, fiona: Person) -> None:
    with pytest.raises(TooManyDecimals):
        _credit(owed, fiona, amount="37.041")

    assert owed.open == ["record_credit"]


def test_who_authorised_the_return_does_not_record_its_credit(owed: Case, chloe: Person) -> None:
    with pytest.raises(NotYourRole):
        _credit(owed, chloe, amount="37.04")


def test_a_broken_shipment_is_kept_and_booked_later(
    goods: Case, flour: Sku, chloe: Person, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorise(goods, chloe, quantity="3")
    monkeypatch.setattr(supplier_returns, "ship", break_down)
    ship(goods, bruno, shipped="3")
    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)

    monkeypatch.undo()
    (incident,) = goods.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "MAIN-REJECT") == Decimal(0)
    assert goods.open == ["record_credit"]


def _credit(case: Case, by: Person, **answers: str) -> Completion:
    return case.complete("record_credit", by=by, credit={"number": "CN-9", **answers})


def _not_ordered(flour: Sku, bruno: Person, chloe: Person, kind: str) -> Case:
    """The return of ten pieces that came and nobody wanted."""
    if kind == "surplus":
        delivery = a_counted_delivery(flour, ordered=100, counted=110, by=bruno)
        over = [{"decision": "return"}]
        delivery.complete("decide_over_delivery", by=chloe, booking={"over": over})
    else:
        in_transaction(lambda: a_sku("SUGAR").id)
        delivery = a_delivery((flour, 40))
        delivery.check_in(by=bruno)
        strange = {"sku": "SUGAR", "quantity": "10"}
        delivery.count({"counted": "40"}, by=bruno, wrong=(strange,))
    return the_case("supplier_return")


def _order(case: Case) -> purchase_orders.PurchaseOrder:
    db.session.rollback()
    return purchase_orders.by_number(case.data["po_no"])


def _three() -> Announced:
    return Announced(1, Decimal(3))


def _inbox(person: Person) -> list[str]:
    db.session.rollback()
    return [row.element_id for row in inbox.page(person, view=inbox.ROLES).rows]


def _proof() -> list[str]:
    db.session.rollback()
    return [result.code for result in proof.run() if not result.holds]
