"""A return to a supplier and the debit note for it, as their page and their paper show them."""

from app.domain.finance import company
from app.domain.supply import debit_notes
from app.domain.supply.debit_notes import DebitNote
from app.domain.supply.return_documents import SupplierReturn, SupplierReturnLine
from app.kernel.money import Money
from app.web.documents import papers
from app.web.documents.papers import Cell, Paper
from app.web.tongue import _

_RETURNED = ("line", "sku", "name", "quantity", "unit", "lot", "serials")
_CHARGED = ("line", "sku", "name", "quantity", "unit", "amount")


def of(found: SupplierReturn, *, address: str, priced: bool) -> list[Paper]:
    """What goes back, and what we charge for it, to those who see prices."""
    note = debit_notes.of(found) if priced else None
    return [_slip(found, address), *([_note(note, found, address)] if note else [])]


def reason_words(reason: str) -> str:
    """Why goods go back."""
    return {
        "inspection": _("Rejected by quality control"),
        "wrong_goods": _("Not ordered"),
        "surplus": _("More than ordered"),
        "foreign_units": _("Units of somebody else"),
        "forgery": _("Suspected forgery"),
        "unidentified": _("Nobody knows whose they are"),
        "recall": _("Recalled after put-away"),
    }.get(reason, reason)


def _slip(found: SupplierReturn, address: str) -> Paper:
    receipt = found.receipt
    return Paper(
        kind=_("Return to supplier"),
        number=found.number,
        address=address,
        status=_state_words(found.status),
        head=papers.head(
            supplier=f"{receipt.supplier.name} ({receipt.supplier.code})",
            site=f"{receipt.site.name} ({receipt.site.code})",
            po_no=receipt.order.number if receipt.order else None,
            receipt_no=receipt.number,
            reason=reason_words(found.reason),
            settlement=_settlement_words(found.settlement),
            freight_payer=_payer_words(found.freight_payer),
            shipped_at=found.shipped_at,
        ),
        columns=papers.columns(*_RETURNED),
        lines=[_line(each) for each in found.lines if each.quantity],
    )


def _note(note: DebitNote, found: SupplierReturn, address: str) -> Paper:
    lines = {each.id: each for each in found.lines}
    return Paper(
        kind=_("Debit note"),
        number=note.number,
        address=address,
        status="",
        head=papers.head(return_no=found.number, issued_at=note.recorded_at),
        columns=papers.columns(*_CHARGED),
        lines=[
            {
                **_line(lines[each.return_line_id]),
                "quantity": each.quantity,
                "amount": company.written(Money(each.amount_minor, note.currency)),
            }
            for each in note.lines
        ],
        total=company.written(note.total),
    )


def _line(each: SupplierReturnLine) -> dict[str, Cell]:
    source = each.receipt_line
    return {
        **papers.named_goods(source),
        "line": str(each.line_no),
        "quantity": each.quantity,
        "lot": source.lot,
        "serials": ", ".join(each.codes),
    }


def _state_words(status: str) -> str:
    return {"open": _("being agreed on"), "shipped": _("has left")}.get(status, status)


def _settlement_words(settlement: str) -> str:
    return {"credit": _("Credit note"), "replacement": _("New goods")}.get(settlement, settlement)


def _payer_words(payer: str) -> str:
    return {"supplier": _("The supplier"), "us": _("We do")}.get(payer, payer)
