"""Questions about stock, for pages: per SKU, per place, and every entry behind a number."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.domain.catalog.products import UNIDENTIFIED, Product, Sku
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import Location, Site
from app.kernel.db import db

Sites = Collection[str] | None
_KINDS = {
    "on_hand": "internal",
    "in_qc": "qc",
    "on_hold": "hold",
    "rejected": "reject",
    "to_put_away": "transit",
    "in_custody": "custody",
}
_NAMES = (
    "on_hand",
    "reserved",
    "blocked",
    "in_qc",
    "on_hold",
    "rejected",
    "to_put_away",
    "in_custody",
)


@dataclass(frozen=True)
class Overview:
    """One SKU over all sites asked for, in its stock unit.

    `on_hand` lies on shelves, `available` is what of it is promised to nobody and not `blocked`;
    the other figures lie elsewhere and are promised to nobody ever. `total` is all that is in
    the house.
    """

    sku: Sku
    on_hand: Decimal
    reserved: Decimal
    blocked: Decimal
    in_qc: Decimal
    on_hold: Decimal
    rejected: Decimal
    to_put_away: Decimal
    in_custody: Decimal

    @property
    def total(self) -> Decimal:
        waiting = self.in_qc + self.on_hold + self.rejected + self.to_put_away
        return self.on_hand + waiting + self.in_custody

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.reserved - self.blocked


def overview(
    *, sites: Sites = None, text: str = "", after: str = "", limit: int = 50
) -> list[Overview]:
    """A page of SKUs, by code, the first one after `after`; with stock or without.

    `sites` are codes; None means every site. `text` is part of a code, name or barcode. What
    stands for goods nobody knows is left out while there are none.
    """
    figures = _figures(sites).subquery()
    columns = [func.coalesce(figures.c[name], 0).label(name) for name in _NAMES]
    query = (
        select(Sku, *columns)
        .join(Product)
        .outerjoin(figures, figures.c.sku_id == Sku.id)
        .options(contains_eager(Sku.product))
        .where(Sku.code > after, _is_known_or_here(), *_matching(text))
        .order_by(Sku.code)
        .limit(limit)
    )
    return [Overview(*row) for row in db.session.execute(query)]


def one(sku: Sku, *, sites: Sites = None) -> Overview:
    """The same figures for one SKU."""
    row = db.session.execute(_figures(sites).where(StockBalance.sku_id == sku.id)).one_or_none()
    return Overview(sku, *(row[1:] if row else [Decimal(0)] * len(_NAMES)))


def balances(sku: Sku, *, sites: Sites = None) -> list[StockBalance]:
    """Where the SKU is now, place by place and lot by lot; empty places are left out."""
    query = (
        select(StockBalance)
        .join(Location)
        .outerjoin(Site, Site.id == Location.site_id)
        .options(contains_eager(StockBalance.location).contains_eager(Location.site))
        .where(StockBalance.sku_id == sku.id, StockBalance.quantity > 0, *_within(sites))
        .order_by(Site.code, Location.code, StockBalance.lot)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def in_bin(place: Location) -> list[StockBalance]:
    """What lies in one place, by SKU and lot."""
    query = (
        select(StockBalance)
        .join(Sku, Sku.id == StockBalance.sku_id)
        .where(StockBalance.location_id == place.id, StockBalance.quantity > 0)
        .options(contains_eager(StockBalance.sku))
        .order_by(Sku.code, StockBalance.lot)
    )
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Entry:
    """One ledger entry, and the balance of its place and lot just after it."""

    entry: StockEntry
    balance: Decimal

    @property
    def move(self) -> StockMove:
        return self.entry.move


def entries(
    sku: Sku, location: Location, lot: str = "", *, before: int | None = None, limit: int = 50
) -> list[Entry]:
    """The entries behind one balance, the newest first; `before` is the `seq` to go on from.

    Each leads to its move: reason, document, person, and the process step that wrote it.
    """
    here = (
        StockEntry.sku_id == sku.id,
        StockEntry.location_id == location.id,
        StockEntry.lot == lot,
    )
    query = select(StockEntry).where(*here).order_by(StockEntry.seq.desc()).limit(limit)
    query = query.options(joinedload(StockEntry.move).joinedload(StockMove.person))
    until = select(func.sum(StockEntry.quantity)).where(*here)
    if before is not None:
        query = query.where(StockEntry.seq < before)
        until = until.where(StockEntry.seq < before)
    return _with_balances(list(db.session.scalars(query)), db.session.scalar(until) or Decimal(0))


def _with_balances(rows: list[StockEntry], balance: Decimal) -> list[Entry]:
    found = []
    for row in rows:
        found.append(Entry(row, balance))
        balance -= row.quantity
    return found


def _is_known_or_here() -> ColumnElement[bool]:
    some = (StockBalance.sku_id == Sku.id, StockBalance.quantity > 0)
    return or_(Sku.code != UNIDENTIFIED, exists().where(*some))


def _figures(sites: Sites) -> Select[*tuple[Any, ...]]:
    reserved = func.sum(StockBalance.reserved)
    on_shelf = case((Location.kind == "internal", StockBalance.held), else_=Decimal(0))
    blocked = func.sum(on_shelf)
    sums = {
        "reserved": reserved,
        "blocked": blocked,
        **{name: _sum(kind) for name, kind in _KINDS.items()},
    }
    return (
        select(StockBalance.sku_id, *(sums[name].label(name) for name in _NAMES))
        .join(Location)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(*_within(sites))
        .group_by(StockBalance.sku_id)
    )


def _sum(kind: str) -> ColumnElement[Decimal]:
    return func.sum(case((Location.kind == kind, StockBalance.quantity), else_=Decimal(0)))


def _within(sites: Sites) -> list[ColumnElement[bool]]:
    return [] if sites is None else [Site.code.in_(sites)]


def _matching(text: str) -> list[ColumnElement[bool]]:
    """Every word is part of the SKU's code, name or barcode, or of its product's name."""
    columns = (Sku.code, Sku.name, Sku.barcode, Product.name)
    return [
        or_(*(column.icontains(word, autoescape=True) for column in columns))
        for word in text.split()
    ]
