"""The papers' pages."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.domain.numbers import NoSuchDocument
from app.domain.supply import asns, purchase_orders, receipts
from app.web.cases import blind, listing
from app.web.documents import finding, papers
from app.web.documents.papers import Paper
from app.web.files import sheets
from app.web.rooms import enter

rooms = Blueprint("documents", __name__, url_prefix="/documents")


@rooms.before_request
def _door() -> None:
    enter("stock")


@rooms.get("/orders/<path:number>")
def order(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([purchase_orders.by_number(number)]))
    return _page([papers.order(one) for one in found], number)


@rooms.get("/notices/<path:number>")
def notice(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([asns.by_number(number)]))
    return _page([papers.notice(one) for one in found], number)


@rooms.get("/receipts/<path:number>")
def receipt(number: str) -> ResponseReturnValue:
    found = finding.mine(iter([receipts.by_number(number)]))
    return _page([papers.receipt(one) for one in found], number)


def _page(found: list[Paper], number: str) -> ResponseReturnValue:
    if not found:
        raise NoSuchDocument(number=number)
    secret = blind.hides_number(number)
    if not secret and (kind := sheets.wanted()):
        return sheets.answer(papers.sheet(found[0]), kind)
    return render_template(
        "documents/show.html",
        paper=found[0],
        hidden_while_counting=secret,
        cases=listing.lines(listing.about(number)),
    )
