"""Verdicts as inspectors write them down, read with care: all of them before any is booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import quality, receipts, releases, samples
from app.domain.supply.findings import Finding, Measure
from app.domain.supply.receipts import Receipt, ReceiptLine
from app.domain.supply.releases import Release
from app.effects import papers
from app.effects.papers import Paper
from app.kernel import cause, outbox
from app.kernel.errors import N_, Refusal

Row = dict[str, Any]


class NotWhollyJudged(Refusal):
    """Goods nobody judged would wait for ever."""

    code = "not_wholly_judged"
    message = N_("{waiting} {unit} of {sku} wait for a verdict; you judged {judged}.")


@dataclass(frozen=True)
class Judged:
    """What somebody wrote about one line; `destroyed` was used up in a test."""

    line: ReceiptLine
    accepted: Decimal
    rejected: Decimal
    destroyed: Decimal
    rejected_serials: tuple[str, ...]
    destroyed_serials: tuple[str, ...]
    looked_at: Decimal
    defect: str

    @property
    def finding(self) -> Finding:
        return self.with_measures(())

    def with_measures(self, measures: Sequence[Measure]) -> Finding:
        return Finding(self.looked_at, self.rejected, self.defect, measures)


def read(receipt: Receipt, rows: Iterable[Row]) -> list[Judged]:
    """Every row, once all of them could be booked.

    Raises:
        NotWhollyJudged: a line is judged in part only.
        NotThatMuchWaiting, SerialsDoNotMatch: a row cannot be what happened.
    """
    found = [_read(receipts.line(receipt, row["line_no"]), row) for row in rows]
    for each in found:
        _check(each)
    return found


def book(judged: Judged, found: Finding) -> Release | None:
    """Book one line that was read before; what put-away handles of it."""
    destroy(judged)
    if not judged.line.waiting:
        return None
    return quality.judge(
        judged.line,
        accepted=judged.accepted,
        rejected=judged.rejected,
        rejected_serials=judged.rejected_serials,
        found=found,
    )


def destroy(judged: Judged) -> None:
    """Book what a test used up of a line."""
    if judged.destroyed:
        samples.destroy(judged.line, judged.destroyed, judged.destroyed_serials)


def result(
    receipt: Receipt, released: Iterable[Release | None], bad: Iterable[ReceiptLine]
) -> Paper:
    """What put-away and the return of goods are told."""
    return {
        "release_nos": [each.number for each in released if each],
        "to_return": papers.to_return(receipt, bad, "inspection"),
    }


def announce(release_nos: Iterable[str]) -> int:
    """Tell put-away of each released tranche (message `released`); how many there are.

    What a recall withdrew before anybody was told is put away by nobody.
    """
    found = [releases.locked(number) for number in release_nos]
    waiting = [release for release in found if release.remaining]
    for release in waiting:
        key = f"{cause.current().effect_key}:{release.number}"
        outbox.announce("released", release.number, _released(release), key=key)
    return len(waiting)


def row(line: ReceiptLine) -> Row:
    """A line to judge."""
    return {
        **papers.goods(line.sku),
        "line_no": line.line_no,
        "kind": line.kind,
        "lot": line.lot,
        "waiting": plain(line.waiting),
        "serials": [serial.code for serial in quality.units_waiting(line)],
    }


def _read(line: ReceiptLine, row: Row) -> Judged:
    looked_at = row.get("looked_at")
    return Judged(
        line=line,
        accepted=Decimal(row.get("accepted") or 0),
        rejected=Decimal(row.get("rejected") or 0),
        destroyed=Decimal(row.get("destroyed") or 0),
        rejected_serials=tuple(row.get("rejected_serials") or ()),
        destroyed_serials=tuple(row.get("destroyed_serials") or ()),
        looked_at=line.waiting if looked_at in (None, "") else Decimal(looked_at),
        defect=" ".join(part for part in (row.get("defect"), row.get("defect_code")) if part),
    )


def _check(judged: Judged) -> None:
    line = judged.line
    whole = judged.accepted + judged.rejected + judged.destroyed
    if whole != line.waiting:
        raise NotWhollyJudged(
            waiting=plain(line.waiting),
            unit=line.sku.unit,
            sku=line.sku.code,
            judged=plain(whole),
        )
    bad = (*judged.rejected_serials, *judged.destroyed_serials)
    quality.check(line, judged.accepted, judged.rejected + judged.destroyed, bad)
    if judged.destroyed:
        samples.check(line, judged.destroyed, judged.destroyed_serials)


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
