"""A supplier disputes a rejection: both look again, and what they find is final."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import reinspections, return_documents
from app.domain.supply.reinspections import Good
from app.domain.supply.return_documents import SupplierReturnLine
from app.effects import papers, verdicts
from app.effects.papers import Paper
from app.identity import people
from app.kernel import calendars, clock, policy
from app.workflow.effects import effect

Rows = list[dict[str, Any]]


@effect
def open_dispute(return_no: str) -> Paper:
    """What is disputed, until when both look again, and who judged it: somebody else looks now.

    Raises:
        NobodyJudged: the goods go back because nobody ordered them.
    """
    found = return_documents.locked(return_no)
    reinspections.check_disputable(found)
    calendar = calendars.of_scope(found.receipt.site.scope)
    judges = reinspections.judges(found)
    patience = str(policy.value("quality_dispute.reinspection"))
    return {
        "lines": [_row(line) for line in reinspections.unfinished(found)],
        "judged_by": judges,
        "judges": ", ".join(people.named(name).name for name in judges),
        "until": calendar.after(clock.now(), patience).isoformat(),
    }


@effect
def book_reinspection(return_no: str, lines: Rows) -> Paper:
    """Move what is good after all back; what is left to ship.

    Raises:
        MoreThanRejected, NotThisUnit, SerialsDoNotMatch: it cannot be what was found.
        AlreadyShipped: the goods have left the house.
    """
    found = return_documents.locked(return_no)
    good = {line.line_no: Good(Decimal(0)) for line in found.lines}
    good |= {row["line_no"]: _good(row) for row in lines}
    released = reinspections.settle(found, good)
    left = [_row(line) for line in reinspections.unfinished(found)]
    return {
        "release_nos": [each.number for each in released],
        "outcome": "upheld" if left else "overturned",
        "lines": left,
    }


@effect
def hand_over(release_nos: list[str]) -> int:
    """Tell put-away of what is good after all; how many tranches there are."""
    return verdicts.announce(release_nos)


def _row(line: SupplierReturnLine) -> Paper:
    return {
        **papers.goods(line.receipt_line.sku),
        "line_no": line.line_no,
        "lot": line.receipt_line.lot,
        "quantity": plain(line.quantity),
        "serials": line.codes,
        **_defect(line),
    }


def _defect(line: SupplierReturnLine) -> Paper:
    """What the inspection found, as it was written down: its kind, and the code of it."""
    kind, _, code = reinspections.defect_of(line).partition(" ")
    return {"defect": kind or None, "defect_code": code}


def _good(row: dict[str, Any]) -> Good:
    return Good(Decimal(row.get("good") or 0), tuple(row.get("good_serials") or ()))
