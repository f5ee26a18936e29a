"""What a month lacks before it is closed: bills that have not come, costs nobody knows."""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.finance import worth
from app.domain.finance.journal import Journal
from app.domain.finance.pools import CostEntry
from app.domain.payables import settling
from app.domain.payables.bills import Bill, BillMatch
from app.domain.payables.proposals import Billable
from app.domain.supply import prices
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db

MOST = 200


@dataclass(frozen=True)
class Accrual:
    """Goods that are ours and not billed: what we owe for them, in our currency."""

    goods: Billable
    amount: int


def accruals() -> list[Accrual]:
    """Every receipt line something is owed for, whatever the account holds in all."""
    billed = (
        select(
            BillMatch.receipt_line_id.label("line"),
            func.sum(BillMatch.quantity).label("quantity"),
        )
        .group_by(BillMatch.receipt_line_id)
        .subquery()
    )
    query = (
        select(ReceiptLine)
        .outerjoin(billed, billed.c.line == ReceiptLine.id)
        .where(
            ReceiptLine.outcome != "keep_free",
            ReceiptLine.quantity - ReceiptLine.returned > func.coalesce(billed.c.quantity, 0),
        )
        .order_by(ReceiptLine.id)
        .limit(MOST)
    )
    found = [_accrual(line) for line in db.session.scalars(query) if line.is_ours]
    return [each for each in found if each.goods.quantity > 0]


def unknown_costs() -> list[CostEntry]:
    """Goods at a price nobody knew that no bill has told since."""
    return [
        entry
        for entry in worth.unknown()
        if entry.origin is None or not settling.billed(entry.origin)
    ][:MOST]


def unbooked_bills() -> list[Bill]:
    """Bills that were recorded and are neither booked nor dropped."""
    query = select(Bill).where(Bill.status != "accepted", Bill.dropped_at.is_(None))
    return list(db.session.scalars(query.order_by(Bill.id).limit(MOST)).unique())


def vouchers(month: str) -> int:
    """How many vouchers the month has."""
    query = select(func.count()).select_from(Journal).filter_by(month=month)
    return db.session.scalar(query) or 0


def number_of(origin: int) -> str:
    """What people call a receipt line."""
    return db.session.get_one(ReceiptLine, origin).number


def _accrual(line: ReceiptLine) -> Accrual:
    owed = settling.owed(line.id)
    return Accrual(Billable(line, prices.order_line(line), owed.quantity), owed.value)
