"""Questions about purchase documents, for pages: lists to leaf through and single ones."""

from collections.abc import Collection
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.domain.inventory.places import Site
from app.domain.supply.asns import Asn, AsnLine
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db

Codes = Collection[str] | None
Q = TypeVar("Q", bound=Select[Any])


def orders(
    *, sites: Codes = None, suppliers: Codes = None, before: int | None = None, limit: int = 50
) -> list[PurchaseOrder]:
    """A page of purchase orders with their lines, the newest first; None means every one."""
    query = select(PurchaseOrder).join(Supplier).join(Site)
    query = _scoped(query, sites, suppliers).options(selectinload(PurchaseOrder.lines))
    if before is not None:
        query = query.where(PurchaseOrder.id < before)
    return list(db.session.scalars(query.order_by(PurchaseOrder.id.desc()).limit(limit)))


def notices(
    *, sites: Codes = None, suppliers: Codes = None, before: int | None = None, limit: int = 50
) -> list[Asn]:
    """A page of shipping notices with their lines, the newest first."""
    query = select(Asn).join(Supplier, Supplier.id == Asn.supplier_id)
    query = _scoped(query.join(Site, Site.id == Asn.site_id), sites, suppliers)
    query = query.options(selectinload(Asn.lines).selectinload(AsnLine.serials))
    if before is not None:
        query = query.where(Asn.id < before)
    return list(db.session.scalars(query.order_by(Asn.id.desc()).limit(limit)))


def receipts(
    *, sites: Codes = None, suppliers: Codes = None, before: int | None = None, limit: int = 50
) -> list[Receipt]:
    """A page of receipts with their lines, the newest first."""
    query = select(Receipt).join(Supplier, Supplier.id == Receipt.supplier_id)
    query = _scoped(query.join(Site, Site.id == Receipt.site_id), sites, suppliers)
    query = query.options(selectinload(Receipt.lines).selectinload(ReceiptLine.place))
    if before is not None:
        query = query.where(Receipt.id < before)
    return list(db.session.scalars(query.order_by(Receipt.id.desc()).limit(limit)))


def _scoped(query: Q, sites: Codes, suppliers: Codes) -> Q:
    """What a person with these scopes may see."""
    if sites is not None:
        query = query.where(Site.code.in_(sites))
    if suppliers is not None:
        query = query.where(Supplier.code.in_(suppliers))
    return query
