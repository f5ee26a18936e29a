"""Orders, notices and receipts for tests."""

from datetime import date
from decimal import Decimal
from itertools import count

from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.sourcing import order_drafts
from app.domain.supply import asns, receipts, suppliers
from app.domain.supply.asns import Announced, Asn
from app.domain.supply.piles import Counted
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.receipts import Receipt
from app.domain.supply.suppliers import Supplier
from app.kernel import clock
from app.kernel.db import db
from tests.builders.goods import a_site

_numbers = count(1)


def a_supplier(code: str = "BOREA") -> Supplier:
    """The supplier, made when first asked for."""
    found = db.session.scalar(select(Supplier).filter_by(code=code))
    return found or suppliers.add(code, name=code.title())


def an_order(
    *lines: tuple[Sku, int | str], supplier: str = "BOREA", price: str | None = None
) -> PurchaseOrder:
    """An open order of these SKUs for the warehouse MAIN, each at `price` where it is known."""
    order = PurchaseOrder(
        number=f"PO-{next(_numbers)}",
        supplier_id=a_supplier(supplier).id,
        site_id=a_site().id,
        ordered_by="chloe",
        ordered_on=date(2026, 5, 1),
        currency="TWD",
        recorded_at=clock.now(),
        lines=[
            PurchaseOrderLine(
                line_no=at,
                sku_id=sku.id,
                ordered=Decimal(quantity),
                unit_price=Decimal(price) if price else None,
            )
            for at, (sku, quantity) in enumerate(lines, start=1)
        ],
    )
    db.session.add(order)
    db.session.flush()
    order_drafts.of_imported(order)
    return order


def a_notice(order: PurchaseOrder, **quantities: int | str) -> Asn:
    """An ASN for the whole order, or for `quantities` by SKU code."""
    lines = [
        Announced(line.line_no, Decimal(quantities.get(line.sku.code, line.ordered)))
        for line in order.lines
        if not quantities or line.sku.code in quantities
    ]
    return asns.announce(f"ASN-{next(_numbers)}", order=order, lines=lines)


def a_receipt(*lines: tuple[Sku, int | str]) -> Receipt:
    """A delivery at the gate of everything that was ordered; call it inside a step."""
    return receipts.open_for(a_notice(an_order(*lines)))


def counted(sku: Sku, quantity: int | str, *codes: str, lot: str = "") -> Counted:
    """A counted line."""
    return Counted(sku, Decimal(quantity), lot=lot, serials=codes)
