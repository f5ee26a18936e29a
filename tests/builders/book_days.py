"""What happens to goods and their cost on any day, chosen by dice; some of it is refused."""

import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Select, select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.finance import journal, late_costs, periods, rates
from app.domain.finance.late_costs import LateCost
from app.domain.inventory import ledger, places
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.ledger import Line
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.domain.payables import bills, settling
from app.domain.payables.bills import Asked, Bill
from app.domain.supply import counting, discrepancies, put_away, quality, receipts, releases
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.releases import Release
from app.kernel import clock
from app.kernel.db import db
from tests.builders.deliveries import a_notice, a_supplier, an_order, counted
from tests.builders.goods import a_bin, a_site, a_sku

Deed = Callable[[random.Random], None]
T = TypeVar("T")
_GOODS = ("FLOUR", "PIPE", "BA-28")
_PRICES = ("0.01", "0.333333", "5", "92.5", "1234.567891")
OWED = "received_not_billed"


def open_books() -> None:
    """Three kinds of goods, one shelf, and what a dollar is worth."""
    a_sku("FLOUR")
    a_sku("PIPE", step=Decimal("0.000001"))
    a_sku("BA-28", serial_policy="unit")
    a_site()
    a_bin("A-01")
    a_supplier()
    rates.add("USD", date(2026, 1, 1), Decimal("31.4159265358"))
    rates.add("USD", date(2026, 5, 20), Decimal("29.98"))


def buy(dice: random.Random) -> None:
    """Goods arrive, not always as many as ordered, at a price or none; some are bad."""
    sku = _a_sku(dice)
    ordered = dice.randint(1, 9)
    order = an_order((sku, ordered))
    line = order.lines[0]
    line.unit_price = None if dice.random() < 0.2 else Decimal(dice.choice(_PRICES))
    line.priced_for = Decimal(dice.choice((1, 1, 3)))
    order.currency = dice.choice(("TWD", "TWD", "USD"))
    receipt = receipts.open_for(a_notice(order))
    quantity = max(1, ordered + dice.choice((-1, 0, 0, 2)))
    codes = [f"S-{dice.randint(1, 400)}" for _ in range(quantity)]
    units = codes if sku.serial_policy == "unit" else []
    counting.book(receipt, [counted(sku, quantity, *units)])
    for each in receipt.lines:
        _handle(receipts.line(receipt, each.line_no), dice)


def sell(dice: random.Random) -> None:
    _leave("issued", places.location(places.CUSTOMERS), dice)


def lose(dice: random.Random) -> None:
    _leave("counted", places.location(places.GAIN_OR_LOSS), dice)


def find(dice: random.Random) -> None:
    sku = skus.by_code(dice.choice(_GOODS[:2]))
    outside = places.location(places.GAIN_OR_LOSS)
    line = Line(sku, outside, places.location("A-01"), Decimal(dice.randint(1, 3)))
    ledger.move([line], reason="counted", document=_number("C", dice))


def send_back(dice: random.Random) -> None:
    line = _a_line(dice)
    if line is not None and line.is_ours:
        outside = places.of_supplier(line.receipt.supplier.code)
        _leave("returned", outside, dice, origin=line)


def charge_freight(dice: random.Random) -> None:
    lines = [line for line in (_a_line(dice), _a_line(dice)) if line]
    if lines:
        over = {line.id: line.quantity for line in lines}
        amount, number = dice.randint(1, 50_000), _number("F", dice)
        late_costs.spread("freight", amount, over=over, document=number, credit="payables")


def concede(dice: random.Random) -> None:
    line = _a_line(dice)
    if line is not None:
        amount, over = -dice.randint(1, 2_000), {line.id: Decimal(1)}
        late_costs.spread("concession", amount, over=over, document=line.number, credit=OWED)


def correct(dice: random.Random) -> None:
    wrong = _one_of(select(LateCost).filter_by(kind="freight").order_by(LateCost.id), dice)
    if wrong is not None:
        day, over = periods.day_for(clock.now()), {wrong.origin: Decimal(1)}
        voucher = journal.begin("correction", "F-0", day=day, corrects_id=wrong.journal_id)
        late_costs.hold([wrong.origin])
        amount = dice.randint(0, 40_000) - wrong.amount
        late_costs.add_all(
            "freight",
            amount,
            over=over,
            voucher=voucher,
            credit="payables",
            corrects={wrong.origin: wrong.id},
        )
        voucher.write()


def bill(dice: random.Random) -> None:
    """A bill for part of a receipt line, or a credit for what went back."""
    line = _a_line(dice)
    if line is not None:
        quantity = dice.choice((line.accepted, Decimal(1), Decimal(1), Decimal(-1)))
        price = Decimal(dice.choice(_PRICES))
        asked = [Asked(quantity, price, line.id)]
        if dice.random() < 0.3:
            asked.append(Asked(Decimal(1), Decimal(7), spread={line.id: Decimal(1)}))
        currency = dice.choice(("TWD", "USD"))
        number, day = _number("H", dice), date(2026, 6, 1)
        bills.record(line.receipt.supplier, number, asked, currency=currency, billed_on=day)


