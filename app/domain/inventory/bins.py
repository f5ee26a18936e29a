"""Finding a shelf: which bins may hold a SKU, which of them come first, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Select, case, exists, or_, select

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import whole_steps
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.places import Location, Site
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

FIXED, SAME, EMPTY, SHARED = "fixed", "same", "empty", "shared"
_CANDIDATES = 50


class WrongBin(Refusal):
    """These goods may not lie there."""

    code = "wrong_bin"


class NotAShelf(WrongBin):
    """Goods are put away on shelves."""

    message = N_("{place} is not a shelf.")


class AtAnotherSite(WrongBin):
    """Goods are put away where they are."""

    message = N_("{place} is not at {site}, where these goods are.")


class KeptForAnother(WrongBin):
    """The bin is kept for one SKU, and this is not it."""

    message = N_("{place} is kept for another SKU.")


class WrongHazardClass(WrongBin):
    """Hazardous goods lie only where their class is allowed, and nothing else lies there."""

    message = N_("{place} is not made for the hazard class of {sku}.")


class WrongZone(WrongBin):
    """The SKU needs a zone, and the bin is outside."""

    message = N_("{sku} belongs into zone {zone}; {place} is outside.")


@dataclass(frozen=True)
class Proposal:
    """Put `quantity` into `bin`; `why` is a word of the form that proposes it."""

    bin: Location
    quantity: Decimal
    why: str


def propose(
    sku: Sku, quantity: Decimal, *, site: Site, full: Collection[str] = ()
) -> list[Proposal]:
    """Bins that together hold `quantity`, the best first; fewer when the site is full.

    `full` names bins that people found full, whatever the books say.

    A bin kept for the SKU comes first, then one where it lies already, then an empty one, then
    any other with room; along the walk. Zone and hazard class must be the SKU's own.
    """
    proposals: list[Proposal] = []
    left = quantity
    for place, why in db.session.execute(_candidates(sku, site, full).limit(_CANDIDATES)):
        room = left if place.capacity is None else place.capacity - place.filled
        part = whole_steps(min(left, room), sku.step)
        if part > 0:
            proposals.append(Proposal(place, part, why))
            left -= part
        if left <= 0:
            break
    return proposals


def check(place: Location, sku: Sku, *, site: Site | None = None) -> None:
    """Refuse a place where `sku`, now at `site`, may not lie; room is the ledger's question.

    Raises:
        WrongBin: it is no shelf of the site, kept for another SKU, or not made for this one.
    """
    if place.kind != "internal":
        raise NotAShelf(place=place.code)
    if site is not None and place.site_id != site.id:
        raise AtAnotherSite(place=place.code, site=site.name)
    if place.fixed_sku_id not in (None, sku.id):
        raise KeptForAnother(place=place.code)
    if place.hazard != sku.hazard:
        raise WrongHazardClass(place=place.code, sku=sku.code)
    if sku.zone and place.zone != sku.zone:
        raise WrongZone(place=place.code, sku=sku.code, zone=sku.zone)


def _candidates(sku: Sku, site: Site, full: Collection[str]) -> Select[Location, str]:
    lies_here = exists().where(StockBalance.location_id == Location.id, StockBalance.quantity > 0)
    same_lies_here = lies_here.where(StockBalance.sku_id == sku.id)
    why = case(
        (Location.fixed_sku_id == sku.id, FIXED),
        (same_lies_here, SAME),
        (~lies_here, EMPTY),
        else_=SHARED,
    )
    rank = case((Location.fixed_sku_id == sku.id, 0), (same_lies_here, 1), (~lies_here, 2), else_=3)
    query = (
        select(Location, why)
        .where(Location.site_id == site.id, Location.kind == "internal")
        .where(or_(Location.fixed_sku_id.is_(None), Location.fixed_sku_id == sku.id))
        .where(or_(Location.capacity.is_(None), Location.filled < Location.capacity))
        .where(Location.hazard == sku.hazard, Location.code.not_in(full))
        .order_by(rank, Location.walk_order, Location.code)
        .execution_options(populate_existing=True)
    )
    return query.where(Location.zone == sku.zone) if sku.zone else query
