"""What type-ahead fields find: goods, suppliers, places and orders, by code or name."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from app.domain.catalog.products import Sku
from app.domain.inventory.places import Location, Site
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.web.rooms import is_open, my_sites
from app.web.stock.words import goods_words
from app.workflow.forms import lookups
from app.workflow.forms.lookups import Lookup, Match

Rows = Select[str, str]


def register() -> None:
    """Offer the look-ups. Whether a value is known is for the process to say, not for the field."""
    for kind, rows in _KINDS.items():
        lookups.offer(kind, Lookup(_finder(rows), lambda _values: frozenset()))


def _finder(rows: Callable[[str], Rows]) -> Callable[[str, int], list[Match]]:
    def find(text: str, limit: int) -> list[Match]:
        if not is_open("stock"):
            return []
        found = db.session.execute(rows(text).limit(limit)).all()
        return [Match(code, f"{code} · {goods_words(name)}") for code, name in found]

    return find


def _skus(text: str) -> Rows:
    matching = or_(_starts(Sku.code, text), _holds(Sku.name, text), Sku.barcode == text)
    return select(Sku.code, Sku.name).where(matching).order_by(Sku.code)


def _suppliers(text: str) -> Rows:
    matching = or_(_starts(Supplier.code, text), _holds(Supplier.name, text))
    return select(Supplier.code, Supplier.name).where(matching).order_by(Supplier.code)


def _locations(text: str) -> Rows:
    rows = select(Location.code, Site.name).join(Site, Location.site_id == Site.id)
    rows = rows.where(_starts(Location.code, text), Location.kind == "internal")
    return _at_my_sites(rows).order_by(Location.code)


def _orders(text: str) -> Rows:
    rows = select(PurchaseOrder.number, Supplier.name)
    rows = rows.join(Supplier, PurchaseOrder.supplier_id == Supplier.id)
    rows = rows.join(Site, PurchaseOrder.site_id == Site.id)
    matching = or_(_starts(PurchaseOrder.number, text), _holds(Supplier.name, text))
    rows = rows.where(matching, PurchaseOrder.status == "open")
    return _at_my_sites(rows).order_by(PurchaseOrder.number)


def _at_my_sites(rows: Rows) -> Rows:
    sites = my_sites()
    return rows if sites is None else rows.where(Site.code.in_(sites))


def _starts(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.istartswith(text, autoescape=True)
    return found


def _holds(column: Any, text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.icontains(text, autoescape=True)
    return found


_KINDS: dict[str, Callable[[str], Rows]] = {
    "sku": _skus,
    "supplier": _suppliers,
    "location": _locations,
    "purchase_order": _orders,
}
