"""Importing sites and their locations."""

from functools import partial

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.importers import reach_of
from app.domain.imports.kinds import Column, Kind, Plan, different, same_in_all, together
from app.domain.imports.table import Row
from app.domain.inventory import places
from app.domain.inventory.places import SITE_KINDS, Location, Site
from app.kernel.calendars import stored as calendars
from app.kernel.calendars.stored import NoSuchCalendar
from app.kernel.db import db
from app.kernel.errors import N_

_OF_SITE = ("site_name", "site_kind", "calendar")
_INSIDE = tuple(kind for kind in places.KINDS if kind not in places.VIRTUAL)
_Facts = dict[str, object]


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """One row per location; a row without one is about its site alone."""
    plan, reach = Plan(), reach_of(by)
    sites = references.known_sites()
    known = {each.code: each for each in db.session.scalars(select(Location))}
    fixed = skus.named(row.cells.get("fixed_sku", "") for row in rows)
    seen: set[str] = set()
    for code, group in together(rows, "site", report).items():
        same_in_all(group, _OF_SITE)
        reach.check(group[0], "site", f"site:{code}")
        _understand_site(plan, group, code, sites.get(code))
        for cells in group:
            if cells.row.cells.get("location"):
                _understand_location(plan, cells, known, fixed, seen)
    return plan


def _understand_site(plan: Plan, group: list[Cells], code: str, ours: Site | None) -> None:
    cells = group[0]
    name = cells.text("site_name", required=ours is None)
    kind = cells.choice("site_kind", SITE_KINDS, default=ours.kind if ours else "warehouse")
    calendar = cells.code("calendar", required=False)
    if calendar:
        _check_calendar(cells, calendar)
    if ours is None:
        plan.add(partial(_write_site, code, name, kind, calendar))
        return
    pairs: dict[str, tuple[object, object]] = {"site_kind": (ours.kind, kind)}
    if name:
        pairs["site_name"] = (ours.name, name)
    if not different(cells.report, cells.row, code, pairs):
        plan.knows(each.row for each in group if not each.row.cells.get("location"))


def _check_calendar(cells: Cells, code: str) -> None:
    try:
        calendars.named(code)
    except NoSuchCalendar as refusal:
        cells.report.refused(cells.row, "calendar", refusal)


def _understand_location(
    plan: Plan,
    cells: Cells,
    known: dict[str, Location],
    fixed: dict[str, Sku],
    seen: set[str],
) -> None:
    code, facts = cells.code("location"), _facts(cells, fixed)
    if code in seen:
        cells.report.add(cells.row, "location", N_("{code} is there twice."), code=code)
    seen.add(code)
    site = cells.row.cells.get("site", "")
    if code in places.standard_codes(site):
        message = N_("{code} is made together with its site. Leave this row out.")
        cells.report.add(cells.row, "location", message, code=code)
    elif code not in known:
        plan.add(partial(_write_location, code, site, facts))
    elif not _differs(cells, known[code], site, facts):
        plan.knows([cells.row])


def _differs(cells: Cells, ours: Location, site: str, facts: _Facts) -> bool:
    pairs = {name: (getattr(ours, name), value) for name, value in facts.items()}
    pairs["site"] = (ours.site.code if ours.site else None, site)
    return different(cells.report, cells.row, ours.code, pairs)


def _facts(cells: Cells, fixed: dict[str, Sku]) -> _Facts:
    sku = cells.code("fixed_sku", required=False)
    if sku and sku not in fixed:
        message = N_("There is no SKU {sku}. Import products first.")
        cells.report.add(cells.row, "fixed_sku", message, sku=sku)
    return {
        "kind": cells.choice("kind", _INSIDE, default="internal"),
        "zone": cells.text("zone", longest=30),
        "hazard": cells.text("hazard", longest=30),
        "capacity": cells.quantity("capacity", required=False),
        "fixed_sku_id": fixed[sku].id if sku in fixed else None,
        "walk_order": cells.whole("walk_order", default=0),
    }


def _write_site(code: str, name: str, kind: str, calendar: str) -> None:
    site = places.add_site(code, name=name, kind=kind)
    if calendar:
        calendars.assign(site.scope, calendar)


def _write_location(code: str, site: str, facts: _Facts) -> None:
    db.session.add(Location(code=code, site_id=places.site(site).id, **facts))


KIND = Kind(
    "locations",
    N_("Sites and locations"),
    (
        Column("site", "DAYUAN", required=True),
        Column("site_name", "Dayuan 大園"),
        Column("site_kind", "warehouse"),
        Column("calendar", ""),
        Column("location", "DY-A-01-01"),
        Column("kind", "internal"),
        Column("zone", ""),
        Column("hazard", ""),
        Column("capacity", "40"),
        Column("fixed_sku", ""),
        Column("walk_order", "10"),
    ),
    understand,
)
