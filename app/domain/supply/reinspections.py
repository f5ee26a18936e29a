"""Rejections that a supplier disputes: the joint look is final, what is good after all is ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.supply import findings, purchase_orders, quality, receipts
from app.domain.supply.findings import Finding
from app.domain.supply.receipts import Inspection, ReceiptLine
from app.domain.supply.releases import Release
from app.domain.supply.return_documents import SupplierReturn, SupplierReturnLine
from app.domain.supply.supplier_returns import MoreThanRejected, NotThisUnit, check_open
from app.identity.people import Person
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


@dataclass(frozen=True)
class Good:
    """What of a return line turned out to be good."""

    quantity: Decimal
    serials: tuple[str, ...] = ()


class NobodyJudged(Refusal):
    """Looking again cannot make goods ours that nobody ordered."""

    code = "nobody_judged"
    message = N_(
        "Nobody found these goods bad: they go back because they were not ordered. "
        "Agree to take them back, or object and say why."
    )


def check_disputable(found: SupplierReturn) -> None:
    """Refuse a dispute about goods that were not judged, but never bought.

    Raises:
        NobodyJudged: some of them are not ours.
    """
    if not all(line.receipt_line.is_ours for line in found.lines):
        raise NobodyJudged


def judges(found: SupplierReturn) -> list[str]:
    """Who judged the goods before: somebody else looks at them now."""
    lines = [line.receipt_line_id for line in found.lines]
    query = (
        select(Person.username)
        .join(Inspection, Inspection.person_id == Person.id)
        .where(Inspection.receipt_line_id.in_(lines))
        .distinct()
        .order_by(Person.username)
    )
    return list(db.session.scalars(query))


def defect_of(line: SupplierReturnLine) -> str:
    """What was wrong with the goods in the eyes of who rejected them last; "" when nobody said."""
    query = select(Inspection.defect).where(
        Inspection.receipt_line_id == line.receipt_line_id, Inspection.rejected > 0
    )
    return db.session.scalar(query.order_by(Inspection.id.desc()).limit(1)) or ""


def settle(found: SupplierReturn, good: Mapping[int, Good], *, defect: str = "") -> list[Release]:
    """Move what is good back, line by line; the rest goes back to its supplier. No appeal.

    Everything is checked before anything is booked.

    Raises:
        AlreadyShipped: it has left the house.
        MoreThanRejected: more is good than was to go back.
        NotThisUnit, SerialsDoNotMatch: the good units are not those of the return.
    """
    check_open(found)
    for line in found.lines:
        _check(line, good[line.line_no])
    return [
        _reinstate(line, good[line.line_no], defect)
        for line in found.lines
        if good[line.line_no].quantity
    ]


def unfinished(found: SupplierReturn) -> Sequence[SupplierReturnLine]:
    """The lines of which something still goes back."""
    return [line for line in found.lines if line.quantity]


def _check(line: SupplierReturnLine, good: Good) -> None:
    sku = line.receipt_line.sku
    if not 0 <= good.quantity <= line.quantity:
        raise MoreThanRejected(
            rejected=plain(line.quantity), sku=sku.code, wanted=plain(good.quantity)
        )
    if sku.serial_policy != "unit":
        return
    strange = sorted(set(good.serials) - set(line.codes))
    if strange:
        raise NotThisUnit(serial=strange[0], number=line.whole.number)
    if len(set(good.serials)) != good.quantity:
        raise SerialsDoNotMatch(
            quantity=plain(good.quantity), sku=sku.code, scanned=len(set(good.serials))
        )


def _reinstate(line: SupplierReturnLine, good: Good, defect: str) -> Release:
    source = receipts.line(line.whole.receipt, line.receipt_line.line_no)
    _book(source, good.quantity)
    correction = Finding(Decimal(0), -good.quantity, defect)
    findings.record(source, good.quantity, -good.quantity, correction)
    line.quantity -= good.quantity
    line.units = [unit for unit in line.units if unit.code not in good.serials]
    db.session.flush()
    released = quality.release(source, good.quantity, good.serials)
    site = source.receipt.site
    back = Line(
        source.sku,
        places.rejected(site),
        places.waiting_for_shelf(site),
        good.quantity,
        source.lot,
        good.serials,
    )
    ledger.move([back], reason="reinstated", document=f"{line.whole.number}/{line.line_no}")
    return released


def _book(source: ReceiptLine, quantity: Decimal) -> None:
    """What a recall took back was accepted before, and is so again."""
    recalled = min(quantity, source.recalled)
    source.recalled -= recalled
    rejected = quantity - recalled
    source.rejected -= rejected
    source.accepted += rejected
    if source.on_order and source.order_line_id is not None and rejected:
        purchase_orders.book(source.order_line_id, accepted=rejected, rejected=-rejected)
    db.session.flush()
