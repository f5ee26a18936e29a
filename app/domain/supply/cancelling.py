"""Taking back what was ordered and has not come: by whom, why, and how much of each line."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.recorded import Recorded
from app.domain.supply import asns, closings, purchase_orders
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel import append_only
from app.kernel.db import Quantity, RowId, db

CAUSES = ("no_answer", "terms", "amended", "stopped")


class OrderCancellation(Recorded):
    """`quantity` (stock units) that was ordered and is wanted no more; never changed."""

    __tablename__ = "order_cancellation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("cause IN ('no_answer', 'terms', 'amended', 'stopped')", name="cause"),
        Index("ix_order_cancellation_order_line_id", "order_line_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_order_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    cause: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)

    order_line: Mapped[PurchaseOrderLine] = relationship()


def cancel_rest(
    order: PurchaseOrder, why: str, *, reason: str, with_announced: bool = False
) -> list[OrderCancellation]:
    """Expect nothing more on an order than what was received or is on the way.

    `with_announced` takes back what is on the way as well: should it come, it is more than was
    ordered. An order of which nothing ever came is cancelled by it, another one closed when
    nothing waits for a verdict.
    """
    wanted = {
        line.id: line.open - (Decimal(0) if with_announced else asns.on_the_way(line.id))
        for line in purchase_orders.locked_lines(order.id)
    }
    found = take_back(order, wanted, why, reason=reason)
    _end(order)
    return found


def take_back(
    order: PurchaseOrder, quantities: Mapping[int, Decimal], why: str, *, reason: str
) -> list[OrderCancellation]:
    """Take `quantities` (by the id of the order line) out of the order; chases of it give in."""
    wanted = {
        line.id: min(quantities.get(line.id, Decimal(0)), line.open)
        for line in purchase_orders.locked_lines(order.id)
    }
    for line_id, quantity in wanted.items():
        if quantity > 0:
            purchase_orders.book(line_id, waived=quantity)
    lines = [line for line in purchase_orders.locked_lines(order.id) if wanted[line.id] > 0]
    for line in lines:
        closings.stop_chasing_surplus(line, reason=reason)
    return [note(line, wanted[line.id], why, reason=reason) for line in lines]


def note(line: PurchaseOrderLine, quantity: Decimal, why: str, *, reason: str) -> OrderCancellation:
    """Keep that `quantity` was taken out of an order, and why."""
    if why not in CAUSES:
        raise ValueError(f"{why} is no cause of a cancellation")
    new = OrderCancellation(
        order_line=line,
        quantity=quantity,
        cause=why,
        reason=reason,
    )
    db.session.add(new)
    db.session.flush()
    return new


def by_sku(gone: Iterable[OrderCancellation]) -> dict[Sku, Decimal]:
    """How much of each SKU was taken out."""
    quantities: dict[Sku, Decimal] = {}
    for each in gone:
        sku = each.order_line.sku
        quantities[sku] = quantities.get(sku, Decimal(0)) + each.quantity
    return quantities


def _end(order: PurchaseOrder) -> None:
    lines = purchase_orders.locked_lines(order.id)
    if any(line.received or line.open for line in lines):
        purchase_orders.close_when_settled(order.id)
        return
    db.session.execute(
        update(PurchaseOrder)
        .where(PurchaseOrder.id == order.id, PurchaseOrder.status == "open")
        .values(status="cancelled")
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(order)
