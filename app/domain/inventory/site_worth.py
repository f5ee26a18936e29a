"""What our stock is worth at each site: units by their own cost, other goods by their part."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.finance import worth
from app.domain.finance.pools import CostEntry
from app.domain.finance.worth import Worth
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import VIRTUAL, Location, Site
from app.kernel.db import db
from app.kernel.money import split

NOWHERE = ""
Place = tuple[int, str]  # SKU and code of the site; none for places of no site
Held = dict[Place, tuple[Decimal, int]]


@dataclass(frozen=True)
class SiteWorth:
    """Goods of one SKU at one site; the values of all sites add up to that of the SKU."""

    sku: Sku
    site: str
    quantity: Decimal
    value: int


def at(instant: datetime | None = None) -> list[SiteWorth]:
    """By SKU and site, now or as it was at an instant."""
    owned = worth.now() if instant is None else worth.at(instant)
    quantities = _now() if instant is None else _then(instant)
    units = _units(instant)
    found = []
    for each in owned:
        if each.sku.serial_policy == "unit":
            found += _of_units(each, units)
        else:
            found += _of_goods(each, quantities)
    return found


def _of_goods(each: Worth, quantities: Mapping[Place, Decimal]) -> list[SiteWorth]:
    """One average cost for the whole company: each site has its part of the value, to the cent."""
    here = {site: q for (sku, site), q in quantities.items() if sku == each.sku.id and q > 0}
    if not here:
        return [SiteWorth(each.sku, NOWHERE, each.quantity, each.value)]
    sites = sorted(here)
    parts = split(each.value, [here[site] for site in sites])
    return [
        SiteWorth(each.sku, site, here[site], part) for site, part in zip(sites, parts, strict=True)
    ]


def _of_units(each: Worth, units: Held) -> list[SiteWorth]:
    places = sorted(place for place in units if place[0] == each.sku.id)
    return [SiteWorth(each.sku, place[1], *units[place]) for place in places]


def _now() -> dict[Place, Decimal]:
    query = (
        select(StockBalance.sku_id, Site.code, func.sum(StockBalance.quantity))
        .join(Location, Location.id == StockBalance.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .group_by(StockBalance.sku_id, Site.code)
    )
    return {(sku, site or NOWHERE): quantity for sku, site, quantity in db.session.execute(query)}


def _then(instant: datetime) -> dict[Place, Decimal]:
    query = (
        select(StockEntry.sku_id, Site.code, func.sum(StockEntry.quantity))
        .join(StockMove, StockMove.id == StockEntry.move_id)
        .join(Location, Location.id == StockEntry.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(StockMove.recorded_at <= instant, Location.kind.not_in(VIRTUAL))
        .group_by(StockEntry.sku_id, Site.code)
    )
    return {(sku, site or NOWHERE): quantity for sku, site, quantity in db.session.execute(query)}


def _units(instant: datetime | None) -> Held:
    """Every unit that is ours, at its own cost, where its last move put it."""
    owned = select(CostEntry.serial_id, func.sum(CostEntry.value).label("value"))
    owned = owned.where(CostEntry.serial_id.is_not(None)).group_by(CostEntry.serial_id)
    moved = select(StockEntry.serial_id, func.max(StockEntry.seq).label("seq"))
    moved = moved.where(StockEntry.serial_id.is_not(None)).group_by(StockEntry.serial_id)
    if instant is not None:
        owned = owned.where(CostEntry.recorded_at <= instant)
        moved = moved.join(StockMove, StockMove.id == StockEntry.move_id)
        moved = moved.where(StockMove.recorded_at <= instant)
    cost = owned.having(func.sum(CostEntry.quantity) > 0).subquery()
    last = moved.subquery()
    query = (
        select(StockEntry.sku_id, Site.code, cost.c.value)
        .join(last, last.c.seq == StockEntry.seq)
        .join(cost, cost.c.serial_id == last.c.serial_id)
        .join(Location, Location.id == StockEntry.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
    )
    found: Held = defaultdict(lambda: (Decimal(0), 0))
    for sku, site, value in db.session.execute(query):
        count, total = found[sku, site or NOWHERE]
        found[sku, site or NOWHERE] = (count + 1, total + value)
    return found
