"""The portal's pages: a supplier's own orders as beads, their notices, and labels to print."""

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.imports import shipments as files
from app.domain.numbers import NoSuchDocument
from app.domain.payables import progress
from app.domain.sourcing import labels as printing
from app.domain.sourcing import order_versions, shipments
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.addresses import row_number
from app.web.documents import issued, returns
from app.web.documents.papers import Paper
from app.web.imports.words import problem_words
from app.web.portal import labels, mine, words
from app.web.printing import on_paper
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.workflow import begun
from app.workflow.records import ProcessInstance

rooms = Blueprint("portal", __name__, url_prefix="/portal")
PAGE = 30
_DIGITS = 6


@rooms.before_request
def _door() -> None:
    """For people of the house this room does not exist."""
    if not mine.suppliers():
        raise NotFound
    enter("portal")


@rooms.get("")
def index() -> ResponseReturnValue:
    found = mine.orders(before=request.args.get("before", type=row_number), limit=PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    came = progress.lines(shown)
    return render_template(
        "portal/index.html",
        orders=[(order, progress.beads(came[order.id])) for order in shown],
        words=words,
        older=url_for(".index", before=shown[-1].id) if more else None,
    )


@rooms.get("/orders/<path:number>")
def order(number: str) -> ResponseReturnValue:
    return _order_page(mine.order(number))


@rooms.get("/orders/<path:number>/paper")
def paper(number: str) -> ResponseReturnValue:
    """The order as it was sent to them."""
    found = mine.order(number)
    return _paper_page(issued.of(found, address=url_for(".paper", number=number)), found)


@rooms.get("/returns/<path:number>")
def supplier_return(number: str) -> ResponseReturnValue:
    found = mine.supplier_return(number)
    address = url_for(".supplier_return", number=number)
    return _paper_page(returns.of(found, address=address, priced=True), found.receipt.order)


@rooms.post("/orders/<path:number>/shipments")
def announce(number: str) -> ResponseReturnValue:
    """Begin a notice of this order, filled in from a file when one was sent along."""
    found, person = mine.order(number), current_person()
    file = request.files.get("file")
    raw = file.read() if file else b""
    try:
        filled = files.read(raw, found) if raw else files.Filled([], [])
    except NoSuchDocument:
        raise
    except Refusal as refusal:
        return _order_page(found, problems=[sentence(refusal)]), refusal.status
    if filled.problems:
        return _order_page(found, problems=problem_words(filled.problems)), 422
    data = {"po_no": found.number, "scope": found.supplier.scope, "rows": filled.rows}
    token = request.form.get("start_key") or secrets.token_urlsafe()
    case = db.in_transaction(
        lambda: begun.once("shipment_notice", data, at=None, by=person.id, token=token)
    )
    return redirect(_task_of(case), code=303)


@rooms.get("/notices/<path:number>")
def notice(number: str) -> ResponseReturnValue:
    found = mine.notice(number)
    return render_template(
        "portal/notice.html",
        notice=found,
        prints=printing.prints(found),
        codes=len(printing.codes(found)),
        label_words=words.label_words,
    )


@rooms.post("/notices/<path:number>/labels")
def print_labels(number: str) -> ResponseReturnValue:
    found, person = mine.notice(number), current_person()
    kind = "unit" if request.form.get("kind") == "unit" else "carton"
    wanted = len(printing.codes(found)) if kind == "unit" else _cartons()
    reason = request.form.get("reason", "")[:200]
    kept = db.in_transaction(
        lambda: printing.write_down(found, kind, wanted, reason=reason, by=person.id).id
    )
    return redirect(url_for(".sheet", number=found.number, print_id=kept), code=303)


@rooms.get("/notices/<path:number>/labels/<int:print_id>")
def sheet(number: str, print_id: int) -> ResponseReturnValue:
    found = mine.notice(number)
    printed = printing.printed(found, print_id)
    return render_template("portal/labels.html", notice=found, labels=labels.of(found, printed))


def _order_page(found: PurchaseOrder, *, problems: list[str] | None = None) -> str:
    lines = progress.lines([found])[found.id]
    return render_template(
        "portal/order.html",
        order=found,
        lines=lines,
        steps=progress.beads(lines),
        tasks=mine.tasks(found),
        notices=mine.notices(found),
        returns=mine.returns(found),
        bills=progress.bills(found),
        has_paper=order_versions.in_force(found) is not None,
        may_ship=found.status == "open" and any(shipments.to_ship(one) for one in found.lines),
        columns=", ".join(files.COLUMNS),
        problems=problems or [],
        start_key=secrets.token_urlsafe(),
        words=words,
    )


def _paper_page(papers: list[Paper], about: PurchaseOrder | None) -> ResponseReturnValue:
    if not papers:
        raise NotFound
    if on_paper.is_wanted():
        return on_paper.answer(papers)
    return render_template("portal/paper.html", papers=papers, order=about)


def _cartons() -> int:
    text = request.form.get("cartons", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else 0


def _task_of(case: ProcessInstance) -> str:
    """The notice to fill in; the order, when it was sent meanwhile."""
    task_id = mine.open_task(case)
    return url_for("tasks.show", task_id=task_id) if task_id else url_for(".index")
