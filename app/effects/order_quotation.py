"""One supplier's quotation: kept as they, or the buyer for them, wrote it; or given up."""

from datetime import date
from decimal import Decimal

from app.domain.sourcing import quotations
from app.domain.sourcing.quotations import DECLINED, EXPIRED
from app.effects.papers import Paper
from app.workflow.effects import effect


@effect
def keep(request: Paper, answer: str) -> Paper:
    """Keep the offer, or that there is none.

    Raises:
        NothingQuoted: no line has a price.
    """
    found = quotations.by_number(request["request_no"])
    note = request.get("note") or ""
    if answer == "decline":
        quotations.close(found, DECLINED, note=note)
    else:
        delivers_on = request.get("delivers_on")
        quotations.quote(
            found,
            _prices(request),
            currency=request["currency"],
            delivers_on=date.fromisoformat(delivers_on) if delivers_on else None,
            note=note,
        )
    return {"request_no": found.number, "state": found.state}


@effect
def expire(request: Paper) -> Paper:
    """Wait for this supplier no longer."""
    found = quotations.by_number(request["request_no"])
    quotations.close(found, EXPIRED)
    return {"request_no": found.number, "state": found.state}


def _prices(request: Paper) -> dict[int, Decimal]:
    given = {row["line_no"]: row.get("unit_price") for row in request["lines"]}
    return {no: Decimal(price) for no, price in given.items() if price not in (None, "")}
