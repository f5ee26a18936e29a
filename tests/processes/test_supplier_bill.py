"""Bills: matched three ways, disputed or accepted, approved by a second person, booked once."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.finance import rates
from app.domain.payables import settling, standing
from app.domain.payables.bills import Bill, BillDoesNotAdd, BillKnown
from app.domain.payables.proposals import NothingNamed
from app.domain.payables.settling import BilledTooMuch
from app.domain.payables.standing import OrderStanding
from app.domain.supply import purchase_orders, suppliers
from app.domain.supply.receipts import ReceiptLine
from app.effects.bill_sheets import NothingBilled
from app.effects.supplier_bill import MoreThanAccepted
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.books import booked, bought, in_stock, is_proven, pool, sent_back, sold
from tests.builders.goods import a_sku
from tests.builders.seen import seen
from tests.builders.steps import in_a_step
from tests.processes.play import break_down, messages, priority, wait_for_next_timer
from tests.workflow.play import Case

OWED = "received_not_billed"


@pytest.fixture
def wang(app: Flask) -> Person:
    """Finance of the whole company."""
    return _finance("wang")


@pytest.fixture
def finn(app: Flask) -> Person:
    """Her colleague."""
    return _finance("finn")


@pytest.fixture
def flour_line(app: Flask) -> ReceiptLine:
    """100 FLOUR at 50 from Borea, on the shelf."""
    return in_a_step(lambda: in_stock(a_sku("FLOUR"), 100, "50"))


def test_a_bill_as_ordered_is_booked_at_once(flour_line: ReceiptLine, wang: Person) -> None:
    case = _recorded(wang, total="5250", tax="250")
    (row,) = case.data["proposal"]["goods"]
    assert (row["sku"], row["open"], row["agreed"]) == ("FLOUR", "100", "50 TWD")

    _match(case, wang)

    assert case.status == "finished"
    assert booked("stock", OWED, "input_tax", "payables") == [500_000, 0, 25_000, -525_000]
    assert is_proven()


def test_a_settled_bill_is_told_to_the_order(flour_line: ReceiptLine, wang: Person) -> None:
    assert not _standing(flour_line).is_settled

    case = _recorded(wang, total="5000")
    _match(case, wang)

    stands = _standing(flour_line)
    assert seen(stands.accepted, stands.billed, stands.is_settled) == (100, 100, True)
    (told,) = messages("order_billed")
    assert told == {"po_no": _po_no(flour_line), "bill_no": "B-000001", "is_settled": True}


def test_part_of_an_order_is_billed_and_the_rest_is_proposed_next(
    flour_line: ReceiptLine, wang: Person
) -> None:
    _match(_recorded(wang, total="2000"), wang, {"quantity": "40"})
    assert not _standing(flour_line).is_settled

    (row,) = _recorded(wang, number="H-2", total="3000").data["proposal"]["goods"]

    assert row["open"] == "60"


def test_freight_two_weeks_later_moves_exactly_the_right_cents(app: Flask, wang: Person) -> None:
    """12,950 over 40 units at 11,800 and 120 m at 50; 15 units and 30 m are sold by then."""
    codes = [f"BA28-{n:03}" for n in range(40)]
    unit, pipe = _bring(("BA-28", 40, "11800", codes), ("PIPE", 120, "50", []))
    in_a_step(lambda: sold(db.session.merge(unit), 15, *codes[:15]))
    in_a_step(lambda: sold(db.session.merge(pipe), 30))
    before = [_worth(unit), _worth(pipe)]
    clock.turn(timedelta(days=14))
    case = _recorded(wang, kind="freight", total="12950", references="R-000001\nR-000002")

    _match(case, wang, basis="value", rows="carried")

    # By value the units bear 12,787.45 and the pipe 162.55. Of the units 25 are left: ten at
    # 319.69 and fifteen at 319.68; of the pipe 90 of 120 m. What was sold bears the rest, today.
    assert [_worth(unit) - before[0], _worth(pipe) - before[1]] == [799_210, 12_191]
    assert booked("payables", "cost_of_sales") == [-1_295_000, 17_850_000 + 483_599]
    assert is_proven()


@pytest.mark.parametrize(
    ("basis", "stock"), [("value", [10_000, 30_000]), ("quantity", [20_000, 20_000])]
)
def test_freight_is_spread_as_the_person_says(
    app: Flask, wang: Person, basis: str, stock: list[int]
) -> None:
    flour, rice = _bring(("FLOUR", 10, "10", []), ("RICE", 10, "30", []))
    case = _recorded(wang, kind="freight", total="400", references="R-000001\nR-000002")

    _match(case, wang, basis=basis, rows="carried")

    assert [_worth(flour) - 10_000, _worth(rice) - 30_000] == stock


def test_freight_by_weight_asks_for_the_weights(flour_line: ReceiptLine, wang: Person) -> None:
    case = _recorded(wang, kind="freight", total="400", references=flour_line.receipt.number)

    _match(case, wang, {"weight": "12.5", "bears": "true"}, basis="weight", rows="carried")

    assert pool(db.session.merge(flour_line).sku) == (100, 540_000)


def test_a_carriers_bill_says_which_goods_it_is_about(
    flour_line: ReceiptLine, wang: Person
) -> None:
    with pytest.raises(NothingNamed):
        _recorded(wang, kind="freight", total="400")


def test_freight_on_the_goods_own_bill_is_borne_by_them(
    flour_line: ReceiptLine, wang: Person
) -> None:
    _match(_recorded(wang, total="5100"), wang, {}, extra="100")

    assert pool(db.session.merge(flour_line).sku) == (100, 510_000)


def test_a_bill_is_recorded_once(flour_line: ReceiptLine, wang: Person) -> None:
    _match(_recorded(wang, total="2000"), wang, {"quantity": "40"})

    with pytest.raises(BillKnown, match="B-000001"):
        _match(_recorded(wang, total="3000"), wang)


def test_lines_that_do_not_add_up_to_the_total_are_refused(
    flour_line: ReceiptLine, wang: Person
) -> None:
    with pytest.raises(BillDoesNotAdd, match=r"5000\.00 TWD; the bill says 4999\.00"):
        _match(_recorded(wang, total="4999"), wang)


def test_a_bill_is_for_something(flour_line: ReceiptLine, wang: Person) -> None:
    with pytest.raises(NothingBilled):
        _match(_recorded(wang, total="0"), wang, {"quantity": "0"})


def test_a_bill_can_be_dropped_before_anything_is_recorded(app: Flask, wang: Person) -> None:
    case = Case.start("supplier_bill", by=wang.id)

    case.complete("record_bill", by=wang, record_way="drop", bill={"kind": "goods"})

    assert case.status == "finished"
    assert _bills() == []


def test_a_dropped_bill_may_be_recorded_again(flour_line: ReceiptLine, wang: Person) -> None:
    case = _differing(wang)
    _resolve(case, wang, "correct")
    case.complete("record_bill", by=wang, record_way="drop", bill={"kind": "goods"})
    assert (case.status, [bill.dropped_at is None for bill in _bills()]) == ("finished", [False])

    _match(_recorded(wang, total="5000"), wang)

    assert [(bill.status, bill.dropped_at) for bill in _bills()] == [("accepted", None)]


def test_a_price_beyond_tolerance_waits_for_a_decision(
    flour_line: ReceiptLine, wang: Person
) -> None:
    case = _differing(wang)

    assert case.open == ["resolve_mismatch"]
    (line,) = case.data["kept"]["lines"]
    assert (line["asked"], line["agreed"], line["problem"]) == (
        "6000.00",
        "5000.00",
        "price_differs",
    )
    assert booked("payables") == [0]


def test_a_small_difference_needs_nobody(flour_line: ReceiptLine, wang: Person) -> None:
    case = _recorded(wang, total="5100")

    _match(case, wang, {"unit_price": "51"})

    assert case.status == "finished"


def test_an_accepted_difference_goes_where_the_goods_are(
    flour_line: ReceiptLine, wang: Person
) -> None:
    in_a_step(lambda: sold(db.session.merge(flour_line).sku, 25))
    case = _differing(wang)

    _resolve(case, wang, "accept")

    assert case.status == "finished"
    assert pool(db.session.merge(flour_line).sku) == (75, 450_000)
    assert booked("cost_of_sales", OWED, "payables") == [150_000, 0, -600_000]
    assert is_proven()


def test_accepting_never_pays_for_goods_we_have_not_got(app: Flask, wang: Person) -> None:
    in_a_step(lambda: in_stock(a_sku("FLOUR"), 10, "50"))
    case = _recorded(wang, total="600")
    _match(case, wang, {"quantity": "12"})
    assert case.data["kept"]["lines"][0]["problem"] == "more_than_accepted"

    with pytest.raises(MoreThanAccepted, match="12 of FLOUR are billed, 10 may be"):
        _resolve(case, wang, "accept")

    assert case.open == ["resolve_mismatch"]


def test_goods_that_wait_for_a_verdict_are_not_proposed(app: Flask, wang: Person) -> None:
    in_a_step(lambda: bought(a_sku("FLOUR"), 10, "50"))

    assert _recorded(wang, total="500").data["proposal"]["goods"] == []


def test_a_disputed_bill_waits_for_its_supplier(flour_line: ReceiptLine, wang: Person) -> None:
    _write_to("borea@example.com")
    case = _differing(wang)

    _resolve(case, wang, "dispute", "You quoted 50")

    assert (case.open, [bill.status for bill in _bills()]) == (["await_answer"], ["disputed"])
    (letter,) = _letters()
    assert "You quoted 50" in letter["text"]


def test_the_supplier_is_reminded_three_times(flour_line: ReceiptLine, wang: Person) -> None:
    _write_to("borea@example.com")
    case = _differing(wang)
    _resolve(case, wang, "dispute")

    for _ in range(3):
        wait_for_next_timer(case)

    assert (len(_letters()), case.timers, case.open) == (4, [], ["await_answer"])


def test_an_answer_brings_the_bill_back(flour_line: ReceiptLine, wang: Person) -> None:
    case = _differing(wang)
    _resolve(case, wang, "dispute")

    case.complete("await_answer", by=wang, answer={"text": "We will send a new bill"})

    assert case.open == ["resolve_mismatch"]
    assert case.data["answer"]["text"] == "We will send a new bill"
    _resolve(case, wang, "correct")
    _record(case, wang, total="5000")
    _match(case, wang)
    assert (case.status, [bill.total for bill in _bills()]) == ("finished", [500_000])


def test_an_answer_may_come_as_a_message(flour_line: ReceiptLine, wang: Person) -> None:
    case = _differing(wang)
    _resolve(case, wang, "dispute")

    case.tell("bill_answered", "B-000001", {"text": "Agreed: 50"})

    assert case.open == ["resolve_mismatch"]
    assert case.data["answer"] == {"text": "Agreed: 50"}


def test_a_large_bill_needs_a_second_person(app: Flask, wang: Person, finn: Person) -> None:
    case = _large(wang)
    assert case.open == ["approve_bill"]
    assert booked("payables") == [0]

    with pytest.raises(SomeoneElseMust):
        case.complete("approve_bill", by=wang, approval_way="approve")
    case.complete("approve_bill", by=finn, approval_way="approve")

    assert case.status == "finished"
    assert booked("payables") == [-25_000_000]


def test_a_second_person_may_send_it_back(app: Flask, wang: Person, finn: Person) -> None:
    case = _large(wang)

    case.complete("approve_bill", by=finn, approval_way="send_back", return_note="Which order?")

    assert case.open == ["record_bill"]
    assert case.data["return_note"] == "Which order?"


def test_an_approval_nobody_gives_moves_up(app: Flask, wang: Person) -> None:
    case = _large(wang)

    wait_for_next_timer(case)

    assert priority(case, "approve_bill") == 90


def test_what_was_billed_meanwhile_is_told_to_who_approves(
    app: Flask, wang: Person, finn: Person
) -> None:
    case = _large(wang)
    other = _recorded(wang, number="H-2", total="100")
    _match(other, wang, {"quantity": "2"})

    with pytest.raises(BilledTooMuch):
        case.complete("approve_bill", by=finn, approval_way="approve")

    assert case.open == ["approve_bill"]


def test_a_credit_is_for_goods_that_went_back(flour_line: ReceiptLine, wang: Person) -> None:
    _match(_recorded(wang, total="5000"), wang)
    in_a_step(lambda: _send_back(flour_line, 10))
    case = _recorded(wang, kind="credit", number="C-1", total="500")
    assert [row["open"] for row in case.data["proposal"]["goods"]] == ["10"]

    _match(case, wang)

    assert case.status == "finished"
    assert booked(OWED, "payables") == [0, -450_000]


def test_another_currency_is_booked_at_the_rate_of_the_bill(
    flour_line: ReceiptLine, wang: Person
) -> None:
    day = date(2026, 5, 20)
    in_transaction(lambda: rates.enter("USD", day, Decimal("31.5"), by=wang.id).id)
    case = _recorded(wang, currency="usd", total="158.73")
    assert [row["unit_price"] for row in case.data["proposal"]["goods"]] == [""]

    _match(case, wang, {"quantity": "100", "unit_price": "1.5873"})

    assert case.status == "finished"
    assert booked(OWED, "payables") == [0, -500_000]


def test_a_booking_that_breaks_is_kept_and_done_later(
    flour_line: ReceiptLine, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "accept", break_down)
    case = _recorded(wang, total="5000")
    _match(case, wang)
    assert booked("payables") == [0]

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert (case.status, booked("payables")) == ("finished", [-500_000])


def _finance(name: str) -> Person:
    def step() -> Person:
        person = people.add(name, name=name.title())
        memberships.grant(person, "finance", memberships.EVERYWHERE)
        return person

    return in_transaction(step)


def _bring(*goods: tuple[str, int, str, list[str]]) -> list[Sku]:
    """SKUs, so much of each bought at a price and on the shelf."""

    def step() -> list[Sku]:
        found = []
        for code, quantity, price, units in goods:
            sku = a_sku(code, serial_policy="unit" if units else "none")
            in_stock(sku, quantity, price, *units)
            found.append(sku)
        return found

    return in_a_step(step)


def _recorded(by: Person, **head: str) -> Case:
    case = Case.start("supplier_bill", by=by.id)
    _record(case, by, **head)
    return case


def _record(case: Case, by: Person, **head: str) -> None:
    bill = {"kind": "goods", "supplier": "BOREA", "number": "H-1", "billed_on": "2026-05-28"}
    case.complete("record_bill", by=by, bill={**bill, **head}, record_way="record")


def _match(
    case: Case, by: Person, row: dict[str, Any] | None = None, *, rows: str = "goods", **sheet: str
) -> None:
    """Fill the first row as said, the others as proposed."""
    proposed = [_answerable(each, rows) for each in case.data["proposal"][rows]]
    proposed[0] |= row or {}
    answers = {rows: proposed, **sheet}
    case.complete("match_lines", by=by, proposal=answers, match_way="compare")


def _answerable(row: dict[str, Any], rows: str) -> dict[str, Any]:
    names = ("quantity", "unit_price") if rows == "goods" else ("bears",)
    return {name: row[name] for name in names}


def _differing(wang: Person) -> Case:
    """Borea bills 60 for what was ordered at 50."""
    case = _recorded(wang, total="6000")
    _match(case, wang, {"unit_price": "60"})
    return case


def _resolve(case: Case, by: Person, way: str, reason: str = "As agreed by telephone") -> None:
    answers = {} if way == "correct" else {"mismatch_reason": reason}
    case.complete("resolve_mismatch", by=by, mismatch_way=way, **answers)


def _large(wang: Person) -> Case:
    """A bill over 250,000, which is above the limit."""
    in_a_step(lambda: in_stock(a_sku("FLOUR"), 5_000, "50"))
    case = _recorded(wang, total="250000")
    _match(case, wang)
    return case


def _bills() -> list[Bill]:
    db.session.rollback()
    return list(db.session.scalars(select(Bill).order_by(Bill.id)).unique())


def _po_no(line: ReceiptLine) -> str:
    order = db.session.merge(line).receipt.order
    assert order is not None
    return order.number


def _standing(line: ReceiptLine) -> OrderStanding:
    db.session.rollback()
    return standing.order_standing(purchase_orders.by_number(_po_no(line)))


def _send_back(line: ReceiptLine, quantity: int) -> None:
    sent_back(db.session.merge(line), quantity)


def _worth(sku: Sku) -> int:
    db.session.rollback()
    return pool(db.session.merge(sku))[1]


def _write_to(address: str) -> None:
    def step() -> None:
        suppliers.by_code("BOREA").email = address

    in_transaction(step)


def _letters() -> list[dict[str, Any]]:
    db.session.rollback()
    found = db.session.scalars(select(Post.payload).order_by(Post.id))
    return [payload for payload in found if isinstance(payload, dict)]
