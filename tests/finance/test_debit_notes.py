"""A debit note and the journal say the same of goods that go back, to the cent."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from app.domain.finance import origins, rates
from app.domain.payables import bills, settling
from app.domain.payables.bills import Asked
from app.domain.supply import (
    counting,
    debit_notes,
    discrepancies,
    quality,
    recalls,
    receipts,
    supplier_returns,
    withdrawals,
)
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.supplier_returns import Wanted
from tests.builders.books import booked, bought
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_sku

Run = Callable[[Callable[[], None]], None]
OWED = "received_not_billed"
RATE = Decimal("31.4159")
_bills = count(1)


def came(accepted: int, rejected: int, price: str, **order: object) -> ReceiptLine:
    """So much was accepted and rejected of one receipt line, ordered at `price`."""
    line = bought(a_sku(), accepted + rejected, price, **order)
    quality.judge(line, accepted=Decimal(accepted), rejected=Decimal(rejected))
    return line


def billed(line: ReceiptLine, quantity: int, price: str, currency: str = "TWD") -> None:
    asked = [Asked(Decimal(quantity), Decimal(price), line.id)]
    bill = bills.record(
        line.receipt.supplier,
        f"H-{next(_bills)}",
        asked,
        currency=currency,
        billed_on=date(2026, 6, 1),
    )
    settling.accept(bill)


def noted_free(line: ReceiptLine, quantity: int) -> None:
    """The missing bill is closed as a bill of nothing, as `bill_chases.note_free` does it."""
    billed(line, quantity, "0")


def recalled(line: ReceiptLine, quantity: int) -> None:
    """So many of the accepted goods turn out bad later."""
    recall = recalls.open_for(recalls.of_receipt(line.receipt), reason="They split")
    spots = enumerate(recalls.spots(recall), start=1)
    (released,) = (number for number, spot in spots if spot.can_be_withdrawn)
    withdrawals.confirm(recall, {released: Decimal(quantity)})


def back(line: ReceiptLine, quantity: int) -> tuple[int, int]:
    """So many go back: minor units of the debit note, and of what the journal says we are owed."""
    slip = supplier_returns.open_for(line.receipt, [1], reason="inspection")
    goods = {1: Wanted(Decimal(quantity))}
    supplier_returns.authorise(slip, goods, settlement="credit", freight_payer="supplier")
    (before,) = booked(OWED)
    supplier_returns.ship(slip, goods)
    (after,) = booked(OWED)
    note = debit_notes.issue(slip)
    return note.total_minor if note else 0, after - before


def test_rejected_goods_are_not_free_because_the_accepted_ones_are(step: Run) -> None:
    def play() -> None:
        line = came(37, 3, "12.345")
        noted_free(line, 37)

        assert back(line, 3) == (3704, 3704)
        assert booked(OWED) == [0]
        recalled(line, 8)
        assert back(line, 8) == (0, 0)

    step(play)


def test_rejected_goods_go_first_and_what_was_free_after_them(step: Run) -> None:
    def play() -> None:
        line = came(36, 4, "10")
        billed(line, 16, "10")
        noted_free(line, 20)
        recalled(line, 18)

        first, second, third = back(line, 3), back(line, 10), back(line, 9)

        assert first == (3000, 3000)
        assert second == (1000 + 4000, 1000 + 4000)  # the last bad one, and nine at 160 of 36
        assert third == (4000, 4000)

    step(play)


@pytest.mark.parametrize("price", ["12.5", "11.1"])
def test_a_bill_that_differs_changes_only_what_it_was_for(step: Run, price: str) -> None:
    def play() -> None:
        line = came(37, 3, "12")
        billed(line, 37, price)

        assert back(line, 3) == (3600, 3600)
        assert booked(OWED) == [0]
        recalled(line, 37)
        minor = int(Decimal(price) * 3700)
        assert back(line, 37) == (minor, minor)

    step(play)


def test_what_a_later_bill_says_is_of_the_goods_that_are_still_here(step: Run) -> None:
    def play() -> None:
        line = came(40, 0, "10")
        recalled(line, 8)
        assert back(line, 8) == (8000, 8000)
        billed(line, 32, "12")
        recalled(line, 32)

        assert [back(line, 16), back(line, 16)] == [(19200, 19200)] * 2

    step(play)


def test_parts_that_go_back_by_turns_are_noted_as_booked(step: Run) -> None:
    def play() -> None:
        line = came(2, 5, "0.335")
        found = [back(line, many) for many in (1, 1, 2, 1)]

        assert [note for note, _ in found] == [booking for _, booking in found]
        assert sum(note for note, _ in found) == 168
        billed(line, 2, "0.335")
        assert booked(OWED) == [0]

    step(play)


def test_a_note_in_dollars_is_what_the_journal_says_at_the_orders_rate(step: Run) -> None:
    def play() -> None:
        rates.add("USD", date(2026, 1, 1), RATE)
        line = came(37, 3, "10", currency="USD")
        billed(line, 37, "12", "USD")
        recalled(line, 8)

        for quantity, dollars in ((3, 3000), (8, 9600)):
            note, booking = back(line, quantity)
            assert note == dollars
            assert abs(booking - note * RATE) <= Decimal("0.5")

    step(play)


def test_goods_that_came_before_their_rate_are_charged_once(step: Run) -> None:
    """Their whole cost came with the bill: it is not added to the order's price."""

    def play() -> None:
        line = came(40, 0, "10", currency="USD")
        assert origins.came(line.id).value == 0
        rates.add("USD", date(2026, 1, 1), RATE)
        billed(line, 40, "10", "USD")
        recalled(line, 8)

        note, booking = back(line, 8)

        assert (note, booking) == (8000, round(8000 * RATE))

    step(play)


def test_rejected_goods_that_came_before_their_rate_leave_nothing_owed(step: Run) -> None:
    """They went in and out of the books at what was known; the note says the order's price."""

    def play() -> None:
        line = came(37, 3, "10", currency="USD")
        rates.add("USD", date(2026, 1, 1), RATE)
        billed(line, 37, "10", "USD")

        assert back(line, 3) == (3000, 0)
        assert booked(OWED) == [0]

    step(play)


def test_a_bill_for_nothing_of_what_nobody_ordered_clears_nothing(step: Run) -> None:
    """Such goods are rejected, and never were in the books."""

    def play() -> None:
        salt = a_sku("SALT")
        receipt = a_receipt((a_sku(), 10))
        counting.book(receipt, [counted(salt, 3)])
        line = next(each for each in receipt.lines if each.sku_id == salt.id)
        discrepancies.send_back(receipts.line(receipt, line.line_no))

        billed(line, 0, "5")

        assert booked(OWED, "payables") == [0, 0]

    step(play)
