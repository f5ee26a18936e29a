"""What a supplier says is on its way: advance shipping notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog import rules
from app.domain.catalog.products import Sku
from app.domain.inventory.places import Site
from app.domain.numbers import Code, NoSuchDocument
from app.domain.supply import purchase_orders
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.suppliers import Supplier
from app.kernel import clock, outbox
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal


class Asn(Model):
    """One announced delivery against one purchase order.

    `number` is the supplier's own, unless another supplier used the same one before.
    """

    __tablename__ = "asn"
    __table_args__ = (
        UniqueConstraint("supplier_id", "supplier_number"),
        CheckConstraint("status IN ('announced', 'arrived', 'counted')", name="status"),
        Index("ix_asn_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    number: Mapped[str] = mapped_column(Code, unique=True)
    supplier_number: Mapped[str] = mapped_column(Code)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    status: Mapped[str] = mapped_column(String(10), default="announced")
    expected_on: Mapped[date | None]
    announced_by: Mapped[str] = mapped_column(String(64), default="")
    announced_at: Mapped[datetime] = mapped_column(Instant)

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    order: Mapped[PurchaseOrder] = relationship(lazy="joined")
    site: Mapped[Site] = relationship(lazy="joined")
    lines: Mapped[list["AsnLine"]] = relationship(back_populates="asn", order_by="AsnLine.line_no")


class AsnLine(Model):
    """One SKU (and lot) of an announced delivery, in stock units."""

    __tablename__ = "asn_line"
    __table_args__ = (
        UniqueConstraint("asn_id", "line_no"),
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_asn_line_order_line_id", "order_line_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    asn_id: Mapped[int] = mapped_column(ForeignKey("asn.id"))
    line_no: Mapped[int]
    order_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_order_line.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    lot: Mapped[str] = mapped_column(Code, default="")
    expires_on: Mapped[date | None]

    asn: Mapped[Asn] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship(lazy="joined")
    order_line: Mapped[PurchaseOrderLine] = relationship()
    serials: Mapped[list["AsnSerial"]] = relationship(order_by="AsnSerial.code")


class AsnSerial(Model):
    """One code the supplier says is in the delivery."""

    __tablename__ = "asn_serial"

    asn_line_id: Mapped[int] = mapped_column(ForeignKey("asn_line.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Code, primary_key=True)


@dataclass(frozen=True)
class Announced:
    """`quantity` (stock units) of one order line is on its way."""

    order_line_no: int
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


class AlreadyAnnounced(Refusal):
    """The supplier used this number before."""

    code = "already_announced"
    message = N_("{supplier} already announced a delivery {number}.")


class MoreThanOrdered(Refusal):
    """A notice announces more than is expected."""

    code = "more_than_ordered"
    message = N_(
        "{order} line {line} expects {open} more of {sku}; {announced} would then be on the way."
    )


class OrderNotOpen(Refusal):
    """Nothing is expected on this order."""

    code = "order_not_open"
    message = N_("{order} is {status}; nothing is expected on it.")


def announce(
    number: str,
    *,
    order: PurchaseOrder,
    lines: Sequence[Announced],
    expected_on: date | None = None,
    announced_by: str = "",
) -> Asn:
    """Write the notice down and tell the warehouse: message `asn_announced` starts receiving.

    Raises:
        AlreadyAnnounced: the supplier used this number before.
        MoreThanOrdered: all notices on the way together exceed what the order expects.
        OrderNotOpen: the order is closed or cancelled.
    """
    by_line = {line.line_no: line for line in purchase_orders.locked_lines(order.id)}
    check(number, order=order, lines=lines)
    new = _write(number, order, [_line(line, by_line) for line in lines])
    new.expected_on, new.announced_by = expected_on, announced_by
    db.session.flush()
    _tell(new, order)
    return new


def check(
    number: str,
    *,
    order: PurchaseOrder,
    lines: Sequence[Announced],
    besides: Sequence[Announced] = (),
) -> None:
    """Refuse what `announce` would refuse; `besides` are lines of other notices not written yet."""
    if order.status != "open":
        raise OrderNotOpen(order=order.number, status=order.status)
    if known(number, supplier=order.supplier) is not None:
        raise AlreadyAnnounced(supplier=order.supplier.name, number=number)
    by_line = {line.line_no: line for line in order.lines}
    for line_no in sorted({line.order_line_no for line in lines}):
        if line_no not in by_line:
            raise NoSuchDocument(number=f"{order.number}/{line_no}")
        together = [line for line in (*lines, *besides) if line.order_line_no == line_no]
        _check_quantity(by_line[line_no], sum((line.quantity for line in together), Decimal(0)))


def stand_in(number: str, *, order: PurchaseOrder) -> Asn:
    """The notice the supplier of a blind delivery never sent: all that `order` expects.

    Nobody is told; whoever asks for it has the delivery before them.

    Raises:
        OrderNotOpen: nothing is expected on the order.
    """
    open_lines = [line for line in purchase_orders.locked_lines(order.id) if line.open]
    if order.status != "open" or not open_lines:
        raise OrderNotOpen(order=order.number, status=order.status)
    lines = [
        AsnLine(order_line_id=line.id, sku_id=line.sku_id, quantity=line.open)
        for line in open_lines
    ]
    return _write(number, order, lines)


def by_number(number: str) -> Asn:
    """The notice with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    found = db.session.scalar(select(Asn).filter_by(number=number.strip()))
    if found is None:
        raise NoSuchDocument(number=number)
    return found


