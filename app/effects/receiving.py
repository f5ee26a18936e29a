"""Receiving: from the gate to counted goods that wait for inspection or a decision."""

from decimal import Decimal
from typing import Any

from app.domain.inventory import places
from app.domain.supply import (
    asns,
    comparison,
    counting,
    discrepancies,
    purchase_orders,
    receipts,
    suppliers,
)
from app.domain.supply.comparison import Compared
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.effects import count_sheets, papers
from app.effects.papers import Paper
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


@effect
def quarantine_arrival(scope: str, gate: dict[str, Any]) -> Paper:
    """Keep goods nobody announced on hold, as so many cartons of something."""
    site = places.site(scope.removeprefix("site:"))
    supplier = suppliers.by_code(gate["supplier"])
    receipt = discrepancies.arrive_blind(
        supplier, site=site, cartons=Decimal(gate["cartons"]), gate=gate
    )
    return {"receipt_no": receipt.number, "supplier_name": supplier.name}


@effect
def adopt_arrival(receipt_no: str, po_no: str) -> str:
    """Say which order the goods belong to; the number of the notice that is now received."""
    order = purchase_orders.by_number(po_no)
    return discrepancies.adopt(receipts.by_number(receipt_no), order).number


@effect
def send_back_arrival(receipt_no: str) -> Paper:
    """Put goods nobody can identify with those that wait for their supplier."""
    receipt = receipts.by_number(receipt_no)
    lines = _waiting(receipt, "unidentified")
    for line in lines:
        discrepancies.send_back(line)
    return papers.to_return(receipt, lines, "unidentified")


@effect
def open_receipt(asn_no: str, gate: dict[str, Any]) -> Paper:
    """Write the delivery down as arrived, with one row to count for each line of the notice."""
    asn = asns.by_number(asn_no)
    receipt = receipts.open_for(asn, gate)
    return {
        "receipt_no": receipt.number,
        "ordered_by": asn.order.ordered_by,
        "lines": [{**papers.goods(line.sku), "lot": line.lot} for line in asn.lines],
    }


@effect
def compare_count(receipt_no: str, counted: Rows, wrong_goods: Rows) -> Paper:
    """What differs from the notice or the order, in the figures the decision asks for."""
    sheet = count_sheets.read(counted, wrong_goods)
    compared = comparison.ahead(receipts.by_number(receipt_no), sheet)
    return {"differing": [_judgeable(row) for row in compared if row.over or row.short]}


@effect
def book_count(
    receipt_no: str, counted: Rows, wrong_goods: Rows, differing: Rows, outcomes: list[str]
) -> Paper:
    """Take the counted goods into the house, letting in the surplus that was judged tolerable."""
    pairs = zip(differing, outcomes, strict=True)
    let_in = {row["sku"] for row, outcome in pairs if outcome == "within_tolerance"}
    receipt = receipts.by_number(receipt_no)
    counting.book(receipt, count_sheets.read(counted, wrong_goods), let_in=let_in)
    figures = [row.as_text() for row in comparison.of(receipt)]
    return {
        "lines": figures,
        "lot": papers.lot(receipt, [line for line in receipt.lines if line.place.kind == "qc"]),
        "shortage": papers.shortage(receipt, figures),
        "over": [count_sheets.surplus(line) for line in _waiting(receipt, "over")],
        "duplicates": [count_sheets.duplicate(line) for line in _waiting(receipt, "duplicate")],
        "has_wrong_goods": bool(_waiting(receipt, "wrong")),
    }


@effect
def turn_away(receipt_no: str) -> Paper:
    """Close the receipt with nothing counted: the whole delivery is missing."""
    receipt = receipts.by_number(receipt_no)
    counting.book(receipt, [])
    figures = [row.as_text() for row in comparison.of(receipt)]
    return {"shortage": papers.shortage(receipt, figures)}


@effect
def set_wrong_goods_aside(receipt_no: str) -> Paper:
    """Put goods nobody ordered with those that wait for their supplier."""
    receipt = receipts.by_number(receipt_no)
    lines = _waiting(receipt, "wrong")
    for line in lines:
        discrepancies.send_back(line)
    return papers.to_return(receipt, lines, "wrong_goods")


@effect
def settle_over_delivery(receipt_no: str, decisions: Rows) -> Paper:
    """Keep, keep free of charge or return each line of the surplus."""
    receipt = receipts.by_number(receipt_no)
    kept: list[ReceiptLine] = []
    returned: list[ReceiptLine] = []
    for row in decisions:
        line = receipts.line(receipt, row["line_no"])
        discrepancies.settle_over(line, row["decision"])
        (returned if row["decision"] == "return" else kept).append(line)
    return {
        "lot": papers.lot(receipt, kept, "surplus"),
        "to_return": papers.to_return(receipt, returned, "surplus"),
    }


@effect
def settle_duplicates(receipt_no: str, decisions: Rows) -> Paper:
    """Relabel, return or hold each unit whose code is already on another one."""
    receipt = receipts.by_number(receipt_no)
    relabelled, foreign, suspected = [], [], []
    for row in decisions:
        line = receipts.line(receipt, row["line_no"])
        if row["decision"] == "relabel":
            discrepancies.relabel(line, row["new_serial"])
            relabelled.append(line)
        elif row["decision"] == "reject":
            discrepancies.send_back(line)
            foreign.append(line)
        else:
            suspected.append(row)
    return {
        "lot": papers.lot(receipt, relabelled, "relabelled"),
        "to_return": papers.to_return(receipt, foreign, "foreign_units"),
        "suspected": suspected,
        "suspected_lines": [row["line_no"] for row in suspected],
    }


@effect
def settle_fraud(receipt_no: str, line_nos: list[int], decision: str) -> Paper:
    """Return suspected units to their supplier, or leave them on hold as evidence."""
    receipt = receipts.by_number(receipt_no)
    lines = [receipts.line(receipt, number) for number in line_nos]
    if decision == "return":
        for line in lines:
            discrepancies.send_back(line)
    return papers.to_return(receipt, lines if decision == "return" else [], "forgery")


@effect
def remind_of_arrival() -> int:
    """Put the unidentified delivery on top of the buyers' inbox."""
    return nudges.nudge("identify_arrival")


@effect
def remind_of_count() -> int:
    """Put the delivery that nobody has counted on top of the keepers' inbox."""
    return nudges.nudge("count_delivery")


def _waiting(receipt: Receipt, kind: str) -> list[ReceiptLine]:
    return [line for line in receipt.lines if line.kind == kind and line.waiting]


def _judgeable(row: Compared) -> Paper:
    """One line with the percentages a decision compares with policy, as plain numbers."""
    short = row.short * 100 / row.announced if row.announced else Decimal(0)
    return {
        **row.as_text(),
        "goods": "serial" if row.is_coded else "bulk",
        "over_percent": float(row.over_percent) if row.over else 0.0,
        "short_percent": float(short),
    }
