"""The papers' pages, each as a page, as a PDF and, where it is a list, as a spreadsheet."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.numbers import NoSuchDocument
from app.domain.supply import asns, purchase_orders, receipts, return_documents
from app.domain.supply.receipts import Receipt
from app.web.cases import blind, listing
from app.web.documents import finding, inspections, issued, papers
from app.web.documents.papers import Paper
from app.web.files import sheets
from app.web.printing import on_paper
from app.web.rooms import enter, sees_prices
from app.web.tongue import _

rooms = Blueprint("documents", __name__, url_prefix="/documents")
Ways = list[tuple[str, str]]


@rooms.before_request
def _door() -> None:
    enter("stock")


@rooms.get("/orders/<path:number>")
def order(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([purchase_orders.by_number(number)]))
    way = url_for(".order_issued", number=number)
    told = [one for one in found if sees_prices() and issued.of(one, address=way)]
    ways = [(way, _("As the supplier has it"))] if told else []
    return _page([paper for one in found for paper in finding.of_order(one)], number, ways)


@rooms.get("/orders/<path:number>/issued")
def order_issued(number: str) -> ResponseReturnValue:
    """What the supplier was last told; prices are for those who see them."""
    found = finding.mine(iter([purchase_orders.by_number(number)])) if sees_prices() else []
    way = url_for(".order_issued", number=number)
    back = [(url_for(".order", number=number), _("How far it is"))]
    return _page([paper for one in found for paper in issued.of(one, address=way)], number, back)


@rooms.get("/notices/<path:number>")
def notice(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([asns.by_number(number)]))
    return _page([papers.notice(one) for one in found], number)


@rooms.get("/receipts/<path:number>")
def receipt(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([receipts.by_number(number)]))
    ways = [way for one in found for way in _ways_of(one)]
    return _page([papers.receipt(one) for one in found], number, ways)


@rooms.get("/receipts/<path:number>/inspections")
def inspections_of(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([receipts.by_number(number)]))
    ways = [way for one in found for way in _ways_back(one)]
    return _page([paper for one in found for paper in inspections.of(one)], number, ways)


@rooms.get("/returns/<path:number>")
def supplier_return(number: str) -> ResponseReturnValue:
    found = return_documents.by_number(number)
    return _page(finding.of_return(found), number, _ways_back(found.receipt))


def _ways_of(found: Receipt) -> Ways:
    """What else there is to read about a receipt."""
    report = url_for(".inspections_of", number=found.number)
    return [
        *([(report, _("Inspection report"))] if inspections.of(found) else []),
        *(
            (url_for(".supplier_return", number=one.number), f"{_('Return')} {one.number}")
            for one in return_documents.of_receipt(found)
        ),
    ]


def _ways_back(to: Receipt) -> Ways:
    """The receipt, and the order it was for."""
    receipt_way = (url_for(".receipt", number=to.number), f"{_('Receipt')} {to.number}")
    if to.order is None:
        return [receipt_way]
    order_way = url_for(".order", number=to.order.number)
    return [receipt_way, (order_way, f"{_('Purchase order')} {to.order.number}")]


def _page(found: list[Paper], number: str, ways: Ways | None = None) -> ResponseReturnValue:
    if not found:
        raise NoSuchDocument(number=number)
    secret = blind.hides_number(number)
    if not secret and on_paper.is_wanted():
        return on_paper.answer(found)
    if not secret and (kind := sheets.wanted()):
        return sheets.answer(papers.sheet(found[0]), kind)
    return render_template(
        "documents/show.html",
        papers=found,
        hidden_while_counting=secret,
        cases=listing.lines(listing.about(number)),
        ways=ways or [],
    )
