"""What a supplier says is on its way: advance shipping notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
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
    """One announced delivery against one purchase order."""

    __tablename__ = "asn"
    __table_args__ = (
        UniqueConstraint("supplier_id", "number"),
        CheckConstraint("status IN ('announced', 'arrived', 'counted')", name="status"),
        Index("ix_asn_number", "number"),
        Index("ix_asn_order_id", "order_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    number: Mapped[str] = mapped_column(Code)
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
    _check_order(order, number)
    by_line = {line.line_no: line for line in purchase_orders.locked_lines(order.id)}
    _check_quantities(order, by_line, lines)
    new = Asn(
        number=number,
        supplier_id=order.supplier_id,
        order_id=order.id,
        site_id=order.site_id,
        expected_on=expected_on,
        announced_by=announced_by,
        announced_at=clock.now(),
        lines=[_line(at, line, by_line) for at, line in enumerate(lines, start=1)],
    )
    db.session.add(new)
    db.session.flush()
    _tell(new, order)
    return new


def by_number(number: str, *, supplier: str) -> Asn:
    """The notice a supplier sent under this number.

    Raises:
        NoSuchDocument: there is none.
    """
    found = _find(number, supplier)
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


def _find(number: str, supplier: str) -> Asn | None:
    query = select(Asn).join(Supplier).where(Asn.number == number, Supplier.code == supplier)
    return db.session.scalar(query)


def _check_order(order: PurchaseOrder, number: str) -> None:
    if order.status != "open":
        raise OrderNotOpen(order=order.number, status=order.status)
    if _find(number, order.supplier.code) is not None:
        raise AlreadyAnnounced(supplier=order.supplier.name, number=number)


def _check_quantities(
    order: PurchaseOrder, by_line: dict[int, PurchaseOrderLine], lines: Sequence[Announced]
) -> None:
    for line_no in sorted({line.order_line_no for line in lines}):
        expected = by_line.get(line_no)
        if expected is None:
            raise NoSuchDocument(number=f"{order.number}/{line_no}")
        announced = on_the_way(expected.id) + sum(
            (line.quantity for line in lines if line.order_line_no == line_no), Decimal(0)
        )
        if announced > expected.open + expected.ordered * expected.tolerance:
            raise MoreThanOrdered(
                order=order.number,
                line=line_no,
                open=rules.plain(expected.open),
                sku=expected.sku.code,
                announced=rules.plain(announced),
            )


def _line(at: int, line: Announced, by_line: dict[int, PurchaseOrderLine]) -> AsnLine:
    expected = by_line[line.order_line_no]
    return AsnLine(
        line_no=at,
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
    key = f"asn:{order.supplier.code}:{asn.number}"
    outbox.announce("asn_announced", asn.number, payload, key=key)
