"""Suppliers as a list shows them, and the papers of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.domain.supply.return_documents import SupplierReturn
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db

MOST = 50


@dataclass(frozen=True)
class Line:
    """One supplier with what is open."""

    supplier: Supplier
    open_orders: int
    open_returns: int


def suppliers(*, text: str, after: str, limit: int) -> list[Line]:
    """A page of suppliers by code, those whose code or name holds `text`."""
    query = select(Supplier).where(Supplier.code > after).order_by(Supplier.code)
    if text:
        holds = (
            Supplier.code.icontains(text, autoescape=True),
            Supplier.name.icontains(text, autoescape=True),
        )
        query = query.where(or_(*holds))
    found = list(db.session.scalars(query.limit(limit)))
    ids = [one.id for one in found]
    orders, returns = _open_orders(ids), _open_returns(ids)
    return [Line(one, orders.get(one.id, 0), returns.get(one.id, 0)) for one in found]


def orders(supplier: Supplier) -> list[PurchaseOrder]:
    """The last orders of a supplier, the newest first."""
    query = select(PurchaseOrder).filter_by(supplier_id=supplier.id)
    query = query.where(PurchaseOrder.status != "draft").order_by(PurchaseOrder.id.desc())
    return list(db.session.scalars(query.limit(MOST)))


def returns(supplier: Supplier) -> list[SupplierReturn]:
    """The last returns to a supplier, the newest first."""
    query = (
        select(SupplierReturn)
        .join(Receipt, Receipt.id == SupplierReturn.receipt_id)
        .where(Receipt.supplier_id == supplier.id)
        .order_by(SupplierReturn.id.desc())
    )
    return list(db.session.scalars(query.limit(MOST)))


def _open_orders(ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(PurchaseOrder.supplier_id, func.count())
        .where(PurchaseOrder.supplier_id.in_(ids), PurchaseOrder.status == "open")
        .group_by(PurchaseOrder.supplier_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _open_returns(ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(Receipt.supplier_id, func.count())
        .join(SupplierReturn, SupplierReturn.receipt_id == Receipt.id)
        .where(Receipt.supplier_id.in_(ids), SupplierReturn.status == "open")
        .group_by(Receipt.supplier_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
