"""A confirmed recall: bad goods leave the shelves and wait for the suppliers they came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog.rules import plain
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line, SerialsDoNotMatch
from app.domain.inventory.serials import Serial
from app.domain.supply import findings, recalls
from app.domain.supply.findings import Finding
from app.domain.supply.recalls import Recall, Spot
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.domain.supply.releases import Release
from app.domain.supply.stranded import Stranded
from app.kernel import cause, outbox
from app.kernel.db import db
from app.kernel.errors import N_, Refusal


@dataclass
class Withdrawn:
    """Receipt lines whose goods go back, by receipt; and goods that no return can take."""

    lines: dict[int, list[ReceiptLine]] = field(default_factory=dict)
    stranded: list[Stranded] = field(default_factory=list)

    def add(self, line: ReceiptLine) -> None:
        known = self.lines.setdefault(line.receipt_id, [])
        if line not in known:
            known.append(line)


class MoreThanBlocked(Refusal):
    """Only blocked goods are withdrawn."""

    code = "more_than_blocked"
    message = N_("{blocked} of {sku} are blocked at {place}; {wanted} cannot be withdrawn.")


def confirm(recall: Recall, bad: Mapping[int, Decimal]) -> Withdrawn:
    """Take the bad goods off their places; `bad` says how many of which spot, by its number.

    Of goods with codes all blocked units of a spot are bad. What is not bad is free again.
    Everything is checked before anything is booked.

    Raises:
        RecallOver: it was decided before.
        MoreThanBlocked: more is bad than is blocked there.
    """
    recalls.check_open(recall)
    found = recalls.spots(recall)
    for number, spot in enumerate(found, start=1):
        _check(spot, bad.get(number, Decimal(0)))
    done = Withdrawn()
    for number, spot in enumerate(found, start=1):
        if bad.get(number):
            _withdraw(recall, spot, bad[number], done)
    recalls.close(recall, "confirmed")
    return done


def _check(spot: Spot, quantity: Decimal) -> None:
    most = spot.quantity if spot.can_be_withdrawn else Decimal(0)
    if not 0 <= quantity <= most:
        raise MoreThanBlocked(
            blocked=plain(most),
            sku=spot.balance.sku.code,
            place=spot.balance.location.code,
            wanted=plain(quantity),
        )
    if spot.units and quantity not in (0, most):
        raise SerialsDoNotMatch(
            quantity=plain(quantity), sku=spot.balance.sku.code, scanned=len(spot.units)
        )


def _withdraw(recall: Recall, spot: Spot, quantity: Decimal, done: Withdrawn) -> None:
    """Documents before stock: everybody takes locks in this order."""
    place, site = spot.balance.location, spot.site
    if spot.units:
        _blame_units(spot, done)
    else:
        _blame_lot(recall, spot, quantity, done)
    if place.kind == "transit":
        _shrink_releases(spot, quantity)
    moved = Line(
        spot.balance.sku,
        place,
        places.rejected(site),
        quantity,
        spot.balance.lot,
        tuple(unit.code for unit in spot.units),
    )
    document = f"{recall.number}:{place.code}:{spot.balance.sku.code}:{spot.balance.lot}"
    ledger.move([moved], reason="recalled", document=document)


def _blame_units(spot: Spot, done: Withdrawn) -> None:
    strange: list[str] = []
    for unit in spot.units:
        line = _came_with(unit)
        if line is None or line.receipt.site_id != spot.site.id:
            strange.append(unit.code)
        else:
            _take_back(line, Decimal(1), done)
    if strange:
        done.stranded.append(_stranded(spot, Decimal(len(strange)), strange))


def _blame_lot(recall: Recall, spot: Spot, quantity: Decimal, done: Withdrawn) -> None:
    """The delivery that is suspected first, then the newest, as far as each brought that much."""
    left = quantity
    for line in _brought(recall, spot):
        part = min(left, line.accepted - line.recalled)
        if part > 0:
            _take_back(line, part, done)
            left -= part
    if left:
        done.stranded.append(_stranded(spot, left))


def _stranded(spot: Spot, quantity: Decimal, codes: Sequence[str] = ()) -> Stranded:
    """Where the goods lie once they are withdrawn."""
    balance = spot.balance
    place = places.rejected(spot.site)
    return Stranded(balance.sku, place, balance.lot, quantity, tuple(codes))


def _take_back(line: ReceiptLine, quantity: Decimal, done: Withdrawn) -> None:
    """It was bad all along: the supplier's record says so too."""
    line.recalled += quantity
    findings.record(line, Decimal(0), Decimal(0), Finding(Decimal(0), quantity))
    done.add(line)


def _came_with(unit: Serial) -> ReceiptLine | None:
    """The receipt line a unit came with, locked; none when it was there before all receipts."""
    query = (
        select(ReceiptLine)
        .join(ReceiptSerial, ReceiptSerial.receipt_line_id == ReceiptLine.id)
        .where(ReceiptSerial.serial_id == unit.id)
        .order_by(ReceiptLine.id.desc())
        .with_for_update(of=ReceiptLine)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).first()


def _brought(recall: Recall, spot: Spot) -> Sequence[ReceiptLine]:
    query = (
        select(ReceiptLine)
        .join(Receipt, Receipt.id == ReceiptLine.receipt_id)
        .where(
            ReceiptLine.sku_id == spot.balance.sku_id,
            ReceiptLine.lot == spot.balance.lot,
            Receipt.site_id == spot.site.id,
            ReceiptLine.accepted > ReceiptLine.recalled,
        )
        .order_by((Receipt.id == recall.receipt_id).desc(), ReceiptLine.id.desc())
        .with_for_update(of=ReceiptLine)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()


def _shrink_releases(spot: Spot, quantity: Decimal) -> None:
    """Goods that waited for a shelf wait no longer: that much less is left to put away."""
    left = quantity
    for release in _releases(spot):
        units = {each.serial.code for each in release.serials} & {u.code for u in spot.units}
        part = min(left, Decimal(len(units)) if spot.units else release.remaining)
        release.difference -= part
        left -= part
        if part:
            _tell_withdrawn(release)
    db.session.flush()


def _tell_withdrawn(release: Release) -> None:
    """Let who puts the release away look again at what is left (message `release_withdrawn`)."""
    key = f"release_withdrawn:{release.number}:{cause.current().effect_key}"
    payload = {"release_no": release.number}
    outbox.announce("release_withdrawn", release.number, payload, key=key, is_news=True)


def _releases(spot: Spot) -> Sequence[Release]:
    query = (
        select(Release)
        .where(
            Release.site_id == spot.site.id,
            Release.sku_id == spot.balance.sku_id,
            Release.lot == spot.balance.lot,
            Release.quantity + Release.difference > Release.shelved,
        )
        .order_by(Release.id)
        .with_for_update(of=Release)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
