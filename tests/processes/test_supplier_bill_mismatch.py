"""Bills that differ: disputed or accepted, approved by a second person, credited, broken."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.domain.finance import rates
from app.domain.payables import settling
from app.domain.payables.settling import BilledTooMuch
from app.domain.supply.receipts import ReceiptLine
from app.effects.supplier_bill import MoreThanAccepted
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.books import booked, bought, in_stock, is_proven, pool, sold
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step
from tests.processes import billing
from tests.processes.play import break_down, priority, wait_for_next_timer

OWED = "received_not_billed"


def test_a_price_beyond_tolerance_waits_for_a_decision(
    flour_line: ReceiptLine, wang: Person
) -> None:
    case = billing.differing(wang)

    assert case.open == ["resolve_mismatch"]
    (line,) = case.data["kept"]["lines"]
    assert (line["asked"], line["agreed"], line["problem"]) == (
        "6000.00",
        "5000.00",
        "price_differs",
    )
    assert booked("payables") == [0]


def test_a_small_difference_needs_nobody(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.recorded(wang, total="5100")

    billing.match(case, wang, {"unit_price": "51"})

    assert case.status == "finished"


def test_an_accepted_difference_goes_where_the_goods_are(
    flour_line: ReceiptLine, wang: Person
) -> None:
    in_a_step(lambda: sold(db.session.merge(flour_line).sku, 25))
    case = billing.differing(wang)

    billing.resolve(case, wang, "accept")

    assert case.status == "finished"
    assert pool(db.session.merge(flour_line).sku) == (75, 450_000)
    assert booked("cost_of_sales", OWED, "payables") == [150_000, 0, -600_000]
    assert is_proven()


def test_accepting_never_pays_for_goods_we_have_not_got(app: Flask, wang: Person) -> None:
    in_a_step(lambda: in_stock(a_sku("FLOUR"), 10, "50"))
    case = billing.recorded(wang, total="600")
    billing.match(case, wang, {"quantity": "12"})
    assert case.data["kept"]["lines"][0]["problem"] == "more_than_accepted"

    with pytest.raises(MoreThanAccepted, match="12 of FLOUR are billed, 10 may be"):
        billing.resolve(case, wang, "accept")

    assert case.open == ["resolve_mismatch"]


def test_goods_that_wait_for_a_verdict_are_not_proposed(app: Flask, wang: Person) -> None:
    in_a_step(lambda: bought(a_sku("FLOUR"), 10, "50"))

    assert billing.recorded(wang, total="500").data["proposal"]["goods"] == []


def test_a_disputed_bill_waits_for_its_supplier(flour_line: ReceiptLine, wang: Person) -> None:
    billing.write_to("borea@example.com")
    case = billing.differing(wang)

    billing.resolve(case, wang, "dispute", "You quoted 50")

    assert (case.open, [bill.status for bill in billing.kept()]) == (["await_answer"], ["disputed"])
    (letter,) = billing.letters()
    assert "You quoted 50" in letter["text"]


def test_the_supplier_is_reminded_three_times(flour_line: ReceiptLine, wang: Person) -> None:
    billing.write_to("borea@example.com")
    case = billing.differing(wang)
    billing.resolve(case, wang, "dispute")

    for _ in range(3):
        wait_for_next_timer(case)

    assert (len(billing.letters()), case.timers, case.open) == (4, [], ["await_answer"])


def test_an_answer_brings_the_bill_back(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.differing(wang)
    billing.resolve(case, wang, "dispute")

    case.complete("await_answer", by=wang, answer={"text": "We will send a new bill"})

    assert case.open == ["resolve_mismatch"]
    assert case.data["answer"]["text"] == "We will send a new bill"
    billing.resolve(case, wang, "correct")
    billing.record(case, wang, total="5000")
    billing.match(case, wang)
    assert (case.status, [bill.total for bill in billing.kept()]) == ("finished", [500_000])


def test_an_answer_may_come_as_a_message(flour_line: ReceiptLine, wang: Person) -> None:
    case = billing.differing(wang)
    billing.resolve(case, wang, "dispute")

    case.tell("bill_answered", "B-000001", {"text": "Agreed: 50"})

    assert case.open == ["resolve_mismatch"]
    assert case.data["answer"] == {"text": "Agreed: 50"}


def test_a_large_bill_needs_a_second_person(app: Flask, wang: Person, finn: Person) -> None:
    case = billing.large(wang)
    assert case.open == ["approve_bill"]
    assert booked("payables") == [0]

    with pytest.raises(SomeoneElseMust):
        case.complete("approve_bill", by=wang, approval_way="approve")
    case.complete("approve_bill", by=finn, approval_way="approve")

    assert case.status == "finished"
    assert booked("payables") == [-25_000_000]


def test_a_second_person_may_send_it_back(app: Flask, wang: Person, finn: Person) -> None:
    case = billing.large(wang)

    case.complete("approve_bill", by=finn, approval_way="send_back", return_note="Which order?")

    assert case.open == ["record_bill"]
    assert case.data["return_note"] == "Which order?"


def test_an_approval_nobody_gives_moves_up(app: Flask, wang: Person) -> None:
    case = billing.large(wang)

    wait_for_next_timer(case)

    assert priority(case, "approve_bill") == 90


def test_what_was_billed_meanwhile_is_told_to_who_approves(
    app: Flask, wang: Person, finn: Person
) -> None:
    case = billing.large(wang)
    other = billing.recorded(wang, number="H-2", total="100")
    billing.match(other, wang, {"quantity": "2"})

    with pytest.raises(BilledTooMuch):
        case.complete("approve_bill", by=finn, approval_way="approve")

    assert case.open == ["approve_bill"]


def test_a_credit_is_for_goods_that_went_back(flour_line: ReceiptLine, wang: Person) -> None:
    billing.match(billing.recorded(wang, total="5000"), wang)
    in_a_step(lambda: billing.send_back(flour_line, 10))
    case = billing.recorded(wang, kind="credit", number="C-1", total="500")
    assert [row["open"] for row in case.data["proposal"]["goods"]] == ["10"]

    billing.match(case, wang)

    assert case.status == "finished"
    assert booked(OWED, "payables") == [0, -450_000]


def test_another_currency_is_booked_at_the_rate_of_the_bill(
    flour_line: ReceiptLine, wang: Person
) -> None:
    day = date(2026, 5, 20)
    in_transaction(lambda: rates.enter("USD", day, Decimal("31.5"), by=wang.id).id)
    case = billing.recorded(wang, currency="usd", total="158.73")
    assert [row["unit_price"] for row in case.data["proposal"]["goods"]] == [""]

    billing.match(case, wang, {"quantity": "100", "unit_price": "1.5873"})

    assert case.status == "finished"
    assert booked(OWED, "payables") == [0, -500_000]


def test_a_booking_that_breaks_is_kept_and_done_later(
    flour_line: ReceiptLine, wang: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "accept", break_down)
    case = billing.recorded(wang, total="5000")
    billing.match(case, wang)
    assert booked("payables") == [0]

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert (case.status, booked("payables")) == ("finished", [-500_000])
