"""Goods that quality control uses up: samples a test destroys, and lots nobody can use.

They were delivered and are paid for, so they count as accepted; then they leave our stock at
their cost.
"""

from collections.abc import Sequence
from decimal import Decimal

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.supply import findings, quality
from app.domain.supply.findings import Finding
from app.domain.supply.quality import NotThatMuchWaiting, NotWaitingHere
from app.domain.supply.receipts import ReceiptLine


def check(line: ReceiptLine, quantity: Decimal, codes: Sequence[str]) -> None:
    """Refuse to use up what does not wait for a verdict.

    Raises:
        NotWaitingHere, NotThatMuchWaiting: less waits, or nothing.
        SerialsDoNotMatch: units with codes are used up by their codes.
    """
    if line.place.kind != "qc":
        raise NotWaitingHere(line=line.number)
    if not 0 < quantity <= line.waiting:
        raise NotThatMuchWaiting(
            waiting=plain(line.waiting), sku=line.sku.code, line=line.number, judged=plain(quantity)
        )
    wanted = quantity if line.sku.serial_policy == "unit" else Decimal(0)
    here = {unit.code for unit in quality.units_waiting(line)}
    if len(codes) != wanted or len(here & set(codes)) != wanted:
        raise SerialsDoNotMatch(
            quantity=plain(quantity), sku=line.sku.code, scanned=len(here & set(codes))
        )


def destroy(line: ReceiptLine, quantity: Decimal, codes: Sequence[str] = ()) -> None:
    """Take samples that a test destroyed out of what waits; an expense."""
    check(line, quantity, codes)
    _use_up(line, quantity, codes, reason="tested")


def scrap(line: ReceiptLine, found: Finding) -> Decimal:
    """Scrap all that waits on the line, at its cost; how much that was."""
    quantity = line.waiting
    codes = tuple(unit.code for unit in quality.units_waiting(line))
    check(line, quantity, codes)
    findings.record(line, quantity, Decimal(0), found)
    _use_up(line, quantity, codes, reason="scrapped")
    return quantity


def _use_up(line: ReceiptLine, quantity: Decimal, codes: Sequence[str], *, reason: str) -> None:
    quality.book(line, accepted=quantity)
    outside = places.location(places.TESTED if reason == "tested" else places.SCRAPPED)
    gone = Line(
        line.sku, line.place, outside, quantity, line.lot, tuple(codes), is_ours=line.is_ours
    )
    ledger.move([gone], reason=reason, document=line.number)
    quality.settle(line.receipt)
