"""What goods of an order cost, where the price comes from, and how far it strays from before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.finance import rates
from app.domain.finance.company import ours
from app.domain.sourcing import agreements, order_versions
from app.domain.sourcing.agreements import Agreement
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_versions import (
    ISSUED,
    SUPERSEDED,
    OrderVersion,
    OrderVersionLine,
)
from app.domain.supply.suppliers import Supplier
from app.kernel import clock, money, policy
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

AGREEMENT, QUOTATION, STATED = "agreement", "quotation", "stated"
PERCENT, AMOUNT = "order_pricing.variance_percent", "order_pricing.variance_amount"
MOST_SHOWN = 5


class PriceIsAgreed(Refusal):
    """Where an agreement holds, nobody types a price."""

    code = "price_is_agreed"
    message = N_("{supplier} agreed to a price of {sku}. Leave the price empty.")


class NotSoldLikeThat(Refusal):
    """The agreement names a least quantity and a pack."""

    code = "not_sold_like_that"
    message = N_("{supplier} does not sell {quantity} of {sku}: order {orderable} {unit}.")


class MixedCurrencies(Refusal):
    """One order is in one currency."""

    code = "mixed_currencies"
    message = N_("The prices are in {currencies}. Write one order for each currency.")


@dataclass(frozen=True)
class Before:
    """What one stock unit cost in an earlier order."""

    day: date
    order: str
    supplier: str
    unit_price: Fraction
    currency: str

    @property
    def in_ours(self) -> Fraction:
        """In our currency, at the rate of that day; today's, where nobody entered one."""
        rate = rates.known(self.currency, self.day) or rates.on(self.currency, today())
        return self.unit_price * Fraction(rate)


@dataclass(frozen=True)
class Variance:
    """How far a line is from the last price: in percent, and in our minor units for all of it."""

    before: Before
    percent: Decimal
    amount_minor: int

    @property
    def is_tolerable(self) -> bool:
        """Within the policy both ways: a price that fell by half is as odd as one that rose."""
        amount = Decimal(abs(self.amount_minor)).scaleb(-money.digits(ours().currency))
        return abs(self.percent) <= _limit(PERCENT) and amount <= _limit(AMOUNT)


def check_wanted(supplier: Supplier, lines: Sequence[Wanted]) -> None:
    """Refuse what an agreement in force does not allow a person to write.

    Raises:
        PriceIsAgreed: a price was typed where one is agreed on.
        NotSoldLikeThat: less than the least quantity, or a broken pack.
    """
    for each in lines:
        agreement = agreements.in_force(supplier.id, each.sku.id, today())
        if agreement is None:
            continue
        if each.price_source == STATED:
            raise PriceIsAgreed(supplier=supplier.name, sku=each.sku.code)
        orderable = agreement.orderable(each.quantity)
        if orderable != each.quantity:
            raise NotSoldLikeThat(
                supplier=supplier.name,
                sku=each.sku.code,
                quantity=plain(each.quantity),
                orderable=plain(orderable),
                unit=each.sku.unit,
            )


def price(version: OrderVersion) -> None:
    """Let every line with an agreement in force cost what was agreed; sum the order up.

    Raises:
        MixedCurrencies: agreements of one order name several currencies.
    """
    found = {line.id: _agreement(version, line) for line in version.lines}
    currencies = {each.currency for each in found.values() if each}
    if any(each is None and line.unit_price is not None for line, each in _pairs(version, found)):
        currencies.add(version.currency)
    if len(currencies) > 1:
        raise MixedCurrencies(currencies=", ".join(sorted(currencies)))
    for line, agreement in _pairs(version, found):
        if agreement is not None:
            line.unit_price = agreement.price_of(line.quantity)
            line.priced_for = agreement.priced_for
            line.price_source, line.price_document = AGREEMENT, ""
        elif line.price_source == AGREEMENT:
            line.unit_price, line.priced_for, line.price_source = None, Decimal(1), ""
    version.currency = next(iter(currencies), version.currency)
    version.total_minor = order_versions.total_of(version.lines, version.currency)
    db.session.flush()


def variance(version: OrderVersion, line: OrderVersionLine) -> Variance | None:
    """How far a price is from the last one; None where it is agreed on, or there was none."""
    if line.price_source == AGREEMENT or line.unit_price is None:
        return None
    before = next(iter(last_prices(line.sku, without=version.order_id)), None)
    if before is None:
        return None
    rate = Fraction(rates.on(version.currency, today()))
    now = Fraction(line.unit_price) / Fraction(line.priced_for) * rate
    difference = now - before.in_ours
    worth = difference * Fraction(line.quantity) * 10 ** money.digits(ours().currency)
    percent = difference / before.in_ours * 100 if before.in_ours else Fraction(100)
    return Variance(before, round_percent(percent), money.half_up(worth))


def last_prices(sku: Sku, *, without: int, limit: int = MOST_SHOWN) -> list[Before]:
    """What the SKU cost in the latest other orders, the newest first."""
    query = (
        select(OrderVersionLine)
        .join(OrderVersion)
        .options(joinedload(OrderVersionLine.version))
        .where(
            OrderVersionLine.sku_id == sku.id,
            OrderVersionLine.unit_price.is_not(None),
            OrderVersionLine.quantity > 0,
            OrderVersion.state.in_((ISSUED, SUPERSEDED)),
            OrderVersion.order_id != without,
        )
        .order_by(OrderVersion.issued_at.desc(), OrderVersion.id.desc())
        .limit(limit)
    )
    return [_before(line) for line in db.session.scalars(query)]


def today() -> date:
    """The day of the books."""
    return ours().day(clock.now())


def round_percent(exact: Fraction) -> Decimal:
    """To a hundredth of a percent, away from zero: what is beyond a limit never rounds onto it."""
    hundredths = exact * 100
    whole = abs(hundredths.numerator) // hundredths.denominator
    up = whole if whole == abs(hundredths) else whole + 1
    return (Decimal(up) / 100).copy_sign(-1 if exact < 0 else 1)


def to_millionth(exact: Fraction) -> Decimal:
    """As exactly as prices are kept."""
    return Decimal(money.half_up(exact * 1_000_000)).scaleb(-6)


def _agreement(version: OrderVersion, line: OrderVersionLine) -> Agreement | None:
    return agreements.in_force(version.order.supplier_id, line.sku_id, today())


def _pairs(
    version: OrderVersion, found: dict[int, Agreement | None]
) -> list[tuple[OrderVersionLine, Agreement | None]]:
    return [(line, found[line.id]) for line in version.lines]


def _before(line: OrderVersionLine) -> Before:
    version = line.version
    return Before(
        day=ours().day(version.issued_at or version.written_at),
        order=version.order.number,
        supplier=version.order.supplier.name,
        unit_price=Fraction(line.unit_price or 0) / Fraction(line.priced_for),
        currency=version.currency,
    )


def _limit(name: str) -> Decimal:
    return Decimal(str(policy.value(name)))
