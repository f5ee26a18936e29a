"""How far an order is, in the five steps its supplier sees: from confirmed to payable."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import func, select

from app.domain.payables.bills import Bill, BillLine, BillMatch
from app.domain.supply.asns import Asn, AsnLine
from app.domain.supply.promises import OrderConfirmation
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db


@dataclass(frozen=True)
class Bead:
    """One step: how many of the order's lines are through it, whole.

    An order of a single line is told in its `units` of all that are `wanted`.
    """

    step: str
    done: int
    begun: int
    lines: int
    units: Decimal
    wanted: Decimal

    @property
    def state(self) -> str:
        if self.lines and self.done == self.lines:
            return "done"
        return "part" if self.begun else "ahead"


@dataclass(frozen=True)
class LineProgress:
    """One line in stock units; `shipped` is all that was ever announced, or came unannounced."""

    line: PurchaseOrderLine
    is_confirmed: bool
    shipped: Decimal
    billed: Decimal

    @property
    def wanted(self) -> Decimal:
        return self.line.ordered + self.line.amended - self.line.waived


_REACHED: Mapping[str, Callable[[LineProgress], Decimal]] = MappingProxyType(
    {
        "confirmed": lambda each: each.wanted if each.is_confirmed else each.shipped,
        "shipped": lambda each: each.shipped,
        "counted": lambda each: each.line.received,
        "accepted": lambda each: each.line.accepted,
        "payable": lambda each: each.billed,
    }
)


def lines(orders: Sequence[PurchaseOrder]) -> dict[int, list[LineProgress]]:
    """Every line of these orders with what became of it, by the order's id, in three statements."""
    ids = [order.id for order in orders]
    confirmed, shipped, billed = _confirmed(ids), _shipped(ids), _billed(ids)
    return {
        order.id: [
            LineProgress(
                line,
                order.id in confirmed,
                max(shipped.get(line.id, Decimal(0)), line.received),
                billed.get(line.id, Decimal(0)),
            )
            for line in order.lines
        ]
        for order in orders
    }


def beads(found: Sequence[LineProgress]) -> list[Bead]:
    """The five steps of one order."""
    wanted = [each for each in found if each.wanted > 0 or each.line.received > 0]
    return [_bead(step, wanted) for step in _REACHED]


def bills(order: PurchaseOrder) -> list[Bill]:
    """The supplier's own bills for goods of an order, the oldest first."""
    query = (
        select(Bill)
        .join(BillLine, BillLine.bill_id == Bill.id)
        .join(ReceiptLine, ReceiptLine.id == BillLine.receipt_line_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == ReceiptLine.order_line_id)
        .where(PurchaseOrderLine.order_id == order.id, Bill.supplier_id == order.supplier_id)
        .distinct()
        .order_by(Bill.id)
    )
    return list(db.session.scalars(query).unique())


def _bead(step: str, wanted: Sequence[LineProgress]) -> Bead:
    reached = _REACHED[step]
    begun = [each for each in wanted if reached(each) > 0]
    done = [each for each in begun if reached(each) >= each.wanted]
    units = sum((reached(each) for each in begun), Decimal(0))
    whole = sum((each.wanted for each in wanted), Decimal(0))
    return Bead(step, len(done), len(begun), len(wanted), units, whole)


def _confirmed(ids: Sequence[int]) -> set[int]:
    query = select(OrderConfirmation.order_id).where(OrderConfirmation.order_id.in_(ids))
    return set(db.session.scalars(query))


def _shipped(ids: Sequence[int]) -> dict[int, Decimal]:
    query = (
        select(AsnLine.order_line_id, func.sum(AsnLine.quantity))
        .join(Asn, Asn.id == AsnLine.asn_id)
        .where(Asn.order_id.in_(ids))
        .group_by(AsnLine.order_line_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _billed(ids: Sequence[int]) -> dict[int, Decimal]:
    """What accepted bills settled, by the id of the order line."""
    query = (
        select(ReceiptLine.order_line_id, func.sum(BillMatch.quantity))
        .join(BillLine, BillLine.id == BillMatch.bill_line_id)
        .join(ReceiptLine, ReceiptLine.id == BillMatch.receipt_line_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == ReceiptLine.order_line_id)
        .where(PurchaseOrderLine.order_id.in_(ids))
        .group_by(ReceiptLine.order_line_id)
    )
    return {line: units for line, units in db.session.execute(query) if line is not None}
