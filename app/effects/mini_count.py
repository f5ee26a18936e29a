"""The two-person count: what both found, or the manager decided, becomes the truth."""

from decimal import Decimal
from typing import Any

from app.domain.catalog.rules import plain
from app.domain.supply import put_away, releases
from app.effects.papers import Paper
from app.identity import people
from app.workflow import doers
from app.workflow.effects import effect


@effect
def adjust_stock(release_no: str, counts: dict[str, Any], full_bins: list[str]) -> Paper:
    """Book the difference to what was released as gain or loss; what is left to put away."""
    release = releases.locked(release_no)
    found = _settled(counts)
    difference = put_away.settle_count(
        release,
        Decimal(found["quantity"]),
        counted_by=_counters(),
        present=found.get("serials") or (),
    )
    return {
        "left": plain(release.remaining),
        "full_bins": full_bins,
        "difference": plain(difference),
    }


def _settled(counts: dict[str, Any]) -> dict[str, Any]:
    """The figure both counters found, else the manager's."""
    first, second = counts["first"], counts["second"]
    agreed = first["quantity"] == second["quantity"]
    return dict(second if agreed else counts["decided"])


def _counters() -> tuple[str, str]:
    first, second = (people.get(doer or 0) for doer in doers.of(("count_first", "count_second")))
    return (first.username if first else "", second.username if second else "")
