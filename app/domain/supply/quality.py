"""The verdict of quality control: good goods go to a shelf, bad ones wait for their supplier."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.domain.supply import findings, purchase_orders
from app.domain.supply.findings import NOBODY_LOOKED, Finding
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.domain.supply.releases import Release, ReleaseSerial
from app.kernel import cause, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


class NotThatMuchWaiting(Refusal):
    """A verdict is about goods that wait for one."""

    code = "not_that_much_waiting"
    message = N_("{waiting} of {sku} wait for a verdict on {line}; {judged} were judged.")


class NotWaitingHere(Refusal):
    """The goods wait for another decision, or for none."""

    code = "not_waiting_here"
    message = N_("{line} does not wait for this decision.")


def judge(
    line: ReceiptLine,
    *,
    accepted: Decimal,
    rejected: Decimal = Decimal(0),
    rejected_serials: Sequence[str] = (),
    found: Finding | None = None,
) -> Release | None:
    """Accept part of what waits and reject another part; what is in neither keeps waiting.

    The accepted part is released at once and the release returned: it is what put-away handles.
    Of goods with codes, name the rejected ones; accepted are then all others that wait, so the
    whole line is judged. Without a finding all of it was looked at.

    Raises:
        NotWaitingHere: the line's goods are on hold, or judged.
        NotThatMuchWaiting: more was judged than waits.
    """
    good, bad = check(line, accepted, rejected, rejected_serials)
    waiting = line.place
    book(line, accepted=accepted, rejected=rejected)
    found = found or Finding(accepted + rejected, rejected)
    findings.record(line, accepted, rejected, found)
    site = line.receipt.site
    released = release(line, accepted, good) if accepted else None
    _move(line, waiting, places.waiting_for_shelf(site), accepted, good)
    _move(line, waiting, places.rejected(site), rejected, bad)
    settle(line.receipt)
    return released


def check(
    line: ReceiptLine, accepted: Decimal, rejected: Decimal, bad: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Refuse a verdict that could not be booked; the codes of the good and of the bad units.

    Raises:
        NotWaitingHere, NotThatMuchWaiting, SerialsDoNotMatch: as for `judge`.
    """
    if line.place.kind != "qc":
        raise NotWaitingHere(line=line.number)
    judged = accepted + rejected
    if min(accepted, rejected) < 0 or judged == 0 or judged > line.waiting:
        raise NotThatMuchWaiting(
            waiting=plain(line.waiting), sku=line.sku.code, line=line.number, judged=plain(judged)
        )
    return _units(line, accepted, rejected, bad)


def turn_down(line: ReceiptLine) -> None:
    """Reject all that waits on `line`, wherever it waits: it goes back to the supplier."""
    quantity, source = line.waiting, line.place
    if not quantity:
        raise NotWaitingHere(line=line.number)
    bad = tuple(serial.code for serial in units_waiting(line))
    book(line, rejected=quantity)
    findings.record(line, Decimal(0), quantity, NOBODY_LOOKED)
    _move(line, source, places.rejected(line.receipt.site), quantity, bad)
    settle(line.receipt)


def units_waiting(line: ReceiptLine) -> list[Serial]:
    """The units of `line` that are where the line waits, by code."""
    query = (
        select(Serial)
        .join(ReceiptSerial, ReceiptSerial.serial_id == Serial.id)
        .where(ReceiptSerial.receipt_line_id == line.id, Serial.location_id == line.place_id)
        .order_by(Serial.code)
    )
    return list(db.session.scalars(query))


def settle(receipt: Receipt) -> None:
    """Close the receipt when nothing on it waits, and its order when nothing is expected."""
    waiting = select(ReceiptLine.id).filter_by(receipt_id=receipt.id).where(ReceiptLine.waiting > 0)
    if receipt.status == "counted" and db.session.scalar(waiting.limit(1)) is None:
        receipt.status = "settled"
    if receipt.order_id is not None:
        purchase_orders.close_when_settled(receipt.order_id)


def book(
    line: ReceiptLine, *, accepted: Decimal = Decimal(0), rejected: Decimal = Decimal(0)
) -> None:
    """Write a verdict into the documents, and no stock yet.

    Documents before stock: everybody takes locks in this order, an order's lines at once.
    """
    if line.receipt.order_id is not None:
        purchase_orders.locked_lines(line.receipt.order_id)
    if line.on_order and line.order_line_id is not None:
        purchase_orders.book(line.order_line_id, accepted=accepted, rejected=rejected)
    line.accepted += accepted
    line.rejected += rejected
    line.waiting -= accepted + rejected
    db.session.flush()


def release(line: ReceiptLine, accepted: Decimal, good: Sequence[str]) -> Release:
    """A tranche of the line for put-away to handle; the goods are moved by who calls this."""
    released = Release(
        receipt_line_id=line.id,
        site_id=line.receipt.site_id,
        sku_id=line.sku_id,
        lot=line.lot,
        quantity=accepted,
        effect_key=cause.current().effect_key,
        recorded_at=clock.now(),
        serials=[
            ReleaseSerial(serial_id=serial.id)
            for serial in sorted(serials.known(good).values(), key=lambda unit: unit.code)
        ],
    )
    db.session.add(released)
    db.session.flush()
    return released


def _units(
    line: ReceiptLine, accepted: Decimal, rejected: Decimal, bad: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of the good and of the bad units."""
    if line.sku.serial_policy != "unit":
        return (), ()
    good = tuple(s.code for s in units_waiting(line) if s.code not in set(bad))
    for quantity, codes in ((accepted, good), (rejected, tuple(bad))):
        if quantity != len(codes):
            raise SerialsDoNotMatch(quantity=plain(quantity), sku=line.sku.code, scanned=len(codes))
    return good, tuple(bad)


def _move(
    line: ReceiptLine,
    source: Location,
    target: Location,
    quantity: Decimal,
    codes: tuple[str, ...],
) -> None:
    if quantity:
        reason = "rejected" if target.kind == "reject" else "accepted"
        moved = Line(line.sku, source, target, quantity, line.lot, codes)
        ledger.move([moved], reason=reason, document=line.number)
