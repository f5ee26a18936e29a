"""What is chased, of a receipt or of a late order, until every piece of it is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.numbers import NoSuchDocument, Numbered
from app.domain.supply import purchase_orders
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt
from app.kernel import cause, clock
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal


class Chase(Numbered):
    """What one receipt came short of, or, without a receipt, what never came on a promised day."""

    PREFIX = "CH"
    __tablename__ = "chase"
    __table_args__ = (Index("ix_chase_order_id", "order_id"),)

    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_order.id"))
    effect_key: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(Instant)

    receipt: Mapped[Receipt | None] = relationship()
    order: Mapped[PurchaseOrder | None] = relationship()
    lines: Mapped[list["ChaseLine"]] = relationship(
        back_populates="chase", order_by="ChaseLine.line_no"
    )

    @property
    def source(self) -> Receipt | PurchaseOrder:
        """The document that names supplier and site."""
        if self.receipt is not None:
            return self.receipt
        if self.order is None:
            raise NoSuchDocument(number=self.number)
        return self.order


class ChaseLine(Model):
    """One order line that is chased; `missing` is what no closing accounts for yet.

    All chases of an order line together never miss more than the line expects.
    """

    __tablename__ = "chase_line"
    __table_args__ = (
        UniqueConstraint("chase_id", "line_no"),
        CheckConstraint("quantity > 0 AND missing >= 0 AND missing <= quantity", name="missing"),
        Index("ix_chase_line_order_line_id", "order_line_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chase_id: Mapped[int] = mapped_column(ForeignKey("chase.id"))
    line_no: Mapped[int]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_order_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    missing: Mapped[Decimal] = mapped_column(Quantity)

    chase: Mapped[Chase] = relationship(back_populates="lines")
    order_line: Mapped[PurchaseOrderLine] = relationship()


class AlreadyChased(Refusal):
    """A receipt is chased once."""

    code = "already_chased"
    message = N_("What {receipt} came short of is chased already ({chase}).")


def open_for(receipt: Receipt, missing: Mapping[str, Decimal]) -> Chase:
    """Chase `missing` (stock units by SKU code), as far as the order still expects it.

    Raises:
        AlreadyChased: the receipt is chased already.
    """
    before = db.session.scalar(select(Chase).filter_by(receipt_id=receipt.id))
    if before is not None:
        raise AlreadyChased(receipt=receipt.number, chase=before.number)
    ordered = purchase_orders.locked_lines(receipt.order_id) if receipt.order_id else []
    return _open(
        Chase(receipt_id=receipt.id, order_id=receipt.order_id),
        _lines(ordered, dict(missing)),
    )


def open_for_late(order: PurchaseOrder, late: Mapping[int, Decimal]) -> Chase | None:
    """Chase what did not come by its day: `late` in stock units by the id of the order line.

    Nothing is chased twice: None when all of it is chased already.
    """
    lines = [
        (line, min(late.get(line.id, Decimal(0)), line.open - chased(line.id)))
        for line in purchase_orders.locked_lines(order.id)
    ]
    wanted = [(line, part) for line, part in lines if part > 0]
    if not wanted:
        return None
    return _open(Chase(order_id=order.id), _numbered(wanted))


def locked(number: str) -> Chase:
    """The chase with this number, its order lines locked and its lines read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    found = numbers.named(Chase, number)
    if found.order_id is not None:
        purchase_orders.locked_lines(found.order_id)
    for line in found.lines:
        db.session.refresh(line)
    return found


def missing_on(order_line_id: int) -> list[ChaseLine]:
    """What is still chased on an order line, the oldest chase first."""
    query = (
        select(ChaseLine)
        .where(ChaseLine.order_line_id == order_line_id, ChaseLine.missing > 0)
        .order_by(ChaseLine.id)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def chased(order_line_id: int) -> Decimal:
    """How much of an order line is being chased."""
    query = select(func.sum(ChaseLine.missing)).where(ChaseLine.order_line_id == order_line_id)
    return db.session.scalar(query) or Decimal(0)


def _open(new: Chase, lines: list[ChaseLine]) -> Chase:
    new.lines = lines
    new.effect_key, new.opened_at = cause.current().effect_key, clock.now()
    db.session.add(new)
    db.session.flush()
    return new


def _lines(ordered: Sequence[PurchaseOrderLine], missing: dict[str, Decimal]) -> list[ChaseLine]:
    """Share what is missing out over the order lines that expect it and are not chased for it."""
    found: list[tuple[PurchaseOrderLine, Decimal]] = []
    for line in ordered:
        part = min(missing.get(line.sku.code, Decimal(0)), line.open - chased(line.id))
        if part > 0:
            missing[line.sku.code] -= part
            found.append((line, part))
    return _numbered(found)


def _numbered(parts: Sequence[tuple[PurchaseOrderLine, Decimal]]) -> list[ChaseLine]:
    return [
        ChaseLine(line_no=at, order_line_id=line.id, quantity=part, missing=part)
        for at, (line, part) in enumerate(parts, start=1)
    ]
