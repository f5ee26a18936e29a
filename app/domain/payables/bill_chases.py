"""Bills that do not come: asked for until there is one, or the goods are free of charge."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.finance.company import ours
from app.domain.numbers import Numbered
from app.domain.payables import bills, proposals, settling
from app.domain.payables.bills import Asked, Bill
from app.domain.payables.proposals import Billable
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import calendars, cause, clock, outbox
from app.kernel.db import Instant, db
from app.kernel.errors import N_, Refusal


class BillChase(Numbered):
    """Goods of one order came and no bill did; an order has one open chase at most."""

    PREFIX = "BC"
    __tablename__ = "bill_chase"
    __table_args__ = (
        CheckConstraint("outcome IN ('', 'billed', 'free')", name="outcome"),
        Index("ix_bill_chase_order_id", "order_id"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    outcome: Mapped[str] = mapped_column(String(10), default="")
    effect_key: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)

    order: Mapped[PurchaseOrder] = relationship()


class BillChaseOver(Refusal):
    """A chase ends once."""

    code = "bill_chase_over"
    message = N_("{number} is over: the bill came, or the goods were noted as free of charge.")


class NothingUnbilled(Refusal):
    """Only goods without a bill can be free of charge."""

    code = "nothing_unbilled"
    message = N_(
        "All that was accepted of {order} is billed. Nothing is left to be free of charge."
    )


def unbilled(order: PurchaseOrder) -> list[Billable]:
    """What of an order was accepted at a price and is on no bill that was booked."""
    return [each for each in proposals.of_order(order) if not _is_free(each)]


def due_at(order: PurchaseOrder, goods: Sequence[Billable], *, patience: str) -> datetime | None:
    """When the bill for the oldest of these goods should have come: `patience` is working time."""
    days = [each.line.receipt.counted_at or each.line.receipt.opened_at for each in goods]
    if not days:
        return None
    return calendars.of_scope(order.site.scope).after(min(days), patience)


def open_for(order: PurchaseOrder) -> BillChase | None:
    """Begin to ask for the bill of an order; None when somebody asks already."""
    if _open_of(order) is not None:
        return None
    new = BillChase(order_id=order.id, effect_key=cause.current().effect_key, opened_at=clock.now())
    db.session.add(new)
    db.session.flush()
    return new


def end_when_billed(order: PurchaseOrder) -> None:
    """Nothing is without a bill any more: let whoever asks for it stop."""
    chase = _open_of(order)
    if chase is None:
        return
    _close(chase, "billed")
    payload = {"chase_no": chase.number}
    outbox.announce("missing_bill_came", chase.number, payload, key=f"{chase.number}:came")


def note_free(chase: BillChase) -> Bill:
    """Let what has no bill be free of charge, as a bill of nothing: it clears what we owed.

    The goods' cost falls by as much, as far as they are still there.

    Raises:
        BillChaseOver: a bill came meanwhile.
        NothingUnbilled: all of it is billed.
    """
    if chase.closed_at is not None:
        raise BillChaseOver(number=chase.number)
    goods = unbilled(chase.order)
    if not goods:
        raise NothingUnbilled(order=chase.order.number)
    bill = bills.record(
        chase.order.supplier,
        chase.number,
        [Asked(each.quantity, Decimal(0), each.line.id) for each in goods],
        currency=ours().currency,
        billed_on=calendars.of_scope(chase.order.site.scope).today(clock.now()),
    )
    settling.accept(bill)
    _close(chase, "free")
    return bill


def locked(number: str) -> BillChase:
    """The chase with this number, locked and read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(BillChase, number)


def _is_free(each: Billable) -> bool:
    return each.ordered is not None and each.ordered.unit_price == 0


def _open_of(order: PurchaseOrder) -> BillChase | None:
    """The chase of an order that goes on, locked; who begins one holds the order's lines."""
    query = select(BillChase).filter_by(order_id=order.id, closed_at=None)
    query = query.with_for_update(of=BillChase).execution_options(populate_existing=True)
    return db.session.scalar(query)


def _close(chase: BillChase, outcome: str) -> None:
    chase.outcome, chase.closed_at = outcome, clock.now()
    db.session.flush()
