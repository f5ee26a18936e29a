"""What becomes of a failed lot: back, sorted, reworked, kept at a lower price, or scrapped."""

from decimal import Decimal
from typing import Any

from app.domain.supply import charge_notes, concessions, quality, receipts, samples
from app.domain.supply.charge_notes import ChargeNote
from app.domain.supply.findings import Finding
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.effects import papers, verdicts
from app.effects.papers import Paper
from app.kernel import money
from app.kernel.money import Money
from app.workflow.effects import effect

Rows = list[dict[str, Any]]
_NO_CHARGE: Paper = {"charge_no": None, "total": "0", "currency": ""}


@effect
def reject_lot(receipt_no: str, lot: Rows) -> Paper:
    """Set the whole lot aside: it goes back to its supplier."""
    receipt = receipts.by_number(receipt_no)
    lines = _lines(receipt, lot)
    for line, row in zip(lines, lot, strict=True):
        codes = [unit.code for unit in quality.units_waiting(line)]
        quality.judge(
            line,
            accepted=Decimal(0),
            rejected=line.waiting,
            rejected_serials=codes if line.sku.serial_policy == "unit" else (),
            found=_found(row),
        )
    return _disposed(receipt, [], lines)


@effect
def book_sorting(receipt_no: str, lot: Rows) -> Paper:
    """Release what sorting found good; set the rest aside. All of it was looked at."""
    receipt = receipts.by_number(receipt_no)
    return _sorted(receipt, lot)


@effect
def book_rework(receipt_no: str, lot: Rows, cost: str, note: str) -> Paper:
    """Release what rework made good, set the rest aside, and charge the supplier for the work.

    Raises:
        TooManyDecimals: the cost is finer than the currency.
    """
    receipt = receipts.by_number(receipt_no)
    line = receipts.line(receipt, lot[0]["line_no"])
    total = money.of(Decimal(cost), charge_notes.currency_of(line))
    done = _sorted(receipt, lot)
    if not total.minor:
        return done
    return {**done, **_charged(charge_notes.issue(line, "rework", total, reason=note))}


@effect
def book_concession(receipt_no: str, lot: Rows, percent: str) -> Paper:
    """Keep the lot, so many percent below its price.

    Raises:
        NoPriceToCut, CutTooDeep: the cut cannot be booked; nothing is.
    """
    receipt = receipts.by_number(receipt_no)
    lines, cut = _lines(receipt, lot), Decimal(percent or 0)
    for line in lines:
        concessions.check(line, cut)
    released = [
        concessions.keep(line, cut, _found(row)) for line, row in zip(lines, lot, strict=True)
    ]
    return _disposed(receipt, released, [])


@effect
def book_scrap(receipt_no: str, lot: Rows, bearer: str, reason: str) -> Paper:
    """Take the lot out of stock; when the supplier bears it, charge what it cost.

    Raises:
        NothingToCharge: nobody knows what it cost; nothing is booked.
    """
    receipt = receipts.by_number(receipt_no)
    lines = _lines(receipt, lot)
    currency = charge_notes.currency_of(lines[0])
    total = Money(sum(charge_notes.price_of(one, one.waiting).minor for one in lines), currency)
    note = None
    if bearer == "supplier":
        note = charge_notes.issue(lines[0], "scrap", total, reason=reason)
    for line, row in zip(lines, lot, strict=True):
        samples.scrap(line, _found(row))
    return {**_disposed(receipt, [], []), **(_charged(note) if note else {})}


@effect
def hand_over(release_nos: list[str]) -> int:
    """Tell put-away of each released tranche; how many there are."""
    return verdicts.announce(release_nos)


@effect
def book_charge_credit(charge_no: str, credit: Paper) -> Paper:
    """Settle the charge note with the supplier's credit; what is missing of it."""
    note = charge_notes.by_number(charge_no)
    missing = charge_notes.credit(
        note,
        Decimal(credit["amount"]),
        supplier_number=credit["number"],
        reason=credit.get("reason") or "",
    )
    return {"missing": f"{missing.amount:f}", "currency": missing.currency}


def _lines(receipt: Receipt, lot: Rows) -> list[ReceiptLine]:
    return [receipts.line(receipt, row["line_no"]) for row in lot]


def _found(row: dict[str, Any]) -> Finding:
    """What the inspection saw of the lot; nobody looked again."""
    defect = " ".join(part for part in (row.get("defect"), row.get("defect_code")) if part)
    return Finding(Decimal(row["looked_at"]), Decimal(row["bad_found"]), defect)


def _sorted(receipt: Receipt, lot: Rows) -> Paper:
    rows = [{**row, "looked_at": None} for row in lot]
    judged = verdicts.read(receipt, rows)
    released = [verdicts.book(one, one.finding) for one in judged]
    return _disposed(receipt, released, [one.line for one in judged if one.rejected])


def _disposed(receipt: Receipt, released: list[Any], bad: list[ReceiptLine]) -> Paper:
    return {**verdicts.result(receipt, released, bad), **_NO_CHARGE}


def _charged(note: ChargeNote) -> Paper:
    return {
        "charge_no": note.number,
        "total": f"{note.total.amount:f}",
        "currency": note.currency,
        "charged_on": papers.today(note.receipt_line.receipt.site.scope),
        "contact": papers.contact(note.receipt_line.receipt.supplier),
    }
