"""Returning rejected goods: authorise, agree, scan out, debit, settle."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import debit_notes, receipts, return_documents, supplier_returns
from app.domain.supply.return_documents import SupplierReturn, SupplierReturnLine
from app.domain.supply.supplier_returns import Wanted
from app.effects import billed_orders, papers
from app.effects.papers import Paper
from app.kernel.db import db
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


@effect
def open_return(receipt_no: str, line_nos: list[int], reason: str) -> Paper:
    """Propose to send back all that was rejected and is in no other return."""
    receipt = receipts.by_number(receipt_no)
    new = supplier_returns.open_for(receipt, line_nos, reason=reason)
    return {
        "return_no": new.number,
        "reason": reason,
        "supplier_scope": receipt.supplier.scope,
        "lines": [_row(line) for line in new.lines],
    }


@effect
def record_authorisation(return_no: str, lines: Rows, settlement: str, freight_payer: str) -> Paper:
    """Write down what goes back and what we want for it; the goods to ship."""
    found = return_documents.locked(return_no)
    wanted = {row["line_no"]: _wanted(row, "quantity", "serials") for row in lines}
    supplier_returns.authorise(found, wanted, settlement=settlement, freight_payer=freight_payer)
    return {"lines": [_row(line) for line in found.lines if line.quantity]}


@effect
def ship_out(return_no: str, lines: Rows) -> str:
    """Take the goods from the rejected place to their supplier, exactly as authorised."""
    found = return_documents.locked(return_no)
    scanned = {row["line_no"]: _wanted(row, "shipped", "scanned") for row in lines}
    supplier_returns.ship(found, scanned)
    return found.number


@effect
def issue_debit_note(return_no: str) -> Paper:
    """Charge the supplier what the goods cost when they came."""
    note = debit_notes.issue(return_documents.locked(return_no))
    if note is None:
        return {"debit_no": None, "total": "0", "currency": ""}
    return {
        "debit_no": note.number,
        "total": f"{note.total.amount:f}",
        "currency": note.currency,
    }


@effect
def expect_replacement(return_no: str) -> str:
    """Let the order expect the goods once more, so that the next notice may bring them."""
    found = return_documents.locked(return_no)
    return plain(supplier_returns.expect_replacement(found))


@effect
def book_credit(debit_no: str, credit: Paper) -> Paper:
    """Settle the debit note with the supplier's credit; what is missing of it."""
    note = debit_notes.by_number(debit_no)
    missing = debit_notes.credit(
        note,
        Decimal(credit["amount"]),
        supplier_number=credit["number"],
        reason=credit.get("reason") or "",
    )
    order = db.session.get_one(SupplierReturn, note.return_id).receipt.order
    if order is not None:
        billed_orders.tell(order, document=note.number)
    return {"missing": f"{missing.amount:f}", "currency": missing.currency}


def _row(line: SupplierReturnLine) -> Paper:
    return {
        **papers.goods(line.receipt_line.sku),
        "line_no": line.line_no,
        "lot": line.receipt_line.lot,
        "quantity": plain(line.quantity),
        "serials": line.codes,
    }


def _wanted(row: dict[str, Any], quantity: str, codes: str) -> Wanted:
    return Wanted(Decimal(row.get(quantity) or 0), tuple(row.get(codes) or ()))
