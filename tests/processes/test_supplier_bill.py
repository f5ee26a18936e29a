"""Bills: matched three ways, freight spread to the cent, each booked once."""

from datetime import timedelta

import pytest
from flask import Flask

from app.domain.payables.bills import BillDoesNotAdd, BillKnown
from app.domain.payables.proposals import NothingNamed
from app.domain.supply.receipts import ReceiptLine
from app.effects.bill_sheets import NothingBilled
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db
from tests.builders.books import booked, is_proven, pool, sold
from tests.builders.seen import seen
from tests.builders.steps import in_a_step
from tests.processes import billing
from tests.processes.play import messages
from tests.workflow.play import Case

OWED = "received_not_billed"


def test_a_bill_as_ordered_is_booked_at_once(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.recorded(wang, total="5250", tax="250")
    (row,) = case.data["proposal"]["goods"]
    assert (row["sku"], row["open"], row["agreed"]) == ("FLOUR", "100", "50 TWD")

    billing.match(case, wang)

    assert case.status == "finished"
    assert booked("stock", OWED, "input_tax", "payables") == [500_000, 0, 25_000, -525_000]
    assert is_proven()


def test_a_settled_bill_is_told_to_the_order(flour_line: ReceiptLine, wang: Person) -> None:
    assert not billing.stands(flour_line).is_settled

    case = billing.recorded(wang, total="5000")
    billing.match(case, wang)

    stands = billing.stands(flour_line)
    assert seen(stands.accepted, stands.billed, stands.is_settled) == (100, 100, True)
    (told,) = messages("order_billed")
    assert told == {"po_no": billing.po_no(flour_line), "bill_no": "B-000001", "is_settled": True}


def test_part_of_an_order_is_billed_and_the_rest_is_proposed_next(
    flour_line: ReceiptLine, wang: Person
) -> None:
    billing.match(billing.recorded(wang, total="2000"), wang, {"quantity": "40"})
    assert not billing.stands(flour_line).is_settled

    (row,) = billing.recorded(wang, number="H-2", total="3000").data["proposal"]["goods"]

    assert row["open"] == "60"


def test_what_went_back_before_it_was_billed_is_not_waited_for(
    flour_line: ReceiptLine, wang: Person
) -> None:
    in_a_step(lambda: billing.send_back(flour_line, 30))

    billing.match(billing.recorded(wang, total="3500"), wang)

    stands = billing.stands(flour_line)
    assert seen(stands.accepted, stands.billed, stands.is_settled) == (100, 70, True)


def test_freight_two_weeks_later_moves_exactly_the_right_cents(app: Flask, wang: Person) -> None:
    """12,950 over 40 units at 11,800 and 120 m at 50; 15 units and 30 m are sold by then."""
    codes = [f"BA28-{n:03}" for n in range(40)]
    unit, pipe = billing.bring(("BA-28", 40, "11800", codes), ("PIPE", 120, "50", []))
    in_a_step(lambda: sold(db.session.merge(unit), 15, *codes[:15]))
    in_a_step(lambda: sold(db.session.merge(pipe), 30))
    before = [billing.worth_of(unit), billing.worth_of(pipe)]
    clock.turn(timedelta(days=14))
    case = billing.recorded(wang, kind="freight", total="12950", references="R-000001\nR-000002")

    billing.match(case, wang, basis="value", rows="carried")

    # By value the units bear 12,787.45 and the pipe 162.55. Of the units 25 are left: ten at
    # 319.69 and fifteen at 319.68; of the pipe 90 of 120 m. What was sold bears the rest, today.
    assert [billing.worth_of(unit) - before[0], billing.worth_of(pipe) - before[1]] == [
        799_210,
        12_191,
    ]
    assert booked("payables", "cost_of_sales") == [-1_295_000, 17_850_000 + 483_599]
    assert is_proven()


@pytest.mark.parametrize(
    ("basis", "stock"), [("value", [10_000, 30_000]), ("quantity", [20_000, 20_000])]
)
def test_freight_is_spread_as_the_person_says(
    app: Flask, wang: Person, basis: str, stock: list[int]
) -> None:
    flour, rice = billing.bring(("FLOUR", 10, "10", []), ("RICE", 10, "30", []))
    case = billing.recorded(wang, kind="freight", total="400", references="R-000001\nR-000002")

    billing.match(case, wang, basis=basis, rows="carried")

    assert [billing.worth_of(flour) - 10_000, billing.worth_of(rice) - 30_000] == stock


def test_freight_by_weight_asks_for_the_weights(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.recorded(wang, kind="freight", total="400", references=flour_line.receipt.number)

    billing.match(case, wang, {"weight": "12.5", "bears": "true"}, basis="weight", rows="carried")

    assert pool(db.session.merge(flour_line).sku) == (100, 540_000)


def test_a_carriers_bill_says_which_goods_it_is_about(
    flour_line: ReceiptLine, wang: Person
) -> None:
    with pytest.raises(NothingNamed):
        billing.recorded(wang, kind="freight", total="400")


def test_freight_on_the_goods_own_bill_is_borne_by_them(
    flour_line: ReceiptLine, wang: Person
) -> None:
    billing.match(billing.recorded(wang, total="5100"), wang, {}, extra="100")

    assert pool(db.session.merge(flour_line).sku) == (100, 510_000)


def test_a_bill_is_recorded_once(flour_line: ReceiptLine, wang: Person) -> None:
    billing.match(billing.recorded(wang, total="2000"), wang, {"quantity": "40"})

    with pytest.raises(BillKnown, match="B-000001"):
        billing.match(billing.recorded(wang, total="3000"), wang)


def test_lines_that_do_not_add_up_to_the_total_are_refused(
    flour_line: ReceiptLine, wang: Person
) -> None:
    with pytest.raises(BillDoesNotAdd, match=r"5000\.00 TWD; the bill says 4999\.00"):
        billing.match(billing.recorded(wang, total="4999"), wang)


def test_a_bill_is_for_something(flour_line: ReceiptLine, wang: Person) -> None:
    with pytest.raises(NothingBilled):
        billing.match(billing.recorded(wang, total="0"), wang, {"quantity": "0"})


def test_a_bill_can_be_dropped_before_anything_is_recorded(app: Flask, wang: Person) -> None:
    case = Case.start("supplier_bill", by=wang.id)

    case.complete("record_bill", by=wang, record_way="drop", bill={"kind": "goods"})

    assert case.status == "finished"
    assert billing.kept() == []


def test_a_dropped_bill_may_be_recorded_again(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.differing(wang)
    billing.resolve(case, wang, "correct")
    case.complete("record_bill", by=wang, record_way="drop", bill={"kind": "goods"})
    assert (case.status, [bill.dropped_at is None for bill in billing.kept()]) == (
        "finished",
        [False],
    )

    billing.match(billing.recorded(wang, total="5000"), wang)

    assert [(bill.status, bill.dropped_at) for bill in billing.kept()] == [("accepted", None)]
