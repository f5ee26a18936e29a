"""The suppliers' pages: the list, one supplier in its parts, proposing a change, one proposal."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.finance.company import ours
from app.domain.payables import progress
from app.domain.sourcing import agreements, master_data, proposals, record
from app.domain.sourcing.master_data import FACTS
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.kernel import clock, db
from app.kernel.errors import NotFound, Refusal
from app.web.flashes import say
from app.web.portal import words as beads
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person, my_roles
from app.web.suppliers import finding, proposed, reach, words
from app.web.tongue import _

rooms = Blueprint("suppliers", __name__, url_prefix="/suppliers")
PAGE = 50


@rooms.before_request
def _door() -> None:
    enter("suppliers")


@rooms.get("")
def index() -> ResponseReturnValue:
    text, after = request.args.get("q", "").strip(), request.args.get("after", "")
    found = finding.suppliers(text=text, after=after, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    older = url_for(".index", q=text or None, after=rows[-1].supplier.code) if more else None
    return render_template("suppliers/index.html", rows=rows, older=older, wanted=text, words=words)


@rooms.get("/proposals/<number>")
def proposal(number: str) -> ResponseReturnValue:
    found = reach.proposal(number)
    return render_template(
        "suppliers/proposal.html",
        proposal=found,
        changes=proposed.changes(found),
        may_withdraw=found.is_open and found.proposed_by == current_person().username,
        words=words,
    )


@rooms.post("/proposals/<number>/withdrawal")
def withdraw(number: str) -> ResponseReturnValue:
    found, by = reach.proposal(number), current_person().username
    db.in_transaction(lambda: proposals.ask_to_withdraw(proposals.by_number(found.number), by=by))
    say(_("%(number)s is withdrawn.", number=found.number), kind="good")
    return redirect(url_for(".show", code=found.supplier.code, tab="changes"), code=303)


@rooms.get("/<path:code>/changes/<kind>")
def change_page(code: str, kind: str) -> ResponseReturnValue:
    return _change_page(suppliers.by_code(code), _kind(kind))


@rooms.post("/<path:code>/changes/<kind>")
def propose(code: str, kind: str) -> ResponseReturnValue:
    supplier, by = suppliers.by_code(code), current_person().username
    wanted = {name: request.form.get(name, "")[:1_000] for name in _names(_kind(kind))}
    try:
        number = db.in_transaction(
            lambda: master_data.propose(suppliers.by_code(code), kind, wanted, by=by).number
        )
    except Refusal as refusal:
        return _change_page(supplier, kind, wanted, sentence(refusal)), refusal.status
    say(_("%(number)s waits for a second person.", number=number), kind="good")
    return redirect(url_for(".proposal", number=number), code=303)


@rooms.get("/<path:code>")
def show(code: str) -> ResponseReturnValue:
    supplier = suppliers.by_code(code)
    parts = {
        "record": _record,
        "facts": _facts,
        "agreements": _agreements,
        "orders": _orders,
        "changes": _changes,
    }
    tabs = [(name, title) for name, title in _tabs() if name in reach.tabs()]
    tab = request.args.get("tab", "record")
    if tab not in dict(tabs):
        raise NotFound
    return render_template(
        "suppliers/show.html",
        supplier=supplier,
        tab=tab,
        tabs=tabs,
        words=words,
        **parts[tab](supplier),
    )


def _tabs() -> list[tuple[str, str]]:
    return [
        ("record", _("Record")),
        ("facts", _("Master data")),
        ("agreements", _("Agreements")),
        ("orders", _("Orders and returns")),
        ("changes", _("Changes")),
    ]


def _record(supplier: Supplier) -> dict[str, Any]:
    found = record.of(supplier, clock.now())
    return {"record": found, "measures": list(words.measures(found))}


def _facts(supplier: Supplier) -> dict[str, Any]:
    account = master_data.bank_account(supplier) if reach.sees_bank() else None
    return {
        "facts": _known(supplier, master_data.MASTER_DATA),
        "account": _known(supplier, master_data.BANK_DETAILS) if account else [],
        "sees_bank": reach.sees_bank(),
        "may_propose": bool(master_data.PROPOSERS & my_roles()),
    }


def _agreements(supplier: Supplier) -> dict[str, Any]:
    begin = url_for("cases.start_page", key="price_agreement", element="prices_negotiated")
    return {
        "agreements": agreements.of_supplier(supplier.id),
        "today": ours().day(clock.now()),
        "propose": begin if "buyer" in my_roles() else None,
    }


def _orders(supplier: Supplier) -> dict[str, Any]:
    found = finding.orders(supplier)
    came = progress.lines(found)
    return {
        "orders": [(one, progress.beads(came[one.id])) for one in found],
        "returns": finding.returns(supplier),
        "step_words": beads,
    }


def _changes(supplier: Supplier) -> dict[str, Any]:
    every = proposals.of_supplier(supplier)
    return {"proposals": [one for one in every if reach.sees(one)]}


def _known(supplier: Supplier, kind: str) -> list[tuple[str, str]]:
    known = master_data.known(supplier, kind)
    return [(_(FACTS[name].title), _shown(name, text)) for name, text in known.items()]


def _shown(name: str, text: str) -> str:
    return words.standing_words(text) if name == "standing" else text


def _names(kind: str) -> list[str]:
    return [name for name, fact in FACTS.items() if fact.kind == kind]


def _kind(kind: str) -> str:
    """A kind the reader may propose.

    Raises:
        NotFound: there is none, or they may not see what it changes.
    """
    if kind not in {master_data.MASTER_DATA, master_data.BANK_DETAILS}:
        raise NotFound
    return kind


def _change_page(
    supplier: Supplier, kind: str, typed: dict[str, str] | None = None, refusal: str = ""
) -> str:
    """The facts to change; an account is typed anew, so that nobody reads it here."""
    known = master_data.known(supplier, kind)
    if kind == master_data.BANK_DETAILS and not reach.sees_bank():
        known = dict.fromkeys(known, "")
    fields = [
        (name, _(FACTS[name].title), FACTS[name], (typed or known)[name]) for name in _names(kind)
    ]
    return render_template(
        "suppliers/change.html",
        supplier=supplier,
        kind=kind,
        fields=fields,
        refusal=refusal,
        words=words,
    )
