"""A bill that never comes is asked for until it does, or the goods are free of charge."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.payables import bill_chases, standing
from app.domain.payables.bill_chases import NothingUnbilled
from app.domain.supply import debit_notes, recalls, supplier_returns, withdrawals
from app.domain.supply.receipts import Receipt
from app.domain.supply.supplier_returns import Wanted
from app.effects.papers import Paper
from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.money import Money
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.books import pool
from tests.builders.steps import in_a_step
from tests.processes.following import (
    a_confirmed_order,
    bill,
    followed,
    order_of,
    received,
)
from tests.processes.ordering import letters, with_address
from tests.processes.play import break_down, cases, the_case, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def order(flour: Sku) -> Paper:
    """40 FLOUR at 10 came and were accepted; no bill did."""
    order = a_confirmed_order(flour, 40)
    with_address()
    return order


@pytest.fixture
def delivery(order: Paper) -> Case:
    case = followed(order)
    received(order, "A-1", 40)
    return case


@pytest.fixture
def chase(delivery: Case) -> Case:
    """Ten working days have passed."""
    while not cases("bill_chase"):
        wait_for_next_timer(delivery)
    return the_case("bill_chase")


def test_the_supplier_is_asked_once_the_bill_is_overdue(delivery: Case) -> None:
    wait_for_next_timer(delivery)
    assert cases("bill_chase") == []

    while not cases("bill_chase"):
        wait_for_next_timer(delivery)

    assert letters()[-1].startswith(f"{the_case('bill_chase').data['po_no']}: your bill is missing")
    wait_for_next_timer(delivery)
    assert len(cases("bill_chase")) == 1


def test_finance_reads_when_the_supplier_was_written_to_and_whom_to_reach(chase: Case) -> None:
    asked = chase.data["asked"]

    assert asked["contact"].endswith(asked["written_to"])
    assert asked["written_on"] == clock.now().date().isoformat()


def test_a_bill_that_comes_ends_the_chase(chase: Case, delivery: Case, order: Paper) -> None:
    bill(order)

    assert [chase.status, delivery.status] == ["finished"] * 2
    assert _outcomes(order) == ["billed"]


def test_half_a_bill_leaves_the_other_half_asked_for(chase: Case, order: Paper) -> None:
    bill(order, quantity=15)

    wait_for_next_timer(chase)

    assert chase.open == ["find_bill"]
    assert [row["quantity"] for row in chase.data["unbilled"]] == ["25"]


def test_finance_may_ask_again(chase: Case, fiona: Person) -> None:
    wait_for_next_timer(chase)

    _find(chase, fiona, "ask_again")
    assert chase.open == []
    assert [subject for subject in letters() if "your bill" in subject] != []
    wait_for_next_timer(chase)

    assert chase.open == ["find_bill"]


def test_free_goods_are_owed_nothing_and_cost_nothing(
    chase: Case, delivery: Case, order: Paper, flour: Sku, fiona: Person, petra: Person
) -> None:
    wait_for_next_timer(chase)
    _find(chase, fiona, "free")

    _confirm(chase, petra, "confirm")

    assert [chase.status, delivery.status] == ["finished"] * 2
    assert _outcomes(order) == ["free"]
    assert standing.order_standing(order_of(order)).is_settled
    assert pool(db.session.merge(flour)) == (Decimal(40), 1)  # the last minor unit stays
    assert _broken() <= {"I9"}


def test_goods_noted_as_free_owe_nothing_when_they_go_back(
    chase: Case, order: Paper, fiona: Person, petra: Person
) -> None:
    wait_for_next_timer(chase)
    _find(chase, fiona, "free")
    _confirm(chase, petra, "confirm")

    assert _debited(order, 8) is None


def test_goods_of_which_part_was_free_owe_what_they_cost_when_they_go_back(
    chase: Case, order: Paper, fiona: Person, petra: Person
) -> None:
    bill(order, quantity=15)
    wait_for_next_timer(chase)
    _find(chase, fiona, "free")
    _confirm(chase, petra, "confirm")

    assert _debited(order, 8) == Money(30_00, "TWD")  # 15 of 40 cost 10 each
    assert _debited(order, 32) == Money(120_00, "TWD")


def test_a_manager_who_refuses_lets_the_supplier_be_asked_again(
    chase: Case, fiona: Person, petra: Person
) -> None:
    wait_for_next_timer(chase)
    _find(chase, fiona, "free")

    _confirm(chase, petra, "refuse")

    assert (chase.status, chase.open) == ("open", [])
    assert len(chase.timers) == 1


def test_who_found_out_does_not_confirm(chase: Case, fiona: Person) -> None:
    in_transaction(
        lambda: memberships.grant(db.session.merge(fiona), "purchasing_manager", "site:MAIN")
    )
    wait_for_next_timer(chase)
    _find(chase, fiona, "free")

    with pytest.raises(SomeoneElseMust):
        _confirm(chase, fiona, "confirm")


def test_what_is_billed_is_not_free(order: Paper, delivery: Case) -> None:
    chase_no = in_a_step(lambda: _opened(order))
    bill_no_more = in_a_step(lambda: bill_chases.note_free(bill_chases.locked(chase_no)).number)
    assert bill_no_more

    again = in_a_step(lambda: _opened(order))
    with pytest.raises(NothingUnbilled):
        in_a_step(lambda: bill_chases.note_free(bill_chases.locked(again)))


def test_goods_that_cost_nothing_are_not_asked_for(flour: Sku) -> None:
    order = a_confirmed_order(flour, 40, price="0")
    case = followed(order)

    received(order, "A-1", 40)

    assert case.status == "finished"


def test_a_letter_that_failed_is_written_later(
    delivery: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.effects.letters.missing_bill", break_down)
    while not cases("bill_chase"):
        wait_for_next_timer(delivery)
    chase = the_case("bill_chase")
    assert chase.timers == []

    monkeypatch.undo()
    (incident,) = chase.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert len(chase.timers) == 1


def _find(case: Case, by: Person, way: str) -> None:
    case.complete("find_bill", by=by, bill_note="They looked", bill_way=way)


def _confirm(case: Case, by: Person, way: str) -> None:
    note = {"free_note": "They sent no gift"} if way == "refuse" else {}
    case.complete("confirm_free", by=by, free_way=way, **note)


def _opened(order: Paper) -> str:
    chase = bill_chases.open_for(order_of(order))
    assert chase is not None
    return chase.number


def _outcomes(order: Paper) -> list[str]:
    db.session.rollback()
    query = db.session.query(bill_chases.BillChase).filter_by(order_id=order_of(order).id)
    return [chase.outcome for chase in query]


def _debited(order: Paper, quantity: int) -> Money | None:
    """What the supplier owes for accepted goods that turn out bad and go back."""

    def step() -> Money | None:
        (receipt,) = db.session.scalars(select(Receipt).filter_by(order_id=order_of(order).id))
        recall = recalls.open_for(recalls.of_receipt(receipt), reason="They split")
        withdrawals.confirm(recall, {1: Decimal(quantity)})
        slip = supplier_returns.open_for(receipt, [1], reason="recall")
        goods = {1: Wanted(Decimal(quantity))}
        supplier_returns.authorise(slip, goods, settlement="credit", freight_payer="supplier")
        supplier_returns.ship(slip, goods)
        note = debit_notes.issue(slip)
        return note.total if note else None

    return in_a_step(step)


def _broken() -> set[str]:
    db.session.rollback()
    return {result.code for result in proof.run() if not result.holds}
