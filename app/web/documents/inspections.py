"""The inspection report of a receipt: every verdict on it, and what was measured."""

from collections.abc import Sequence
from decimal import Decimal

from flask import url_for

from app.domain.catalog.rules import plain
from app.domain.supply import findings
from app.domain.supply.findings import Measure
from app.domain.supply.receipts import Inspection, Receipt, ReceiptLine
from app.web.documents import papers
from app.web.documents.papers import Cell, Paper
from app.web.tongue import _
from app.web.words import name_of, shown, stamped

_VERDICTS = ("line", "sku", "name", "lot", "looked_at", "bad_found", "accepted", "rejected", "unit")
_WHO = ("defect", "inspector", "at")
_MEASURES = ("line", "sku", "criterion", "limits", "measured", "met")


def of(receipt: Receipt) -> list[Paper]:
    """The report; none before the first verdict."""
    verdicts = findings.of(receipt)
    if not verdicts:
        return []
    lines = {each.id: each for each in receipt.lines}
    return [_report(receipt, verdicts, lines), *_measured(receipt, verdicts, lines)]


def _report(
    receipt: Receipt, verdicts: Sequence[Inspection], lines: dict[int, ReceiptLine]
) -> Paper:
    return Paper(
        kind=_("Inspection report"),
        number=receipt.number,
        address=_address(receipt),
        status=papers.status_words(receipt.status),
        head=papers.head(
            supplier=receipt.supplier.name,
            site=receipt.site.name,
            po_no=receipt.order.number if receipt.order else None,
            receipt_no=papers.link(
                url_for("documents.receipt", number=receipt.number), receipt.number
            ),
            accepted=sum((each.accepted for each in verdicts), Decimal(0)),
            rejected=sum((each.rejected for each in verdicts), Decimal(0)),
        ),
        columns=papers.columns(*_VERDICTS, *_WHO),
        lines=[_verdict(each, lines[each.receipt_line_id]) for each in verdicts],
    )


def _verdict(each: Inspection, line: ReceiptLine) -> dict[str, Cell]:
    return {
        **papers.goods(line),
        "lot": line.lot,
        "looked_at": each.looked_at,
        "bad_found": each.bad_found,
        "accepted": each.accepted,
        "rejected": each.rejected,
        "defect": each.defect,
        "inspector": name_of(each.person_id),
        "at": stamped(each.recorded_at),
    }


def _measured(
    receipt: Receipt, verdicts: Sequence[Inspection], lines: dict[int, ReceiptLine]
) -> list[Paper]:
    """What was measured, as a paper that is only lines."""
    by_verdict = {each.id: lines[each.receipt_line_id] for each in verdicts}
    found = [(by_verdict[one.inspection_id], one) for one in findings.measures(verdicts)]
    if not found:
        return []
    return [
        Paper(
            kind=_("Measurements"),
            number=receipt.number,
            address=_address(receipt),
            status="",
            head=[],
            columns=papers.columns(*_MEASURES),
            lines=[_measure(line, one) for line, one in found],
        )
    ]


def _measure(line: ReceiptLine, one: Measure) -> dict[str, Cell]:
    return {
        **papers.goods(line),
        "criterion": one.criterion,
        "limits": _limits(one),
        "measured": f"{shown(one.measured)} {one.unit}".strip() if one.measured is not None else "",
        "met": _("Yes") if one.is_met else _("No"),
    }


def _limits(one: Measure) -> str:
    ends = [
        f"{sign} {plain(end)}"
        for sign, end in (("≥", one.at_least), ("≤", one.at_most))
        if end is not None
    ]
    return f"{', '.join(ends)} {one.unit}".strip() if ends else ""


def _address(receipt: Receipt) -> str:
    return url_for("documents.inspections_of", number=receipt.number)
