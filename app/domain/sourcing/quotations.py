"""Requests for quotation: who was asked for what, what each offered, and whose offer was taken."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.finance import rates
from app.domain.finance.company import ours
from app.domain.numbers import Numbered
from app.domain.sourcing import letters, order_drafts
from app.domain.sourcing.order_drafts import Wanted
from app.domain.sourcing.order_prices import QUOTATION, today
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply import correspondence
from app.domain.supply.suppliers import Supplier
from app.kernel import append_only, cause, clock, money
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money

ASKED, QUOTED, DECLINED, EXPIRED = "asked", "quoted", "declined", "expired"
LEAST_ASKED = 2
ONE = Decimal(1)


class Quotation(Numbered):
    """One supplier asked once for the prices of one order; `round` counts how often we asked."""

    PREFIX = "RQ"
    __tablename__ = "quotation"
    __table_args__ = (
        UniqueConstraint("version_id", "round", "supplier_id"),
        CheckConstraint("state IN ('asked', 'quoted', 'declined', 'expired')", name="state"),
        Index("ix_quotation_supplier_id", "supplier_id"),
    )

    version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"))
    round: Mapped[int]
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    currency: Mapped[str] = mapped_column(String(3))
    delivers_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    effect_key: Mapped[str] = mapped_column(String(400))

    version: Mapped[OrderVersion] = relationship()
    supplier: Mapped[Supplier] = relationship(lazy="joined")
    prices: Mapped[list["QuotedPrice"]] = relationship(order_by="QuotedPrice.line_no")

    @property
    def is_complete(self) -> bool:
        """Whether it names a price for every line that was asked for."""
        priced = {each.line_no for each in self.prices}
        return self.state == QUOTED and priced >= {line.line_no for line in self.version.lines}

    @property
    def total(self) -> Money:
        """What the whole order would cost."""
        quantities = {line.line_no: line.quantity for line in self.version.lines}
        total = Money(0, self.currency)
        for each in self.prices:
            total += each.amount(quantities.get(each.line_no, Decimal(0)), self.currency)
        return total

    @property
    def in_ours(self) -> Money:
        """The total in our currency, at the rate of today, to compare by.

        Raises:
            NoRate: nobody entered one.
        """
        currency = ours().currency
        rate = rates.on(self.currency, today())
        return money.priced(self.total.amount, Decimal(1), currency, rate=rate)

    @property
    def is_comparable(self) -> bool:
        """Whether it is complete, and we know what its currency is worth today."""
        return self.is_complete and rates.known(self.currency, today()) is not None


class QuotedPrice(Model):
    """What a supplier asks for one stock unit of a line."""

    __tablename__ = "quoted_price"
    __table_args__ = (
        UniqueConstraint("quotation_id", "line_no"),
        CheckConstraint("unit_price >= 0", name="unit_price"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    quotation_id: Mapped[int] = mapped_column(ForeignKey("quotation.id"))
    line_no: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    unit_price: Mapped[Decimal] = mapped_column(Quantity)

    sku: Mapped[Sku] = relationship()

    def amount(self, quantity: Decimal, currency: str) -> Money:
        return money.priced(quantity, self.unit_price, currency)


class TooFewAsked(Refusal):
    """One offer is no comparison."""

    code = "too_few_asked"
    message = N_("Ask at least {least} different suppliers.")


class NothingQuoted(Refusal):
    """A quotation names prices."""

    code = "nothing_quoted"
    message = N_("Write a price for each line that can be delivered.")


class NotComplete(Refusal):
    """An order goes whole to one supplier."""

    code = "not_complete"
    message = N_("{supplier} did not quote every line. Choose another, ask again, or order less.")


class NotTheCheapest(Refusal):
    """A dearer offer needs a reason."""

    code = "not_the_cheapest"
    message = N_("{cheapest} is cheaper than {supplier}. Say why you choose {supplier}.")


def ask(version: OrderVersion, suppliers: Sequence[Supplier]) -> list[Quotation]:
    """Ask suppliers by letter what the goods would cost.

    Raises:
        TooFewAsked: fewer than two.
    """
    asked = {each.id: each for each in suppliers}
    if len(asked) < LEAST_ASKED:
        raise TooFewAsked(least=LEAST_ASKED)
    number = 1 + max((each.round for each in of(version)), default=0)
    new = [_asked(version, each, number) for each in asked.values()]
    db.session.add_all(new)
    db.session.flush()
    for each in new:
        _write_to(each)
    return new


def by_number(number: str) -> Quotation:
    """The quotation with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(Quotation, number)


