"""What suppliers promised: how much of each order line on which day; kept for ever."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.recorded import Recorded
from app.domain.supply import purchase_orders
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel import append_only
from app.kernel.db import Model, Quantity, RowId, db

PORTAL, TELEPHONE = "portal", "telephone"


class OrderConfirmation(Recorded):
    """One answer of a supplier to one version of an order, as it was agreed; never changed."""

    __tablename__ = "order_confirmation"
    __table_args__ = (
        CheckConstraint("channel IN ('portal', 'telephone')", name="channel"),
        Index("ix_order_confirmation_order_id", "order_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    version_no: Mapped[int]
    channel: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(Text)

    promises: Mapped[list["OrderPromise"]] = relationship(order_by="OrderPromise.id")


class OrderPromise(Model):
    """`quantity` (stock units) of one order line on one day; never changed."""

    __tablename__ = "order_promise"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_order_promise_confirmation_id", "confirmation_id"),
        Index("ix_order_promise_order_line_id", "order_line_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    confirmation_id: Mapped[int] = mapped_column(ForeignKey("order_confirmation.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_order_line.id"))
    promised_on: Mapped[date]
    quantity: Mapped[Decimal] = mapped_column(Quantity)


@dataclass(frozen=True)
class Promised:
    """`quantity` (stock units) of a line by the end of a day."""

    day: date
    quantity: Decimal


def keep(
    order: PurchaseOrder,
    version_no: int,
    promised: Mapping[int, Sequence[Promised]],
    *,
    channel: str,
    note: str = "",
) -> OrderConfirmation:
    """Keep what the supplier promised, by the number of the order line; the order is due then."""
    lines = {line.line_no: line for line in purchase_orders.locked_lines(order.id)}
    new = OrderConfirmation(
        order_id=order.id,
        version_no=version_no,
        channel=channel,
        note=note,
        promises=[
            OrderPromise(order_line_id=lines[at].id, promised_on=one.day, quantity=one.quantity)
            for at, parts in sorted(promised.items())
            for one in parts
        ],
    )
    db.session.add(new)
    order.due_on = max((one.promised_on for one in new.promises), default=order.due_on)
    db.session.flush()
    purchase_orders.tell_moved(order.id)
    return new


def confirmed(order: PurchaseOrder) -> OrderConfirmation | None:
    """The last confirmation of an order."""
    query = select(OrderConfirmation).filter_by(order_id=order.id)
    return db.session.scalar(query.order_by(OrderConfirmation.id.desc()).limit(1))


def current(order: PurchaseOrder) -> dict[int, list[Promised]]:
    """What was promised last, by the id of the order line, the earliest day first."""
    last = confirmed(order)
    found: dict[int, list[Promised]] = {}
    for one in sorted(last.promises if last else [], key=lambda one: one.promised_on):
        found.setdefault(one.order_line_id, []).append(Promised(one.promised_on, one.quantity))
    return found


def expected(line: PurchaseOrderLine, promised: Sequence[Promised]) -> list[Promised]:
    """On which day how much of a line should have come, all of it accounted for.

    What nobody gave a day for is due with the last promise, or on the day of the order.
    """
    wanted = line.wanted
    parts: list[Promised] = []
    for one in promised:
        quantity = min(one.quantity, wanted)
        if quantity > 0:
            parts.append(Promised(one.day, quantity))
            wanted -= quantity
    last = promised[-1].day if promised else line.order.due_on
    if wanted > 0 and last is not None:
        parts.append(Promised(last, wanted))
    return parts
