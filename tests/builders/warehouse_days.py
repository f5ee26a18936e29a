"""What people do in a warehouse on any day, chosen by dice; some of it is rightly refused."""

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.inventory import ledger, places, reservations
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.inventory.reservations import Reservation
from app.domain.inventory.serials import Serial
from app.domain.supply import counting, discrepancies, put_away, quality, receipts, releases
from app.domain.supply.piles import Counted
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.releases import Release
from app.kernel.db import db
from tests.builders.deliveries import a_receipt, a_supplier
from tests.builders.goods import a_bin, a_site, a_sku

Deed = Callable[[random.Random], None]
T = TypeVar("T")
_GOODS = ("FLOUR", "MILK", "BA-28")


def open_warehouse() -> None:
    """Three kinds of goods, two small bins and a large one."""
    a_supplier()  # two who order at once would both make it
    a_sku("FLOUR")
    a_sku("MILK", serial_policy="lot")
    a_sku("BA-28", serial_policy="unit")
    a_bin("A-01", capacity=Decimal(8))
    a_bin("A-02", capacity=Decimal(8))
    a_bin("B-01")


def receive(dice: random.Random) -> None:
    """A delivery arrives and is counted, not always as announced."""
    sku = _a_sku(dice)
    receipt = a_receipt((sku, dice.randint(1, 6)))
    quantity = dice.randint(1, 7)
    let_in = [sku.code] if dice.random() < 0.3 else []
    counting.book(receipt, [_counted(sku, quantity, dice)], let_in=let_in)


def judge(dice: random.Random) -> None:
    line = _a_line("qc", dice)
    if line is None:
        return
    units = [serial.code for serial in quality.units_waiting(line)]
    rejected = dice.randint(0, int(line.waiting))
    accepted = int(line.waiting) - rejected if units else dice.randint(0, int(line.waiting))
    bad = dice.sample(units, rejected) if units else []
    quality.judge(
        line, accepted=Decimal(accepted), rejected=Decimal(rejected), rejected_serials=bad
    )


def decide(dice: random.Random) -> None:
    """Settle something that is on hold."""
    line = _a_line("hold", dice)
    if line is None:
        return
    if line.kind == "over":
        discrepancies.settle_over(line, dice.choice(discrepancies.OVER_OUTCOMES))
    elif line.kind == "duplicate" and dice.random() < 0.5:
        discrepancies.relabel(line, f"NEW-{dice.randint(1, 30)}")
    else:
        discrepancies.send_back(line)


def shelve(dice: random.Random) -> None:
    release = _a_release(dice)
    if release is None:
        return
    quantity = dice.randint(1, int(release.remaining) + 1)
    proposed = [each.bin.code for each in put_away.propose(release)]
    place = places.location(dice.choice((*proposed, "A-01", "A-02", "B-01")))
    units = [serial.code for serial in put_away.units_remaining(release)][:quantity]
    put_away.shelve(release, place, Decimal(quantity), serials=units)


def count(dice: random.Random) -> None:
    """Two people count what is left of a release."""
    release = _a_release(dice)
    if release is None:
        return
    found = max(0, int(release.remaining) + dice.choice((-1, 0, 1)))
    units = [serial.code for serial in put_away.units_remaining(release)][:found]
    put_away.settle_count(release, Decimal(found), counted_by=("bruno", "chloe"), present=units)


def promise(dice: random.Random) -> None:
    ask = reservations.take if dice.random() < 0.7 else reservations.wait
    number = f"O-{dice.randint(1, 9)}"
    ask(_a_sku(dice), Decimal(dice.randint(1, 4)), site=a_site(), document=number)


def end_promise(dice: random.Random) -> None:
    query = select(Reservation).where(Reservation.status.in_(("live", "waiting")))
    found = _one_of(list(db.session.scalars(query.order_by(Reservation.id))), dice)
    if found is not None:
        reservations.release(found)


def issue(dice: random.Random) -> None:
    """A customer takes what lies in a bin, promised or not."""
    query = (
        select(StockBalance)
        .join(Location)
        .where(Location.kind == "internal", StockBalance.quantity > 0)
        .order_by(StockBalance.id)
    )
    balance = _one_of(list(db.session.scalars(query)), dice)
    if balance is None:
        return
    quantity = dice.randint(1, int(balance.quantity) + 1)
    units = select(Serial.code).filter_by(location_id=balance.location_id, sku_id=balance.sku_id)
    codes = tuple(db.session.scalars(units.order_by(Serial.code)))[:quantity]
    away = places.location(places.CUSTOMERS)
    line = Line(balance.sku, balance.location, away, Decimal(quantity), balance.lot, codes)
    ledger.move([line], reason="issued", document=f"O-{dice.randint(1, 9)}")


DEEDS: Mapping[str, Deed] = {
    deed.__name__: deed
    for deed in (receive, judge, decide, shelve, count, promise, end_promise, issue)
}


def _a_sku(dice: random.Random) -> Sku:
    return skus.by_code(dice.choice(_GOODS))


def _counted(sku: Sku, quantity: int, dice: random.Random) -> Counted:
    codes = tuple(f"S-{dice.randint(1, 60)}" for _ in range(quantity))
    return Counted(
        sku,
        Decimal(quantity),
        lot=f"L{dice.randint(1, 3)}" if sku.serial_policy == "lot" else "",
        serials=codes if sku.serial_policy == "unit" else (),
        damaged=Decimal(0 if sku.serial_policy == "unit" else dice.randint(0, quantity)),
    )


def _a_line(place: str, dice: random.Random) -> ReceiptLine | None:
    query = (
        select(ReceiptLine)
        .join(Location, Location.id == ReceiptLine.place_id)
        .where(Location.kind == place, ReceiptLine.waiting > 0)
        .order_by(ReceiptLine.id)
    )
    chosen = _one_of(list(db.session.scalars(query)), dice)
    return receipts.line(chosen.receipt, chosen.line_no) if chosen else None


def _a_release(dice: random.Random) -> Release | None:
    left = Release.quantity + Release.difference > Release.shelved
    found = list(db.session.scalars(select(Release).where(left).order_by(Release.id)))
    chosen = _one_of(found, dice)
    return releases.locked(chosen.number) if chosen else None


def _one_of(found: list[T], dice: random.Random) -> T | None:
    return dice.choice(found) if found else None