def of(version: OrderVersion) -> list[Quotation]:
    """All that was ever asked for a version, in the order of asking."""
    query = select(Quotation).filter_by(version_id=version.id).order_by(Quotation.id)
    return list(db.session.scalars(query))


def latest(version: OrderVersion) -> list[Quotation]:
    """What was asked in the last round."""
    found = of(version)
    return [each for each in found if each.round == found[-1].round]


def quote(
    found: Quotation,
    prices: Mapping[int, Decimal],
    *,
    currency: str,
    delivers_on: date | None,
    note: str = "",
) -> None:
    """Keep what a supplier offers: `prices` of one stock unit, by line.

    Raises:
        NothingQuoted: no line has a price.
    """
    lines = {line.line_no: line for line in found.version.lines if line.line_no in prices}
    if not lines:
        raise NothingQuoted
    found.prices = [
        QuotedPrice(line_no=no, sku_id=line.sku_id, unit_price=prices[no])
        for no, line in lines.items()
    ]
    found.currency, found.delivers_on = currency, delivers_on
    close(found, QUOTED, note=note)


def close(found: Quotation, state: str, *, note: str = "") -> None:
    """End the waiting for an answer: quoted, declined or expired."""
    found.state, found.note = state, note
    found.answered_at, found.answered_by = clock.now(), cause.current().person_id
    db.session.flush()


def give_up(version: OrderVersion) -> None:
    """Nothing is bought: wait for no answer, and write so to who may still quote or did.

    Who declined, or let the time pass, counts on nothing.
    """
    told: set[int] = set()
    for each in reversed(of(version)):
        if each.state in {ASKED, QUOTED} and each.supplier_id not in told:
            told.add(each.supplier_id)
            letter = letters.dropped_request(each.number, version)
            key = f"{cause.current().effect_key}:{each.number}"
            correspondence.send(each.supplier, letter, key=key)
        if each.state == ASKED:
            close(each, EXPIRED)


def take(chosen: Quotation, *, by: str, reason: str) -> OrderVersion:
    """Order from who made this offer, at these prices.

    Raises:
        NotComplete: a line has no price.
        NotTheCheapest: another offer costs less, and nobody says why this one is taken.
    """
    if not chosen.is_complete:
        raise NotComplete(supplier=chosen.supplier.name)
    best = cheapest(chosen.version)
    if best is not None and best.in_ours.minor < chosen.in_ours.minor and not reason.strip():
        raise NotTheCheapest(supplier=chosen.supplier.name, cheapest=best.supplier.name)
    version = chosen.version
    prices = {each.line_no: each.unit_price for each in chosen.prices}
    version.currency = version.order.currency = chosen.currency
    lines = [_priced(line, prices[line.line_no], chosen) for line in version.lines]
    order_drafts.correct(
        version,
        lines,
        by=version.written_by,
        required_on=version.required_on,
        supplier=chosen.supplier,
    )
    version.priced_by = by
    version.due_on = chosen.delivers_on or version.due_on
    version.reason = reason.strip() or version.reason
    db.session.flush()
    return version


def cheapest(version: OrderVersion) -> Quotation | None:
    """The complete offer of the last round that costs least."""
    complete = [each for each in latest(version) if each.is_complete]
    return min(complete, key=lambda each: (each.in_ours.minor, each.id), default=None)


def _asked(version: OrderVersion, supplier: Supplier, number: int) -> Quotation:
    return Quotation(
        version_id=version.id,
        round=number,
        supplier_id=supplier.id,
        state=ASKED,
        currency=version.currency,
        note="",
        asked_at=clock.now(),
        effect_key=cause.current().effect_key,
    )


def _write_to(asked: Quotation) -> None:
    letter = letters.request(asked.number, asked.version)
    correspondence.send(asked.supplier, letter, key=f"{asked.effect_key}:{asked.number}")


def _priced(line: OrderVersionLine, price: Decimal, chosen: Quotation) -> Wanted:
    facts: dict[str, Any] = {"price_source": QUOTATION, "price_document": chosen.number}
    return Wanted(line.sku, line.quantity, line.line_no, price, due_on=line.due_on, **facts)