def on_the_way(order_line_id: int) -> Decimal:
    """How much of an order line is announced and not counted yet."""
    query = (
        select(func.sum(AsnLine.quantity))
        .join(Asn)
        .where(AsnLine.order_line_id == order_line_id, Asn.status != "counted")
    )
    return db.session.scalar(query) or Decimal(0)


def coming(order_line_id: int, today: date) -> Decimal:
    """How much of an order line is at the gate, or announced for `today` or later."""
    query = (
        select(func.sum(AsnLine.quantity))
        .join(Asn)
        .where(
            AsnLine.order_line_id == order_line_id,
            or_(
                Asn.status == "arrived",
                and_(Asn.status == "announced", Asn.expected_on >= today),
            ),
        )
    )
    return db.session.scalar(query) or Decimal(0)


def known(supplier_number: str, *, supplier: Supplier) -> Asn | None:
    """What this supplier announced under a number of theirs, if anything."""
    query = select(Asn).filter_by(supplier_id=supplier.id, supplier_number=supplier_number)
    return db.session.scalar(query)


def _check_quantity(expected: PurchaseOrderLine, more: Decimal) -> None:
    announced = on_the_way(expected.id) + more
    if announced > expected.open:
        raise MoreThanOrdered(
            order=expected.order.number,
            line=expected.line_no,
            open=rules.plain(expected.open),
            sku=expected.sku.code,
            announced=rules.plain(announced),
        )


def _write(number: str, order: PurchaseOrder, lines: list[AsnLine]) -> Asn:
    taken = db.session.scalar(select(Asn.id).filter_by(number=number))
    for line_no, line in enumerate(lines, start=1):
        line.line_no = line_no
    new = Asn(
        number=f"{number}@{order.supplier.code}" if taken else number,
        supplier_number=number,
        supplier_id=order.supplier_id,
        order_id=order.id,
        site_id=order.site_id,
        announced_at=clock.now(),
        lines=lines,
    )
    db.session.add(new)
    db.session.flush()
    return new


def _line(line: Announced, by_line: dict[int, PurchaseOrderLine]) -> AsnLine:
    expected = by_line[line.order_line_no]
    return AsnLine(
        order_line_id=expected.id,
        sku_id=expected.sku_id,
        quantity=line.quantity,
        lot=line.lot,
        expires_on=line.expires_on,
        serials=[AsnSerial(code=code) for code in line.serials],
    )


def _tell(asn: Asn, order: PurchaseOrder) -> None:
    payload = {
        "asn_no": asn.number,
        "po_no": order.number,
        "supplier": order.supplier.code,
        "supplier_name": order.supplier.name,
        "site": order.site.code,
        "scope": order.site.scope,
        "lines": len(asn.lines),
        "ordered_by": order.ordered_by,
        "expected_on": asn.expected_on.isoformat() if asn.expected_on else None,
    }
    key = f"asn:{asn.number}"
    outbox.announce("asn_announced", asn.number, payload, key=key)
