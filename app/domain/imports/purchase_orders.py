"""Importing purchase orders as documents, until a process writes them."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.importers import Reach, reach_of
from app.domain.imports.kinds import Column, Kind, Plan, different, same_in_all, together
from app.domain.imports.table import Row
from app.domain.inventory.places import Site
from app.domain.sourcing import imported_orders, order_drafts
from app.domain.supply.purchase_orders import PurchaseOrder, PurchaseOrderLine, numbered
from app.domain.supply.supplier_stops import SupplierStopped
from app.domain.supply.suppliers import STOPPED, Supplier
from app.identity.people import Person
from app.kernel import calendars, clock
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

_CURRENCY = re.compile(r"[A-Z]{3}")
_OF_ORDER = ("supplier", "site", "ordered_by", "ordered_on", "due_on", "currency")


@dataclass
class Known:
    """What the rows refer to, read once for the whole file."""

    suppliers: dict[str, Supplier]
    sites: dict[str, Site]
    people: dict[str, Person]
    skus: dict[str, Sku]
    reach: Reach


@dataclass(frozen=True)
class Head:
    """What belongs to the whole order."""

    supplier: Supplier
    site: Site
    ordered_by: str
    ordered_on: date
    due_on: date | None
    currency: str


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """One row per order line; rows of one order agree on everything else."""
    plan, known = Plan(), _known(rows, by)
    groups = together(rows, "po", report)
    orders = numbered(groups)
    for number, group in groups.items():
        same_in_all(group, _OF_ORDER)
        head = _head(group[0], known, by)
        lines = [_line(cells, known) for cells in group]
        _check_line_numbers(group, lines)
        if head is None or None in lines:
            continue
        found = [line for line in lines if line is not None]
        if number not in orders:
            plan.add(partial(_write, number, head, found))
        elif not _differs(group, orders[number], head, found):
            plan.knows(cells.row for cells in group)
    return plan


def _known(rows: list[Row], by: str) -> Known:
    return Known(
        suppliers=references.known_suppliers(),
        sites=references.known_sites(),
        people={each.username: each for each in db.session.scalars(select(Person))},
        skus=references.known_skus(rows),
        reach=reach_of(by),
    )


def _head(cells: Cells, known: Known, by: str) -> Head | None:
    supplier = references.supplier(cells, known.suppliers)
    if supplier is not None and supplier.standing == STOPPED:
        cells.report.add(cells.row, "supplier", SupplierStopped.message, supplier=supplier.name)
    site = references.site(cells, known.sites)
    person = cells.text("ordered_by") or by
    if person not in known.people:
        message = N_("Nobody signs in as {person}. Write the username of who ordered.")
        cells.report.add(cells.row, "ordered_by", message, person=person)
    ordered_on, due_on = cells.day("ordered_on"), cells.day("due_on")
    currency = _currency(cells)
    if supplier is None or site is None:
        return None
    known.reach.check(cells, "site", site.scope, supplier.scope)
    today = calendars.of_scope(site.scope).today(clock.now())
    return Head(supplier, site, person, ordered_on or today, due_on, currency)


def _currency(cells: Cells) -> str:
    text = (cells.code("currency", required=False) or "TWD").upper()
    if not _CURRENCY.fullmatch(text):
        message = N_("{text} is no currency. Write its three letters, like TWD.")
        cells.report.add(cells.row, "currency", message, text=text)
    return text


def _line(cells: Cells, known: Known) -> PurchaseOrderLine | None:
    line_no = cells.whole("line")
    sku = references.sku(cells, known.skus)
    quantity, unit = cells.quantity("quantity"), cells.text("unit", longest=20)
    price = cells.quantity("unit_price", required=False)
    if line_no is None or sku is None or quantity is None:
        return None
    try:
        ordered = skus.in_stock_units(sku, quantity, unit)
        per = skus.priced_for(sku, unit) if price is not None else Decimal(1)
    except Refusal as refusal:
        cells.report.refused(cells.row, "quantity", refusal)
        return None
    return PurchaseOrderLine(
        line_no=line_no,
        sku_id=sku.id,
        ordered=ordered,
        unit_price=price,
        priced_for=per,
    )


def _check_line_numbers(group: list[Cells], lines: list[PurchaseOrderLine | None]) -> None:
    seen: set[int] = set()
    for cells, line in zip(group, lines, strict=True):
        if line is not None and line.line_no in seen:
            message = N_("Line {line} of this order is there twice.")
            cells.report.add(cells.row, "line", message, line=line.line_no)
        elif line is not None:
            seen.add(line.line_no)


def _differs(
    group: list[Cells], ours: PurchaseOrder, head: Head, lines: list[PurchaseOrderLine]
) -> bool:
    cells = group[0]
    pairs: dict[str, tuple[object, object]] = {
        "supplier": (ours.supplier.code, head.supplier.code),
        "site": (ours.site.code, head.site.code),
        "lines": (_summary(ours.lines), _summary(lines)),
    }
    return different(cells.report, cells.row, ours.number, pairs)


def _summary(lines: list[PurchaseOrderLine]) -> list[tuple[int, int, Decimal]]:
    return sorted((line.line_no, line.sku_id, line.ordered) for line in lines)


def _write(number: str, head: Head, lines: list[PurchaseOrderLine]) -> None:
    order = PurchaseOrder(
        number=number,
        supplier_id=head.supplier.id,
        site_id=head.site.id,
        ordered_by=head.ordered_by,
        ordered_on=head.ordered_on,
        due_on=head.due_on,
        currency=head.currency,
        recorded_at=clock.now(),
        lines=lines,
    )
    db.session.add(order)
    db.session.flush()
    order_drafts.of_imported(order)
    imported_orders.tell(order)


KIND = Kind(
    "purchase_orders",
    N_("Purchase orders"),
    (
        Column("po", "PO-2026-0412", required=True),
        Column("supplier", "HONGSHENG", required=True),
        Column("site", "DAYUAN", required=True),
        Column("ordered_by", ""),
        Column("ordered_on", "2026-06-01"),
        Column("due_on", "2026-06-12"),
        Column("currency", "TWD"),
        Column("line", "1", required=True),
        Column("sku", "CP-2-3", required=True),
        Column("quantity", "6", required=True),
        Column("unit", "roll"),
        Column("unit_price", "1850"),
    ),
    understand,
)
