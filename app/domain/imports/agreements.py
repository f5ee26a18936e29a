"""Importing price agreements: one row per quantity break."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from sqlalchemy import select

from app.domain.catalog import rules as units
from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.imports import references
from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Column, Kind, Plan, different, same_in_all
from app.domain.imports.table import Row
from app.domain.sourcing import agreeing, rules
from app.domain.sourcing.agreeing import Terms
from app.domain.sourcing.agreements import Agreement
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_, Refusal

_OF_AGREEMENT = ("unit", "currency", "valid_to", "lead_days", "moq", "pack")


@dataclass(frozen=True)
class Read:
    """One agreement of the file, with its first row."""

    cells: Cells
    supplier: Supplier
    terms: Terms


def understand(rows: list[Row], report: Report, by: str) -> Plan:
    """Rows of one supplier, SKU and first day are the breaks of one agreement."""
    plan = Plan()
    suppliers = references.known_suppliers()
    known = references.known_skus(rows)
    accepted: list[Read] = []
    for group in _groups(rows, report):
        read = _read(group, suppliers, known)
        if read is None or not _is_sound(read):
            continue
        ours = _ours(read)
        if ours is not None:
            if not _differs(read, ours):
                plan.knows(cells.row for cells in group)
        elif _finds_room(read, accepted):
            accepted.append(read)
            plan.add(partial(_write, read, by))
    return plan


def _groups(rows: list[Row], report: Report) -> list[list[Cells]]:
    groups: dict[tuple[str, ...], list[Cells]] = {}
    for row in rows:
        key = tuple(row.cells.get(name, "") for name in ("supplier", "sku", "valid_from"))
        groups.setdefault(key, []).append(Cells(row, report))
    for group in groups.values():
        same_in_all(group, _OF_AGREEMENT)
    return list(groups.values())


def _read(group: list[Cells], suppliers: dict[str, Supplier], known: dict[str, Sku]) -> Read | None:
    cells = group[0]
    supplier, sku = references.supplier(cells, suppliers), references.sku(cells, known)
    since, until = cells.day("valid_from", required=True), cells.day("valid_to")
    breaks = [_break(each) for each in group]
    lead_days, moq, pack = cells.whole("lead_days"), _or_one(cells, "moq"), _or_one(cells, "pack")
    if supplier is None or sku is None or since is None:
        return None
    if lead_days is None or moq is None or pack is None or None in breaks:
        return None
    terms = Terms(
        sku,
        unit=cells.text("unit", longest=20),
        currency=cells.code("currency").upper(),
        valid_from=since,
        valid_to=until,
        breaks=[each for each in breaks if each is not None],
        lead_days=lead_days,
        moq=moq,
        pack=pack,
    )
    return Read(cells, supplier, terms)


def _break(cells: Cells) -> tuple[Decimal, Decimal] | None:
    quantity, price = _or_one(cells, "min_quantity"), cells.quantity("unit_price")
    return None if quantity is None or price is None else (quantity, price)


def _or_one(cells: Cells, column: str) -> Decimal | None:
    return cells.quantity(column, required=False) if cells.text(column) else Decimal(1)


def _is_sound(read: Read) -> bool:
    try:
        skus.priced_for(read.terms.sku, read.terms.unit)
        agreeing.check_alone(read.terms)
    except Refusal as refusal:
        read.cells.report.refused(read.cells.row, "sku", refusal)
        return False
    return True


def _ours(read: Read) -> Agreement | None:
    """The agreement that was kept for the same supplier, SKU and first day."""
    query = select(Agreement).filter_by(
        supplier_id=read.supplier.id, sku_id=read.terms.sku.id, valid_from=read.terms.valid_from
    )
    return db.session.scalars(query.order_by(Agreement.id.desc())).first()


def _differs(read: Read, ours: Agreement) -> bool:
    terms, cells = read.terms, read.cells
    kept = sorted((each.min_quantity, each.unit_price) for each in ours.breaks)
    pairs: dict[str, tuple[object, object]] = {
        "unit": (ours.unit, terms.unit or terms.sku.unit),
        "currency": (ours.currency, terms.currency),
        "valid_to": (ours.last_day, terms.valid_to),
        "lead_days": (ours.lead_days, terms.lead_days),
        "moq": (ours.moq, terms.moq),
        "pack": (ours.pack, terms.pack),
        "unit_price": (_shown(kept), _shown(sorted(terms.breaks))),
    }
    name = f"{read.supplier.code} {terms.sku.code} {terms.valid_from}"
    return different(cells.report, cells.row, name, pairs)


def _shown(breaks: Sequence[tuple[Decimal, Decimal]]) -> str:
    return ", ".join(f"{units.plain(price)} × {units.plain(least)}" for least, price in breaks)


def _finds_room(read: Read, accepted: list[Read]) -> bool:
    """Whether neither what is kept nor another agreement of the file holds on the same days."""
    try:
        agreeing.check(read.supplier, read.terms)
    except Refusal as refusal:
        read.cells.report.refused(read.cells.row, "valid_from", refusal)
        return False
    for other in accepted:
        if _same_goods(read, other) and rules.overlap(_days(read), _days(other)):
            message = N_("Row {row} agrees on {sku} for some of the same days. Keep one of them.")
            facts = {"row": other.cells.row.number, "sku": read.terms.sku.code}
            read.cells.report.add(read.cells.row, "valid_from", message, **facts)
            return False
    return True


def _same_goods(one: Read, other: Read) -> bool:
    return (one.supplier.id, one.terms.sku.id) == (other.supplier.id, other.terms.sku.id)


def _days(read: Read) -> tuple[date, date | None]:
    return read.terms.valid_from, read.terms.valid_to


def _write(read: Read, by: str) -> None:
    agreeing.agree(read.supplier, read.terms, by=by)


KIND = Kind(
    "agreements",
    N_("Price agreements"),
    (
        Column("supplier", "HONGSHENG", required=True),
        Column("sku", "CP-2-3", required=True),
        Column("unit", "roll"),
        Column("currency", "TWD", required=True),
        Column("valid_from", "2026-01-01", required=True),
        Column("valid_to", "2026-12-31"),
        Column("lead_days", "7", required=True),
        Column("moq", "2"),
        Column("pack", "1"),
        Column("min_quantity", "1"),
        Column("unit_price", "1850", required=True),
    ),
    understand,
)
