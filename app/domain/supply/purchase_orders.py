"""What we ordered: purchase orders, and how much of each line has come."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship, selectinload

from app.domain.catalog.products import Sku
from app.domain.inventory.places import Site
from app.domain.numbers import Code, NoSuchDocument
from app.domain.supply.suppliers import Supplier
from app.kernel import batches, cause, outbox
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.money import Rate


class PurchaseOrder(Model):
    """An order to one supplier, to be delivered to one site.

    `exchange_rate` is how much of our currency one unit of `currency` is; once known it stays.
    A draft was not sent yet: it has no lines, and its number is for ourselves.
    """

    __tablename__ = "purchase_order"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'open', 'closed', 'cancelled')", name="status"),
        Index("ix_purchase_order_supplier_id", "supplier_id"),
        Index("ix_purchase_order_site_id", "site_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    number: Mapped[str] = mapped_column(Code, unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    ordered_by: Mapped[str] = mapped_column(String(64))
    ordered_on: Mapped[date]
    due_on: Mapped[date | None]
    currency: Mapped[str] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal | None] = mapped_column(Rate)
    status: Mapped[str] = mapped_column(String(10), default="open")
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    site: Mapped[Site] = relationship(lazy="joined")
    lines: Mapped[list["PurchaseOrderLine"]] = relationship(
        back_populates="order", order_by="PurchaseOrderLine.line_no"
    )


class PurchaseOrderLine(Model):
    """One SKU of an order, in stock units.

    received = accepted + rejected + waiting for a verdict, and never more than
    ordered + amended − waived + let_in: `amended` was ordered afterwards, by keeping an
    over-delivery or in place of goods that went back, `waived` is what nobody waits for any
    more, `let_in` came above the order and was within tolerance. `unit_price` buys `priced_for`
    stock units: 20 when 20 m of pipe were ordered by the roll.
    """

    __tablename__ = "purchase_order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no"),
        CheckConstraint(
            "ordered > 0 AND amended >= 0 AND waived >= 0 AND let_in >= 0", name="ordered"
        ),
        CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected <= received", name="received"
        ),
        Index("ix_purchase_order_line_sku_id", "sku_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    line_no: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    ordered: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal | None] = mapped_column(Quantity)
    priced_for: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))
    let_in: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    amended: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    waived: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    received: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    accepted: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    rejected: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))

    order: Mapped[PurchaseOrder] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship(lazy="joined")

    @property
    def open(self) -> Decimal:
        """What is still expected."""
        return max(Decimal(0), self.room)

    @property
    def room(self) -> Decimal:
        """What is still expected; below zero when more was let in."""
        return self.wanted - self.received

    @property
    def wanted(self) -> Decimal:
        """What was ordered, all changes counted."""
        return self.ordered + self.amended - self.waived

    @property
    def waiting(self) -> Decimal:
        """What has come and is not judged yet."""
        return self.received - self.accepted - self.rejected


def by_number(number: str) -> PurchaseOrder:
    """The order with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    found = db.session.scalar(select(PurchaseOrder).filter_by(number=number.strip()))
    if found is None:
        raise NoSuchDocument(number=number)
    return found


def numbered(numbers: Iterable[str]) -> dict[str, PurchaseOrder]:
    """Those of `numbers` that are orders, with their lines."""
    query = select(PurchaseOrder).options(selectinload(PurchaseOrder.lines))
    found: dict[str, PurchaseOrder] = {}
    for some in batches.of(sorted(set(numbers))):
        orders = db.session.scalars(query.where(PurchaseOrder.number.in_(some)))
        found |= {order.number: order for order in orders}
    return found


def is_taken(number: str) -> bool:
    """Whether an order carries this number."""
    found = select(PurchaseOrder.id).filter_by(number=number)
    return db.session.scalar(found) is not None


def locked(order_id: int) -> PurchaseOrder:
    """An order, locked and read afresh."""
    query = select(PurchaseOrder).filter_by(id=order_id).with_for_update(of=PurchaseOrder)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def locked_lines(order_id: int) -> list[PurchaseOrderLine]:
    """The lines of an order, locked and read afresh: a decision rests on them."""
    query = (
        select(PurchaseOrderLine)
        .filter_by(order_id=order_id)
        .order_by(PurchaseOrderLine.id)
        .with_for_update(of=PurchaseOrderLine)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def book(line_id: int, **changes: Decimal) -> None:
    """Add `changes` (received=3, accepted=-1 …) to a line's figures, in the database.

    Whatever is counted, judged, waived or cancelled goes through here, so here it is told.
    """
    columns = PurchaseOrderLine.__table__.c
    order_id = db.session.scalar(
        update(PurchaseOrderLine)
        .where(PurchaseOrderLine.id == line_id)
        .values({columns[name]: columns[name] + by for name, by in changes.items()})
        .returning(PurchaseOrderLine.order_id)
        .execution_options(synchronize_session=False)
    )
    if order_id is not None:
        tell_moved(order_id)


def tell_moved(order_id: int) -> None:
    """Tell whoever follows the order that its figures or dates moved; once for each step."""
    number = db.session.scalar(select(PurchaseOrder.number).where(PurchaseOrder.id == order_id))
    if number is not None:
        key = f"order_moved:{number}:{cause.current().effect_key}"
        outbox.announce("order_moved", number, {"po_no": number}, key=key, is_news=True)


def order_again(line_id: int, quantity: Decimal) -> None:
    """Expect `quantity` more on a line, in place of goods that went back; open its order again."""
    book(line_id, amended=quantity)
    order_id = select(PurchaseOrderLine.order_id).where(PurchaseOrderLine.id == line_id)
    db.session.execute(
        update(PurchaseOrder)
        .where(PurchaseOrder.id == order_id.scalar_subquery(), PurchaseOrder.status == "closed")
        .values(status="open")
        .execution_options(synchronize_session=False)
    )


def close_when_settled(order_id: int) -> bool:
    """Close the order once nothing is expected and nothing waits for a verdict."""
    settled = all(line.open == 0 and line.waiting == 0 for line in locked_lines(order_id))
    if settled:
        db.session.execute(
            update(PurchaseOrder)
            .where(PurchaseOrder.id == order_id, PurchaseOrder.status == "open")
            .values(status="closed")
            .execution_options(synchronize_session=False)
        )
    return settled
