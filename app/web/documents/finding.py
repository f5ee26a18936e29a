"""The papers behind a number, as far as this person may see them."""

from collections.abc import Iterator
from typing import TypeVar

from sqlalchemy import select

from app.domain import numbers
from app.domain.supply import receipts
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt
from app.kernel.db import db
from app.web.documents import order_history, papers
from app.web.documents.papers import Paper
from app.web.plans import papers as plans
from app.web.rooms import is_open, my_sites

Document = TypeVar("Document", PurchaseOrder, Asn, Receipt)


def named(number: str) -> list[Paper]:
    """Every paper with exactly this number."""
    if not is_open("stock"):
        return []
    return [
        *(paper for one in mine(_orders(number)) for paper in of_order(one)),
        *(papers.notice(one) for one in mine(_notices(number))),
        *(papers.receipt(one) for one in mine(_receipts(number))),
        *plans.named(number),
    ]


def of_order(found: PurchaseOrder) -> list[Paper]:
    """The order as it stands, and what it said before, to those who see prices."""
    return [papers.order(found), *order_history.of(found)]


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
