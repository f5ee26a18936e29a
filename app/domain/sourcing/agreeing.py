"""Agreeing on prices: terms become an agreement, an agreement ends, another takes its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.domain.catalog import rules as units
from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.sourcing import rules
from app.domain.sourcing.agreements import Agreement, AgreementBreak, AgreementEnd
from app.domain.sourcing.errors import (
    BreakTwice,
    EndedAlready,
    EndsBeforeItBegins,
    NoBreaks,
    NoCurrency,
    Overlap,
)
from app.domain.supply.suppliers import Supplier
from app.kernel import clock
from app.kernel.db import db

_CURRENCY = re.compile(r"[A-Z]{3}")


@dataclass(frozen=True)
class Terms:
    """What an agreement says; `unit` is the stock unit when empty, `breaks` quantity and price."""

    sku: Sku
    unit: str
    currency: str
    valid_from: date
    valid_to: date | None
    breaks: Sequence[tuple[Decimal, Decimal]]
    lead_days: int = 0
    moq: Decimal = Decimal(1)
    pack: Decimal = Decimal(1)


def agree(supplier: Supplier, terms: Terms, *, by: str, effect_key: str | None = None) -> Agreement:
    """Keep an agreement; `by` is the username of who stands for it.

    Raises:
        Overlap: another one holds on some of these days.
        NoBreaks, BreakTwice, EndsBeforeItBegins, NoCurrency: the terms say too little or too much.
    """
    check(supplier, terms)
    new = Agreement(
        supplier_id=supplier.id,
        sku_id=terms.sku.id,
        unit=terms.unit or terms.sku.unit,
        priced_for=skus.priced_for(terms.sku, terms.unit),
        currency=terms.currency,
        valid_from=terms.valid_from,
        valid_to=terms.valid_to,
        lead_days=terms.lead_days,
        moq=terms.moq,
        pack=terms.pack,
        agreed_by=by,
        effect_key=effect_key,
        recorded_at=clock.now(),
        breaks=[
            AgreementBreak(min_quantity=quantity, unit_price=price)
            for quantity, price in sorted(terms.breaks)
        ],
    )
    db.session.add(new)
    db.session.flush()
    return new


def check(supplier: Supplier, terms: Terms) -> None:
    """Refuse terms that could not be kept; nothing is written."""
    check_alone(terms)
    for other in overlapping(supplier, terms):
        raise _in_the_way(other)


def check_replaces(supplier: Supplier, terms: Terms) -> None:
    """Refuse terms that `replace` would refuse; nothing is written."""
    check_alone(terms)
    for other in overlapping(supplier, terms):
        if not _gives_way(other, terms):
            raise _in_the_way(other)


def check_alone(terms: Terms) -> None:
    """Refuse terms that are wrong whatever else is agreed."""
    if not terms.breaks:
        raise NoBreaks(sku=terms.sku.code)
    if not _CURRENCY.fullmatch(terms.currency):
        raise NoCurrency(text=terms.currency)
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        raise EndsBeforeItBegins(until=terms.valid_to, since=terms.valid_from)
    quantities = [quantity for quantity, _ in terms.breaks]
    for quantity in quantities:
        if quantities.count(quantity) > 1:
            unit = terms.unit or terms.sku.unit
            raise BreakTwice(sku=terms.sku.code, quantity=units.plain(quantity), unit=unit)
    # A pack or a minimum that is no whole step of the stock unit could never be delivered.
    for quantity in (terms.moq, terms.pack):
        skus.in_stock_units(terms.sku, quantity, terms.unit)


def overlapping(supplier: Supplier, terms: Terms) -> list[Agreement]:
    """What holds on some day of `terms`; the supplier stays locked, so that nobody adds one now."""
    _lock(supplier)
    query = select(Agreement).filter_by(supplier_id=supplier.id, sku_id=terms.sku.id)
    wanted = (terms.valid_from, terms.valid_to)
    return [
        each
        for each in db.session.scalars(query.order_by(Agreement.valid_from))
        if not _never_held(each) and rules.overlap(wanted, (each.valid_from, each.last_day))
    ]


def end(
    agreement: Agreement, last_day: date, *, reason: str, by: str, effect_key: str | None = None
) -> None:
    """Let an agreement hold until `last_day` and no longer.

    Raises:
        EndedAlready: it was ended before, or ends no later anyway.
    """
    _lock(agreement.supplier)
    db.session.refresh(agreement, ["end"])
    known = agreement.last_day
    if known is not None and (agreement.end is not None or known <= last_day):
        raise EndedAlready(until=known.isoformat())
    agreement.end = AgreementEnd(
        agreement_id=agreement.id,
        last_day=last_day,
        reason=reason,
        ended_by=by,
        effect_key=effect_key,
        recorded_at=clock.now(),
    )
    db.session.flush()


def replace(
    supplier: Supplier, terms: Terms, *, by: str, reason: str, effect_key: str | None = None
) -> Agreement:
    """Keep an agreement, and end what it takes the place of on the day before.

    Raises:
        Overlap: one that begins no sooner stands in the way; it is ended by who knows why.
    """
    for other in overlapping(supplier, terms):
        if _gives_way(other, terms):
            eve = terms.valid_from - timedelta(days=1)
            end(other, eve, reason=reason, by=by, effect_key=effect_key)
    return agree(supplier, terms, by=by, effect_key=effect_key)


def _lock(supplier: Supplier) -> None:
    query = select(Supplier.id).filter_by(id=supplier.id).with_for_update()
    db.session.execute(query)


def _never_held(agreement: Agreement) -> bool:
    return agreement.last_day is not None and agreement.last_day < agreement.valid_from


def _gives_way(agreement: Agreement, terms: Terms) -> bool:
    """Whether it began before and nobody ended it yet: then it ends where `terms` begin."""
    return agreement.valid_from < terms.valid_from and agreement.end is None


def _in_the_way(agreement: Agreement) -> Overlap:
    return Overlap(
        supplier=agreement.supplier.name,
        sku=agreement.sku.code,
        since=agreement.valid_from,
        until=agreement.last_day or "…",
    )
