"""What the history says of each SKU at each site: one sum over the days that count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Float, Select, case, cast, func, select, type_coerce

from app.domain.planning import rules
from app.domain.planning.demand import DemandDay, Pair
from app.domain.planning.rules import Rate
from app.kernel.db import db

_MILLIONTHS = 1_000_000
Ids = Collection[int] | None
Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class History:
    """The days from `since` to `until`, both included: those that count, and those left out.

    It begins with the first day anything is known of the SKU there, at the earliest with the
    window; it ends with the last day the site told of, at the latest yesterday.
    """

    since: date
    until: date
    days: int
    censored: int
    promotions: int
    wanted: Decimal
    demand: Rate


def of_pairs(
    today: date, *, window: int, sites: Ids = None, skus: Ids = None
) -> Mapping[Pair, History]:
    """The history of every SKU and site that have one, by their ids."""
    since = today - timedelta(days=window)
    firsts = _firsts(sites, skus)
    found: dict[Pair, History] = {}
    for row in db.session.execute(_sums(since, today, sites, skus)):
        pair = row.sku_id, row.site_id
        found[pair] = _history(row, max(since, firsts[pair]))
    return found


def _history(row: Any, since: date) -> History:
    all_days = (row.until - since).days + 1
    days = all_days - row.censored - row.promotions
    total, squares = float(row.wanted), row.squares / _MILLIONTHS**2
    return History(
        since=since,
        until=row.until,
        days=days,
        censored=row.censored,
        promotions=row.promotions,
        wanted=row.wanted,
        demand=rules.of_days(days, total, squares),
    )


def _firsts(sites: Ids, skus: Ids) -> dict[Pair, date]:
    query = select(DemandDay.sku_id, DemandDay.site_id, func.min(DemandDay.day).label("first"))
    query = _among(query.where(~DemandDay.is_noted), sites, skus)
    rows = db.session.execute(query.group_by(DemandDay.site_id, DemandDay.sku_id))
    return {(row.sku_id, row.site_id): row.first for row in rows}


def _sums(since: date, today: date, sites: Ids, skus: Ids) -> Select[*tuple[Any, ...]]:
    ends = (
        select(DemandDay.site_id, func.max(DemandDay.day).label("until"))
        .where(~DemandDay.is_noted, DemandDay.day >= since, DemandDay.day < today)
        .group_by(DemandDay.site_id)
        .subquery()
    )
    counts = DemandDay.was_available & ~DemandDay.is_promotion
    each = cast(type_coerce(DemandDay.wanted, BigInteger), Float)
    query = (
        select(
            DemandDay.sku_id,
            DemandDay.site_id,
            ends.c.until,
            func.sum(case((counts, DemandDay.wanted), else_=Decimal(0))).label("wanted"),
            func.sum(case((counts, each * each), else_=0.0)).label("squares"),
            func.sum(case((~DemandDay.was_available, 1), else_=0)).label("censored"),
            func.sum(case((DemandDay.was_available & DemandDay.is_promotion, 1), else_=0)).label(
                "promotions"
            ),
        )
        .join(ends, ends.c.site_id == DemandDay.site_id)
        .where(DemandDay.day >= since, DemandDay.day <= ends.c.until)
        .group_by(DemandDay.site_id, DemandDay.sku_id, ends.c.until)
    )
    return _among(query, sites, skus)


def _among(query: Q, sites: Ids, skus: Ids) -> Q:
    if sites is not None:
        query = query.where(DemandDay.site_id.in_(sites))
    if skus is not None:
        query = query.where(DemandDay.sku_id.in_(skus))
    return query
