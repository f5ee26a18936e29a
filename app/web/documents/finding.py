"""The papers behind a number, as far as this person may see them."""

from collections.abc import Iterator
from typing import TypeVar

from flask import url_for
from sqlalchemy import select

from app.domain import numbers
from app.domain.supply import debit_notes, receipts, return_documents
from app.domain.supply.asns import Asn
from app.domain.supply.debit_notes import DebitNote
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.domain.supply.return_documents import SupplierReturn
from app.kernel.db import db
from app.web.documents import order_history, papers, returns
from app.web.documents.papers import Paper
from app.web.plans import papers as plans
from app.web.rooms import is_open, my_sites, sees_prices

Document = TypeVar("Document", PurchaseOrder, Asn, Receipt)


def named(number: str) -> list[Paper]:
    """Every paper with exactly this number."""
    if not is_open("stock"):
        return []
    return [
        *(paper for one in mine(_orders(number)) for paper in of_order(one)),
        *(papers.notice(one) for one in mine(_notices(number))),
        *(papers.receipt(one) for one in mine(_receipts(number))),
        *(paper for one in _returns(number) for paper in of_return(one)),
        *plans.named(number),
    ]


def of_order(found: PurchaseOrder) -> list[Paper]:
    """The order as it stands, and what it said before, to those who see prices."""
    return [papers.order(found), *order_history.of(found)]


def of_return(found: SupplierReturn) -> list[Paper]:
    """What goes back from one of the person's sites, and what is charged for it."""
    if not mine(iter([found.receipt])):
        return []
    address = url_for("documents.supplier_return", number=found.number)
    return returns.of(found, address=address, priced=sees_prices())


def mine(found: Iterator[Document]) -> list[Document]:
    """Those delivered to one of the person's sites."""
    sites = my_sites()
    return [one for one in found if sites is None or one.site.code in sites]


def _orders(number: str) -> Iterator[PurchaseOrder]:
    yield from db.session.scalars(select(PurchaseOrder).filter_by(number=number))


def _notices(number: str) -> Iterator[Asn]:
    yield from db.session.scalars(select(Asn).filter_by(number=number))


def _receipts(number: str) -> Iterator[Receipt]:
    try:
        yield receipts.by_number(number.partition("/")[0])
    except numbers.NoSuchDocument:
        return


def _returns(number: str) -> Iterator[SupplierReturn]:
    """By its own number, or by that of its debit note."""
    try:
        if number.upper().startswith(f"{DebitNote.PREFIX}-"):
            note = debit_notes.by_number(number)
            yield db.session.get_one(SupplierReturn, note.return_id)
        else:
            yield return_documents.by_number(number)
    except numbers.NoSuchDocument:
        return