def accept_bill(dice: random.Random) -> None:
    found = _one_of(select(Bill).where(Bill.status != "accepted").order_by(Bill.id), dice)
    if found is not None:
        settling.accept(bills.locked(found.number))


def drop_bill(dice: random.Random) -> None:
    """A bill is let go; later somebody may try to accept it all the same."""
    found = _one_of(select(Bill).where(Bill.status != "accepted").order_by(Bill.id), dice)
    if found is not None:
        bills.drop(bills.locked(found.number))


def record_again(dice: random.Random) -> None:
    """A bill that is not booked is written anew, or one that is known comes a second time."""
    found = _one_of(select(Bill).order_by(Bill.id.desc()).limit(12), dice)
    line = _a_line(dice)
    if found is not None and line is not None:
        before = bills.locked(found.number) if dice.random() < 0.7 else None
        asked = [Asked(Decimal(1), Decimal(dice.choice(_PRICES)), line.id)]
        day, number = date(2026, 6, 1), found.supplier_number
        bills.record(
            found.supplier, number, asked, currency="TWD", billed_on=day, instead_of=before
        )


def close_month(dice: random.Random) -> None:
    """Closes last month; what happened there is booked today from now on."""
    last = clock.now().replace(day=1) - timedelta(days=dice.choice((2, 40)))
    periods.close(f"{last:%Y-%m}")


DEEDS: Mapping[str, Deed] = {
    deed.__name__: deed
    for deed in (
        buy,
        sell,
        lose,
        find,
        send_back,
        charge_freight,
        concede,
        correct,
        bill,
        accept_bill,
        drop_bill,
        record_again,
        close_month,
    )
}


def _handle(line: ReceiptLine, dice: random.Random) -> None:
    """What is good goes to the shelf; what is beyond the order is decided upon."""
    if line.place.kind == "hold":
        if line.kind == "over":
            discrepancies.settle_over(line, dice.choice(discrepancies.OVER_OUTCOMES))
        elif line.kind == "duplicate" and dice.random() < 0.7:
            discrepancies.relabel(line, f"N-{dice.randint(1, 10**9)}")
    if line.place.kind == "qc" and line.waiting and dice.random() < 0.8:
        released = quality.judge(line, accepted=line.waiting)
        if released is not None:
            _shelve(releases.locked(released.number))


def _shelve(release: Release) -> None:
    units = [serial.code for serial in put_away.units_remaining(release)]
    put_away.shelve(release, places.location("A-01"), release.remaining, serials=units)


def _leave(
    reason: str, target: Location, dice: random.Random, *, origin: ReceiptLine | None = None
) -> None:
    """Something leaves the shelf, sometimes what was written down only days later."""
    here = places.location("A-01")
    query = select(StockBalance).filter_by(location_id=here.id).order_by(StockBalance.id)
    if origin is not None:
        query = query.filter_by(sku_id=origin.sku_id)
    balance = _one_of(query.where(StockBalance.quantity > 0), dice)
    if balance is None:
        return
    quantity = _some_of(balance, dice)
    units = select(Serial.code).filter_by(location_id=here.id, sku_id=balance.sku_id)
    codes = tuple(db.session.scalars(units.order_by(Serial.code)))[: int(quantity)]
    line = Line(
        balance.sku, here, target, quantity, serials=codes, origin=origin.id if origin else None
    )
    then = clock.now() - timedelta(days=dice.choice((0, 0, 0, 10, 45)))
    ledger.move([line], reason=reason, document=_number("O", dice), effective_at=then)


def _some_of(balance: StockBalance, dice: random.Random) -> Decimal:
    if dice.random() < 0.15:
        return balance.quantity
    if balance.sku.code == "PIPE":
        return Decimal(dice.randint(1, 2_500_000)).scaleb(-6)
    return Decimal(dice.randint(1, 4))


def _a_sku(dice: random.Random) -> Sku:
    return skus.by_code(dice.choice(_GOODS))


def _a_line(dice: random.Random) -> ReceiptLine | None:
    """One of the latest receipt lines, locked."""
    query = select(ReceiptLine).order_by(ReceiptLine.id.desc()).limit(12)
    chosen = _one_of(query, dice)
    return receipts.line(chosen.receipt, chosen.line_no) if chosen else None


def _number(prefix: str, dice: random.Random) -> str:
    return f"{prefix}-{dice.randint(1, 10**12)}"


def _one_of(query: Select[T], dice: random.Random) -> T | None:
    found = list(db.session.scalars(query))
    return dice.choice(found) if found else None
