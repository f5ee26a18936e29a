"""Importing what was wanted in the past: what purchase plans learn from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.importers import Reach, reach_of
from app.domain.imports.kinds import Column, Kind, Plan, different
from app.domain.imports.table import Row
from app.domain.inventory.places import Site
from app.domain.planning import demand
from app.domain.planning.demand import Day, DemandDay, Key
from app.kernel import calendars, clock
from app.kernel.errors import N_, Refusal

_NOUGHT = {"0", "0.0", "0.00"}


@dataclass(frozen=True)
class Known:
    """What the rows refer to, read once for the whole file; `today` by site."""

    skus: Mapping[str, Sku]
    sites: Mapping[str, Site]
    today: Mapping[int, date]
    reach: Reach


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """One row per SKU, site and day."""
    plan, known = Plan(), _known(rows, by)
    given: dict[Key, tuple[Cells, Day]] = {}
    for row in rows:
        cells = Cells(row, report)
        day = _day(cells, known)
        key = (day.sku_id, day.site_id, day.day) if day else None
        if day and key and given.setdefault(key, (cells, day))[1] is not day:
            report.add(row, "day", N_("This SKU, site and day are there twice."))
    told = _told(given)
    fresh = [day for key, (_, day) in given.items() if key not in told]
    for key, (cells, day) in given.items():
        if key in told:
            _compare(plan, cells, told[key], day)
    if fresh:
        plan.add(partial(_write, fresh), made=len(fresh))
    return plan


def _known(rows: list[Row], by: str) -> Known:
    sites, now = references.known_sites(), clock.now()
    return Known(
        skus=references.known_skus(rows),
        sites=sites,
        today={one.id: calendars.of_scope(one.scope).today(now) for one in sites.values()},
        reach=reach_of(by),
    )


def _day(cells: Cells, known: Known) -> Day | None:
    sku, site = references.sku(cells, known.skus), references.site(cells, known.sites)
    day, wanted = cells.day("day", required=True), _wanted(cells, sku)
    was_available = cells.yes("available") if cells.row.cells.get("available") else True
    is_promotion = cells.yes("promotion")
    if sku is None or site is None or day is None or wanted is None:
        return None
    known.reach.check(cells, "site", site.scope)
    if day >= known.today[site.id]:
        message = N_("{day} is not over yet. Tell the demand of days that are.")
        cells.report.add(cells.row, "day", message, day=day.isoformat())
        return None
    return Day(sku.id, site.id, day, wanted, was_available, is_promotion)


def _wanted(cells: Cells, sku: Sku | None) -> Decimal | None:
    """In stock units; nothing wanted is an answer too."""
    if cells.row.cells.get("quantity", "").strip() in _NOUGHT:
        return Decimal(0)
    quantity, unit = cells.quantity("quantity"), cells.text("unit", longest=20)
    if quantity is None or sku is None:
        return None
    try:
        return skus.in_stock_units(sku, quantity, unit)
    except Refusal as refusal:
        cells.report.refused(cells.row, "quantity", refusal)
        return None


def _told(given: Mapping[Key, object]) -> Mapping[Key, DemandDay]:
    if not given:
        return {}
    days = [day for _, _, day in given]
    return demand.told({site for _, site, _ in given}, since=min(days), until=max(days))


def _compare(plan: Plan, cells: Cells, ours: DemandDay, theirs: Day) -> None:
    pairs: dict[str, tuple[object, object]] = {
        "quantity": (ours.wanted, theirs.wanted),
        "promotion": (ours.is_promotion, theirs.is_promotion),
    }
    if not different(cells.report, cells.row, N_("Demand"), pairs):
        plan.knows([cells.row])


def _write(days: list[Day]) -> None:
    demand.record(days)


KIND = Kind(
    "demand",
    N_("Demand history"),
    (
        Column("site", "DAYUAN", required=True),
        Column("sku", "CP-2-3", required=True),
        Column("day", "2026-05-31", required=True),
        Column("quantity", "42.5", required=True),
        Column("unit", "m"),
        Column("available", "yes"),
        Column("promotion", "no"),
    ),
    understand,
)
