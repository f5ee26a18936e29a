"""Importing opening stock: a list that the process `opening_stock` then posts."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.importers import reach_of
from app.domain.imports.kinds import Column, Kind, Plan, Start, different
from app.domain.imports.table import Row
from app.domain.inventory import bins, ledger, opening, places, serials
from app.domain.inventory.bins import WrongBin
from app.domain.inventory.ledger import Line
from app.domain.inventory.opening import OpeningLine
from app.domain.inventory.places import Location
from app.kernel import once
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

_Place = tuple[int, int, str]


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """One row per SKU, place and lot."""
    plan = Plan()
    known_skus = references.known_skus(rows)
    locations = {each.code: each for each in db.session.scalars(select(Location))}
    known = {_place(line): line for line in db.session.scalars(select(OpeningLine))}
    lines: dict[_Place, tuple[Cells, OpeningLine]] = {}
    reach = reach_of(by)
    for row in rows:
        cells = Cells(row, report)
        line = _line(cells, known_skus, locations)
        if line is None:
            continue
        site = locations[cells.code("location")].site
        if site is not None:
            reach.check(cells, "location", site.scope)
        if _place(line) in known:
            _compare(plan, cells, known[_place(line)], line)
        elif lines.setdefault(_place(line), (cells, line))[1] is not line:
            report.add(row, "sku", N_("This SKU, location and lot are there twice."))
    _check_codes(report, list(lines.values()))
    fresh = [line for _, line in lines.values()]
    for line_no, line in enumerate(fresh, start=1):
        line.line_no = line_no
    if fresh:
        plan.add(partial(_write, fresh, by), made=len(fresh))
    return plan


def _place(line: OpeningLine) -> _Place:
    return line.sku_id, line.location_id, line.lot


def _line(
    cells: Cells, known: dict[str, Sku], locations: dict[str, Location]
) -> OpeningLine | None:
    no_place = N_("There is no location {code}. Import locations first.")
    sku = references.sku(cells, known)
    place = cells.known("location", locations, no_place)
    lot, codes = cells.code("lot", required=False), cells.codes("serials")
    unit_cost = cells.quantity("unit_cost", required=False)
    quantity = cells.quantity("quantity")
    if sku is None or place is None or quantity is None:
        return None
    given = Line(sku, _outside(), place, quantity, lot, codes)
    return _checked(cells, given, unit_cost)


def _outside() -> Location:
    return once.per_transaction("opening place", lambda: places.location(places.OPENING))


def _checked(cells: Cells, given: Line, unit_cost: Decimal | None) -> OpeningLine | None:
    """The line in stock units, if it could be booked."""
    try:
        bins.check(given.target, given.sku)
        unit = cells.text("unit", longest=20)
        line = replace(given, quantity=skus.in_stock_units(given.sku, given.quantity, unit))
        ledger.check(line)
        per = skus.priced_for(given.sku, unit) if unit_cost is not None else Decimal(1)
    except Refusal as refusal:
        column = "location" if isinstance(refusal, WrongBin) else "quantity"
        cells.report.refused(cells.row, column, refusal)
        return None
    return OpeningLine(
        sku_id=line.sku.id,
        location_id=line.target.id,
        lot=line.lot,
        quantity=line.quantity,
        serials=list(line.serials),
        unit_cost=unit_cost,
        priced_for=per,
    )


def _compare(plan: Plan, cells: Cells, ours: OpeningLine, theirs: OpeningLine) -> None:
    pairs: dict[str, tuple[object, object]] = {
        "quantity": (ours.quantity, theirs.quantity),
        "serials": (" ".join(sorted(ours.serials)), " ".join(sorted(theirs.serials))),
        "unit_cost": (_cost(ours), _cost(theirs)),
    }
    if not different(cells.report, cells.row, N_("Opening stock"), pairs):
        plan.knows([cells.row])


def _cost(line: OpeningLine) -> str:
    """The cost per stock unit or per larger unit, as far as two files can be compared."""
    return f"{plain(line.unit_cost)} / {plain(line.priced_for)}" if line.unit_cost else ""


def _check_codes(report: Report, lines: list[tuple[Cells, OpeningLine]]) -> None:
    """Codes are on one unit each: in this file, and in the house."""
    taken = serials.known(code for _, line in lines for code in line.serials)
    seen: dict[str, int] = {}
    for cells, line in lines:
        for code in line.serials:
            if code in taken:
                message = N_("The code {code} is already on another unit.")
                report.add(cells.row, "serials", message, code=code)
            elif seen.setdefault(code, cells.row.number) != cells.row.number:
                message = N_("The code {code} is in row {row} too.")
                report.add(cells.row, "serials", message, code=code, row=seen[code])


def _write(lines: list[OpeningLine], by: str) -> Start:
    sheet = opening.write_down(lines, given_by=by)
    sites = {line.location.site.code for line in sheet.lines if line.location.site}
    scope = f"site:{sites.pop()}" if len(sites) == 1 else "*"
    data = {"sheet_no": sheet.number, "lines": len(lines), "scope": scope, "given_by": by}
    return Start("opening_stock", data)


KIND = Kind(
    "opening_stock",
    N_("Opening stock"),
    (
        Column("location", "DY-A-01-01", required=True),
        Column("sku", "CP-2-3", required=True),
        Column("quantity", "12", required=True),
        Column("unit", "m"),
        Column("lot", ""),
        Column("serials", ""),
        Column("unit_cost", "92.5"),
    ),
    understand,
)
