"""Where an order stands with its bills: ordered, accepted, returned and billed, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.payables import proposals
from app.domain.payables.bills import Bill, BillLine, BillMatch
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.kernel.db import db


@dataclass(frozen=True)
class LineStanding:
    """One line of an order, in stock units; what is free is not to be billed.

    `unbilled` of what was accepted may still be billed: what went back before is no bill's.
    """

    line: PurchaseOrderLine
    accepted: Decimal
    returned: Decimal
    billed: Decimal
    unbilled: Decimal
    is_free: bool

    @property
    def ordered(self) -> Decimal:
        return self.line.ordered + self.line.amended - self.line.waived

    @property
    def is_settled(self) -> bool:
        """Whether all that was accepted and kept is billed, and nothing waits for a verdict."""
        return not self.line.waiting and (self.is_free or not self.unbilled)


@dataclass(frozen=True)
class OrderStanding:
    """All lines of one order; goods that are still expected are no question of bills."""

    lines: Sequence[LineStanding]

    @property
    def ordered(self) -> Decimal:
        return sum((line.ordered for line in self.lines), Decimal(0))

    @property
    def accepted(self) -> Decimal:
        return sum((line.accepted for line in self.lines), Decimal(0))

    @property
    def returned(self) -> Decimal:
        return sum((line.returned for line in self.lines), Decimal(0))

    @property
    def billed(self) -> Decimal:
        return sum((line.billed for line in self.lines), Decimal(0))

    @property
    def is_settled(self) -> bool:
        """Whether everything that was accepted so far is billed and booked."""
        return all(line.is_settled for line in self.lines)


def order_standing(order: PurchaseOrder) -> OrderStanding:
    """What of an order is accepted, gone back and billed, from rows that are committed or ours."""
    judged = _judged(order)
    billed, unbilled = _billed(order), _unbilled(order)
    none = (Decimal(0), Decimal(0))
    return OrderStanding(
        [
            LineStanding(
                line,
                *judged.get(line.id, none),
                billed=billed.get(line.id, Decimal(0)),
                unbilled=unbilled.get(line.id, Decimal(0)),
                is_free=line.unit_price == 0,
            )
            for line in order.lines
        ]
    )


def orders_of(bill: Bill) -> list[PurchaseOrder]:
    """The orders whose goods a bill is about, freight that is spread over them included."""
    goods = {line.receipt_line_id for line in bill.lines if line.receipt_line_id is not None}
    goods |= {int(origin) for line in bill.lines for origin in line.spread}
    query = (
        select(PurchaseOrder)
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .join(ReceiptLine, ReceiptLine.order_line_id == PurchaseOrderLine.id)
        .where(ReceiptLine.id.in_(goods))
        .distinct()
        .order_by(PurchaseOrder.number)
    )
    return list(db.session.scalars(query).unique())


def _judged(order: PurchaseOrder) -> dict[int, tuple[Decimal, Decimal]]:
    query = (
        select(
            ReceiptLine.order_line_id,
            func.sum(ReceiptLine.accepted),
            func.sum(ReceiptLine.returned),
        )
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == ReceiptLine.order_line_id)
        .where(PurchaseOrderLine.order_id == order.id, ReceiptLine.on_order)
        .group_by(ReceiptLine.order_line_id)
    )
    return {line: (good, gone) for line, good, gone in db.session.execute(query) if line}


def _unbilled(order: PurchaseOrder) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for each in proposals.of_order(order):
        line_id = each.line.order_line_id or 0
        found[line_id] = found.get(line_id, Decimal(0)) + each.quantity
    return found


def _billed(order: PurchaseOrder) -> dict[int, Decimal]:
    query = (
        select(ReceiptLine.order_line_id, func.sum(BillMatch.quantity))
        .join(BillLine, BillLine.id == BillMatch.bill_line_id)
        .join(ReceiptLine, ReceiptLine.id == BillMatch.receipt_line_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == ReceiptLine.order_line_id)
        .where(PurchaseOrderLine.order_id == order.id)
        .group_by(ReceiptLine.order_line_id)
    )
    return {line: quantity for line, quantity in db.session.execute(query) if line}
