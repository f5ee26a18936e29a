"""What processes tell each other about goods: lots to inspect, goods to return, what is missing."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.domain.supply.suppliers import Supplier
from app.identity import people
from app.kernel import calendars, clock

Paper = dict[str, Any]


def lot(receipt: Receipt, lines: Iterable[ReceiptLine], part: str = "") -> Paper:
    """Goods that wait for inspection together; `part` tells lots of one receipt apart."""
    number = f"{receipt.number}-{part}" if part else receipt.number
    counted_by = people.get(receipt.counted_by) if receipt.counted_by else None
    return {
        **_about(receipt, _sound_first(lines)),
        "lot_no": number,
        "counted_by": counted_by.username if counted_by else None,
    }


def to_return(receipt: Receipt, lines: Iterable[ReceiptLine], reason: str) -> Paper:
    """Goods that go back to their supplier."""
    return {**_about(receipt, lines), "reason": reason}


def shortage(receipt: Receipt, compared: Iterable[Paper]) -> Paper:
    """What was announced and did not come."""
    missing = [
        {"sku": row["sku"], "name": row["name"], "unit": row["unit"], "short": row["short"]}
        for row in compared
        if row["short"] != "0"
    ]
    return {**_about(receipt, []), "missing": missing, "chase_no": None}


def late_order(order: PurchaseOrder, chase_no: str) -> Paper:
    """An order of which too little came by the promised day."""
    return {**about_order(order), "receipt_no": None, "missing": [], "chase_no": chase_no}


def to_plan_again(order: PurchaseOrder, quantities: Mapping[Sku, Decimal]) -> Paper:
    """Goods that were ordered and will not come, though they are wanted still."""
    lines = [{"sku": sku.code, "quantity": plain(quantity)} for sku, quantity in quantities.items()]
    return {**about_order(order), "lines": lines}


def about_order(order: PurchaseOrder) -> Paper:
    """What every paper about an order begins with."""
    return {
        "po_no": order.number,
        "supplier": order.supplier.code,
        "supplier_name": order.supplier.name,
        "supplier_scope": order.supplier.scope,
        "site": order.site.code,
        "scope": order.site.scope,
        "ordered_by": order.ordered_by,
    }


def contact(supplier: Supplier) -> str:
    """Whom to ask for, and how to reach them."""
    by_telephone = " · ".join(filter(None, (supplier.contact, supplier.phone)))
    return by_telephone or supplier.email or "–"


def today(scope: str) -> str:
    """The day it is at a place, as data keeps it."""
    return calendars.of_scope(scope).today(clock.now()).isoformat()


def who_does_this() -> str | None:
    """Whose answers this step acts on: somebody else decides about them."""
    person = people.acting()
    return person.username if person else None


def name_of_who_does_this() -> str:
    """The same as people read it; empty when nobody does."""
    person = people.acting()
    return person.name if person else ""


def goods(sku: Sku) -> Paper:
    """What people need to know of a SKU to handle it."""
    return {
        "sku": sku.code,
        "name": sku.name,
        "unit": sku.unit,
        "serial_policy": sku.serial_policy,
    }


def _sound_first(lines: Iterable[ReceiptLine]) -> list[ReceiptLine]:
    """As counted, but of the same goods the damaged ones last, as people expect them."""
    counted = list(lines)
    firsts = {line.sku_id: line.line_no for line in reversed(counted)}
    return sorted(counted, key=lambda one: (firsts[one.sku_id], one.kind == "damaged", one.line_no))


def _about(receipt: Receipt, lines: Iterable[ReceiptLine]) -> Paper:
    return {
        "receipt_no": receipt.number,
        "asn_no": receipt.asn.number if receipt.asn else None,
        "po_no": receipt.order.number if receipt.order else None,
        "supplier": receipt.supplier.code,
        "supplier_name": receipt.supplier.name,
        "scope": receipt.site.scope,
        "line_nos": [line.line_no for line in lines],
    }
