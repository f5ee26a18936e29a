"""Quality control: what was judged good goes on to a shelf, what was judged bad goes back."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import quality, receipts, releases
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.releases import Release
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import cause, outbox
from app.kernel.errors import N_, Refusal
from app.workflow import nudges
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


class NotWhollyJudged(Refusal):
    """Goods nobody judged would wait for ever."""

    code = "not_wholly_judged"
    message = N_("{waiting} {unit} of {sku} wait for a verdict; you judged {judged}.")


@effect
def open_inspection(receipt_no: str, line_nos: list[int]) -> Paper:
    """One row to judge for each line of the lot."""
    receipt = receipts.by_number(receipt_no)
    return {"lines": [_row(receipts.line(receipt, number)) for number in line_nos]}


@effect
def book_verdict(receipt_no: str, verdicts: Rows) -> Paper:
    """Release what was accepted and set aside what was rejected, line by line.

    Raises:
        NotWhollyJudged: a line is judged in part only.
    """
    receipt = receipts.by_number(receipt_no)
    released: list[Release | None] = []
    bad: list[ReceiptLine] = []
    for row in verdicts:
        line = receipts.line(receipt, row["line_no"])
        rejected = Decimal(row["rejected"] or 0)
        released.append(_judge(line, row, rejected))
        bad += [line] if rejected else []
    return {
        "release_nos": [each.number for each in released if each],
        "to_return": papers.to_return(receipt, bad, "inspection"),
    }


@effect
def release_good_part(release_nos: list[str]) -> int:
    """Tell put-away of each released tranche (message `released`); how many there are."""
    for number in release_nos:
        release = releases.by_number(number)
        key = f"{cause.current().effect_key}:{number}"
        outbox.announce("released", number, _released(release), key=key)
    return len(release_nos)


@effect
def remind_of_inspection() -> int:
    """Put the lot that nobody has judged on top of the inspectors' inbox."""
    return nudges.nudge("inspect_lot")


def _row(line: ReceiptLine) -> Paper:
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "kind": line.kind,
        "lot": line.lot,
        "waiting": plain(line.waiting),
        "serials": [serial.code for serial in quality.units_waiting(line)],
    }


def _judge(line: ReceiptLine, row: dict[str, Any], rejected: Decimal) -> Release | None:
    accepted = Decimal(row["accepted"] or 0)
    if accepted + rejected != line.waiting:
        raise NotWhollyJudged(
            waiting=plain(line.waiting),
            unit=line.sku.unit,
            sku=line.sku.code,
            judged=plain(accepted + rejected),
        )
    return quality.judge(
        line,
        accepted=accepted,
        rejected=rejected,
        rejected_serials=row.get("rejected_serials") or (),
        defect=row.get("defect") or "",
    )


def _released(release: Release) -> Paper:
    receipt = release.receipt_line.receipt
    remaining = plain(release.remaining)
    return {
        "release_no": release.number,
        "receipt_no": receipt.number,
        "asn_no": receipt.asn.number if receipt.asn else None,
        "po_no": receipt.order.number if receipt.order else None,
        "scope": release.site.scope,
        "goods": {**papers.goods(release.sku), "lot": release.lot, "quantity": remaining},
        "rest": {"left": remaining, "full_bins": []},
    }
