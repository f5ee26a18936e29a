"""Documents of purchasing: orders, announced deliveries, and who sends them."""

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.domain.inventory.places import Site
from app.domain.numbers import NoSuchDocument
from app.domain.supply import asns, purchase_orders, suppliers
from app.domain.supply.asns import Asn, AsnLine
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_
from app.web.api import paging
from app.web.api import paper_shapes as shapes
from app.web.api.room import Room
from app.web.cases import blind
from app.web.documents import finding
from app.web.rooms import my_sites
from app.web.stock.words import goods_words

Document = TypeVar("Document", PurchaseOrder, Asn)

orders = Room("orders", N_("What was ordered, and how much of it has come."), house_room="stock")
notices = Room("asns", N_("What suppliers announced."), house_room="stock")
sellers = Room("suppliers", N_("Who we buy from."), house_room="stock")


@orders.get("", answer=shapes.OrderPage, query=shapes.PapersAsked)
def list_orders(asked: dict[str, Any]) -> dict[str, Any]:
    """List purchase orders, the newest first."""
    return _page(select(PurchaseOrder).order_by(PurchaseOrder.id.desc()), PurchaseOrder, asked)


@orders.get("/<path:number>", answer=shapes.Order)
def show_order(number: str) -> dict[str, Any]:
    """Show one purchase order with its lines."""
    found = _mine(purchase_orders.by_number(number))
    secret = blind.hides_number(found.number)
    lines = None if secret else [_order_line(line) for line in found.lines]
    return {**_order_head(found), "hidden_while_counting": secret, "lines": lines}


@notices.get("", answer=shapes.NoticePage, query=shapes.NoticesAsked)
def list_asns(asked: dict[str, Any]) -> dict[str, Any]:
    """List announced deliveries, the newest first."""
    query = select(Asn).options(joinedload(Asn.order)).order_by(Asn.id.desc())
    if "order" in asked:
        same = select(PurchaseOrder.id).where(PurchaseOrder.number == asked["order"])
        query = query.where(Asn.order_id.in_(same))
    return _page(query, Asn, asked)


@notices.get("/<path:number>", answer=shapes.Notice)
def show_asn(number: str) -> dict[str, Any]:
    """Show one announced delivery with its lines."""
    found = _mine(asns.by_number(number))
    secret = blind.hides_number(found.number)
    lines = None if secret else [_notice_line(line) for line in found.lines]
    return {**_notice_head(found), "hidden_while_counting": secret, "lines": lines}


@sellers.get("", answer=shapes.SupplierPage, query=shapes.SuppliersAsked)
def list_suppliers(asked: dict[str, Any]) -> dict[str, Any]:
    """List suppliers by code."""
    query = select(Supplier).order_by(Supplier.code).where(Supplier.code > asked.get("after", ""))
    rows = list(db.session.scalars(query.limit(asked["limit"] + 1)))
    found, last = paging.cut(rows, asked["limit"])
    return paging.page(found, last.code if last else None)


@sellers.get("/<path:code>", answer=shapes.Supplier)
def show_supplier(code: str) -> Supplier:
    """Show one supplier."""
    return suppliers.by_code(code)


def _page(query: Select[Document], kind: type[Document], asked: dict[str, Any]) -> dict[str, Any]:
    """Those of the reader's sites that the request asks for."""
    before, sites = asked.get("after"), my_sites()
    if before is not None:
        query = query.where(kind.id < before)
    if sites is not None:
        query = query.where(kind.site_id.in_(select(Site.id).where(Site.code.in_(sites))))
    if "site" in asked:
        query = query.where(kind.site_id.in_(select(Site.id).where(Site.code == asked["site"])))
    if "supplier" in asked:
        wanted = select(Supplier.id).where(Supplier.code == asked["supplier"])
        query = query.where(kind.supplier_id.in_(wanted))
    if "status" in asked:
        query = query.where(kind.status == asked["status"])
    rows = list(db.session.scalars(query.limit(asked["limit"] + 1)))
    found, last = paging.cut(rows, asked["limit"])
    return paging.page([_head(one) for one in found], last.id if last else None)


def _mine(found: Document) -> Document:
    if not finding.mine(iter([found])):
        raise NoSuchDocument(number=found.number)
    return found


def _head(found: PurchaseOrder | Asn) -> dict[str, Any]:
    return _notice_head(found) if isinstance(found, Asn) else _order_head(found)


def _order_head(found: PurchaseOrder) -> dict[str, Any]:
    return {
        "number": found.number,
        "status": found.status,
        "supplier": found.supplier.code,
        "site": found.site.code,
        "ordered_by": found.ordered_by,
        "ordered_on": found.ordered_on,
        "due_on": found.due_on,
        "currency": found.currency,
    }


def _order_line(line: PurchaseOrderLine) -> dict[str, Any]:
    return {
        **_goods(line),
        "ordered": line.ordered + line.amended - line.waived,
        "received": line.received,
        "accepted": line.accepted,
        "rejected": line.rejected,
        "open": line.open,
    }


def _notice_head(found: Asn) -> dict[str, Any]:
    return {
        "number": found.number,
        "status": found.status,
        "supplier": found.supplier.code,
        "site": found.site.code,
        "order": found.order.number,
        "expected_on": found.expected_on,
    }


def _notice_line(line: AsnLine) -> dict[str, Any]:
    return {
        **_goods(line),
        "quantity": line.quantity,
        "lot": line.lot,
        "expires_on": line.expires_on,
        "serials": [one.code for one in line.serials],
    }


def _goods(line: PurchaseOrderLine | AsnLine) -> dict[str, Any]:
    sku = line.sku
    return {"line": line.line_no, "sku": sku.code, "name": goods_words(sku.name), "unit": sku.unit}
