"""From whom a SKU is had and on which terms: the agreement in force, else what is usual."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload

from app.domain.catalog.products import Sku, UnitConversion
from app.domain.finance import rates
from app.domain.planning.assumptions import Assumptions
from app.domain.planning.recommendation import ONE, Terms
from app.domain.planning.rules import Rate
from app.domain.planning.stock import Source
from app.domain.sourcing import agreements
from app.domain.sourcing.agreements import Agreement
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine
from app.domain.supply.suppliers import STOPPED, Supplier
from app.kernel.db import db

AGREEMENT, LAST_ORDER, DEFAULTS = "agreement", "last_order", "defaults"


class Sources:
    """Who can deliver what on one day, read once for a whole plan."""

    def __init__(self, on: date, usual: Assumptions, good_rates: Mapping[Source, Decimal]) -> None:
        self._usual, self._good_rates = usual, good_rates
        self._offers = _offers(on)
        self._last = _last_suppliers()

    def of(self, sku: Sku, *, not_from: int | None = None) -> Terms:
        """The cheapest agreement in force; without one the last supplier, on usual terms.

        `not_from` is a supplier who just failed: another one is preferred, if there is one.
        """
        offers = self._offers.get(sku.id, [])
        others = [one for one in offers if one.supplier_id != not_from]
        if others or offers:
            return self._agreed(sku, (others or offers)[0])
        last = self._last.get(sku.id)
        lead = Rate(self._usual.lead_days, self._usual.lead_days * self._usual.lead_spread)
        pack = _usual_pack(sku)
        source = LAST_ORDER if last and last != not_from else DEFAULTS
        supplier_id = last if source == LAST_ORDER else None
        return Terms(source, supplier_id, lead, pack, pack, self._rate(supplier_id, sku.id))

    def _agreed(self, sku: Sku, found: Agreement) -> Terms:
        days = float(found.lead_days)
        return Terms(
            source=AGREEMENT,
            supplier_id=found.supplier_id,
            lead=Rate(days, days * self._usual.lead_spread),
            moq=_in_steps(found.moq * found.priced_for, sku.step),
            pack=_in_steps(found.pack * found.priced_for, sku.step),
            good_rate=self._rate(found.supplier_id, sku.id),
        )

    def _rate(self, supplier_id: int | None, sku_id: int) -> Decimal:
        return self._good_rates.get((supplier_id or 0, sku_id), ONE)


def _offers(on: date) -> dict[int, list[Agreement]]:
    """Agreements in force by SKU, the cheapest per stock unit at its least quantity first."""
    query = select(Agreement).join(Supplier, Supplier.id == Agreement.supplier_id)
    query = query.where(agreements.holding(on), Supplier.standing != STOPPED)
    query = query.options(
        lazyload(Agreement.sku),
        lazyload(Agreement.supplier),
        lazyload(Agreement.end),
        selectinload(Agreement.breaks),
    )
    found: dict[int, list[Agreement]] = defaultdict(list)
    worth: dict[str, Decimal | None] = {}
    for one in db.session.scalars(query):
        if one.currency not in worth:
            worth[one.currency] = rates.known(one.currency, on)
        found[one.sku_id].append(one)
    for offers in found.values():
        offers.sort(key=lambda one: _price(one, worth[one.currency]))
    return found


def _price(offer: Agreement, worth: Decimal | None) -> tuple[bool, Fraction, int]:
    """In our currency; what nobody can say in it comes last."""
    price = Fraction(offer.unit_price(offer.moq)) / Fraction(offer.priced_for)
    return worth is None, price * Fraction(worth or ONE), offer.supplier_id


def _last_suppliers() -> dict[int, int]:
    newest = (
        select(PurchaseOrderLine.sku_id, func.max(PurchaseOrderLine.id).label("line_id"))
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(PurchaseOrder.status != "cancelled", Supplier.standing != STOPPED)
        .group_by(PurchaseOrderLine.sku_id)
        .subquery()
    )
    query = (
        select(newest.c.sku_id, PurchaseOrder.supplier_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == newest.c.line_id)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
    )
    return {row.sku_id: row.supplier_id for row in db.session.execute(query)}


def _usual_pack(sku: Sku) -> Decimal:
    """The smallest packing unit a SKU comes in, else one step: 20 for pipe by the roll of 20 m."""
    sizes = [Fraction(one.num, one.den) for one in sku.conversions if _is_packing(one)]
    return _in_steps(min(sizes, default=Fraction(1)), sku.step)


def _is_packing(unit: UnitConversion) -> bool:
    return unit.num > unit.den


def _in_steps(quantity: Decimal | Fraction, step: Decimal) -> Decimal:
    """The least number of whole steps that holds `quantity`."""
    return step * ceil(Fraction(quantity) / Fraction(step))
