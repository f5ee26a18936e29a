"""What a supplier says they ship of their own order, checked before the warehouse expects it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.rules import plain
from app.domain.numbers import NoSuchDocument
from app.domain.sourcing.errors import CodesTwice, NotEveryCode, NothingShipped
from app.domain.supply import asns, purchase_orders
from app.domain.supply.asns import Announced, Asn, AsnLine, AsnSerial
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.kernel.db import db


@dataclass(frozen=True)
class Shipped:
    """`quantity` stock units of one order line, as the supplier filled in its row."""

    line_no: int
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    serials: tuple[str, ...] = ()


def order_of(scope: str, number: str) -> PurchaseOrder:
    """The order, when it was given to the supplier of this scope and issued.

    Raises:
        NoSuchDocument: there is none, as far as this supplier is concerned.
    """
    order = purchase_orders.by_number(number)
    if order.supplier.scope != scope or order.status == "draft":
        raise NoSuchDocument(number=number)
    return order


def to_ship(line: PurchaseOrderLine) -> Decimal:
    """What is expected on a line and not announced yet."""
    return max(Decimal(0), line.open - asns.on_the_way(line.id))


def announce(
    number: str, order: PurchaseOrder, shipped: Sequence[Shipped], *, on: date, by: str
) -> Asn:
    """Let the warehouse expect a shipment; rows without a quantity are not in it.

    Raises:
        NothingShipped, NotEveryCode, CodesTwice: the rows cannot be so.
        AlreadyAnnounced, MoreThanOrdered, OrderNotOpen: the order and other notices forbid it.
    """
    rows = [row for row in shipped if row.quantity]
    if not rows:
        raise NothingShipped(order=order.number)
    by_line = {line.line_no: line for line in order.lines}
    for row in rows:
        _check_row(row, by_line[row.line_no])
    _check_codes(order, rows)
    lines = [
        Announced(row.line_no, row.quantity, row.lot, row.expires_on, row.serials) for row in rows
    ]
    return asns.announce(number, order=order, lines=lines, expected_on=on, announced_by=by)


def _check_row(row: Shipped, line: PurchaseOrderLine) -> None:
    skus.in_stock_units(line.sku, row.quantity)
    if row.serials and len(row.serials) != row.quantity:
        facts = {"n": len(row.serials), "quantity": plain(row.quantity)}
        raise NotEveryCode(sku=line.sku.code, **facts)


def _check_codes(order: PurchaseOrder, rows: Sequence[Shipped]) -> None:
    """A code is in one row of one notice of a supplier; where else it is, is seen at the gate."""
    seen: set[str] = _announced_before(order, [code for row in rows for code in row.serials])
    twice: list[str] = []
    for row in rows:
        twice += [f"{row.line_no}: {code}" for code in row.serials if code in seen]
        seen.update(row.serials)
    if twice:
        raise CodesTwice(codes=twice)


def _announced_before(order: PurchaseOrder, codes: list[str]) -> set[str]:
    query = (
        select(AsnSerial.code)
        .join(AsnLine, AsnLine.id == AsnSerial.asn_line_id)
        .join(Asn, Asn.id == AsnLine.asn_id)
        .where(Asn.supplier_id == order.supplier_id, AsnSerial.code.in_(codes))
    )
    return set(db.session.scalars(query)) if codes else set()
