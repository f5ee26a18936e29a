"""Whose orders the reader may see: those of the suppliers they work for, once they were sent."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.domain.numbers import NoSuchDocument
from app.domain.supply import asns, purchase_orders, return_documents
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.domain.supply.return_documents import SupplierReturn
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.web.session import my_memberships
from app.workflow.records import CaseNumber, ProcessInstance, Task

_SCOPE = "supplier:"


def suppliers() -> frozenset[str]:
    """The codes of the suppliers the reader works for."""
    held = {scope for role, scope in my_memberships() if role == "supplier"}
    return frozenset(scope.removeprefix(_SCOPE) for scope in held if scope.startswith(_SCOPE))


def order(number: str) -> PurchaseOrder:
    """An order of theirs.

    Raises:
        NoSuchDocument: there is none, as far as they are concerned.
    """
    found = purchase_orders.by_number(number)
    if found.supplier.code not in suppliers() or found.status == "draft":
        raise NoSuchDocument(number=number)
    return found


def notice(number: str) -> Asn:
    """A notice of theirs.

    Raises:
        NoSuchDocument: there is none, as far as they are concerned.
    """
    found = asns.by_number(number)
    if found.supplier.code not in suppliers():
        raise NoSuchDocument(number=number)
    return found


def supplier_return(number: str) -> SupplierReturn:
    """A return to them that was authorised.

    Raises:
        NoSuchDocument: there is none, as far as they are concerned.
    """
    found = return_documents.by_number(number)
    if found.receipt.supplier.code not in suppliers() or not found.settlement:
        raise NoSuchDocument(number=number)
    return found


def orders(*, before: int | None, limit: int) -> list[PurchaseOrder]:
    """A page of their orders with their lines, the newest first."""
    query = (
        select(PurchaseOrder)
        .join(Supplier)
        .where(Supplier.code.in_(suppliers()), PurchaseOrder.status != "draft")
        .options(selectinload(PurchaseOrder.lines))
    )
    if before is not None:
        query = query.where(PurchaseOrder.id < before)
    return list(db.session.scalars(query.order_by(PurchaseOrder.id.desc()).limit(limit)))


def notices(about: PurchaseOrder) -> list[Asn]:
    """What was announced of an order, the newest first."""
    query = select(Asn).filter_by(order_id=about.id).options(selectinload(Asn.lines))
    return list(db.session.scalars(query.order_by(Asn.id.desc())))


def returns(about: PurchaseOrder) -> list[SupplierReturn]:
    """What of an order goes back, the newest first."""
    query = (
        select(SupplierReturn)
        .join(Receipt, Receipt.id == SupplierReturn.receipt_id)
        .where(Receipt.order_id == about.id)
        .order_by(SupplierReturn.id.desc())
    )
    return list(db.session.scalars(query))


def tasks(about: PurchaseOrder) -> list[Task]:
    """What of an order waits for the reader, the most urgent first."""
    carries = select(CaseNumber.instance_id).where(CaseNumber.number == about.number.upper())
    query = select(Task).where(
        Task.role == "supplier", Task.scope == about.supplier.scope, Task.instance_id.in_(carries)
    )
    return list(db.session.scalars(query.order_by(Task.rank)))


def open_task(case: ProcessInstance) -> int | None:
    """The task of theirs that a case waits for."""
    query = select(Task.id).filter_by(instance_id=case.id, role="supplier").order_by(Task.id)
    return db.session.scalars(query).first()
