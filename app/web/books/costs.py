"""Why something costs what it costs: receipts, late costs, and what rounding moved."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.finance import explain
from app.domain.finance.company import ours
from app.domain.finance.explain import Explanation, Part
from app.domain.finance.journal import Journal
from app.domain.finance.pools import CostEntry, CostPool
from app.domain.inventory import places, serials
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.books import tables, words
from app.web.books.room import rooms
from app.web.books.tables import Cell, Table
from app.web.cases import trail
from app.web.documents import addresses
from app.web.files import sheets
from app.web.stock.spots import place_words
from app.web.tongue import _
from app.web.words import name_of

UNITS = 200


@rooms.get("/costs/issues/<int:seq>")
def issue_cost(seq: int) -> ResponseReturnValue:
    entry = db.session.get(CostEntry, seq)
    if entry is None or entry.quantity >= 0:
        raise NotFound
    sku = db.session.get_one(CostPool, entry.pool_id).sku
    unit = db.session.get(Serial, entry.serial_id) if entry.serial_id else None
    return _shown(explain.issue(entry), sku, unit=unit, issue=entry)


@rooms.get("/costs/units/<path:code>")
def unit_cost(code: str) -> ResponseReturnValue:
    unit = serials.by_code(code)
    return _shown(explain.unit(unit.id), unit.sku, unit=unit)


@rooms.get("/costs/<path:code>")
def cost(code: str) -> ResponseReturnValue:
    sku = skus.by_code(code)
    if sku.serial_policy == "unit":
        return _units(sku)
    return _shown(explain.pool(sku.id), sku)


def _shown(
    found: Explanation, sku: Sku, *, unit: Serial | None = None, issue: CostEntry | None = None
) -> ResponseReturnValue:
    table = _parts(found)
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    return render_template(
        "books/cost.html",
        sku=sku,
        unit=unit,
        issue=issue,
        voucher=_voucher(issue),
        table=table,
        quantity=tables.quantity(found.quantity),
        value=tables.money(found.value),
        each=_each(found),
        ours=ours(),
    )


def _each(found: Explanation) -> Cell | None:
    """What one of them comes to, for the eye: no rounded unit cost is kept anywhere."""
    if not found.quantity:
        return None
    return tables.unit_cost(Fraction(found.value) / Fraction(found.quantity))


def _units(sku: Sku) -> ResponseReturnValue:
    """Each unit with a code has a cost of its own."""
    query = (
        select(Serial)
        .join(Location, Location.id == Serial.location_id)
        .where(Serial.sku_id == sku.id, Location.kind.not_in(places.VIRTUAL))
        .order_by(Serial.code)
    )
    units = list(db.session.scalars(query.limit(UNITS + 1)))
    table = _unit_list(units[:UNITS])
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    return render_template(
        "books/units.html",
        sku=sku,
        table=table,
        more=len(units) > UNITS,
        pool=db.session.scalar(select(CostPool).filter_by(sku_id=sku.id)),
        money=tables.money,
        currency=ours().currency,
    )


def _unit_list(units: Sequence[Serial]) -> Table:
    rows = [
        [
            tables.word(unit.code, url_for("serials.show", code=unit.code)),
            tables.word(place_words(unit.location.code)),
            tables.money(
                explain.unit(unit.id).value, address=url_for(".unit_cost", code=unit.code)
            ),
        ]
        for unit in units
    ]
    return Table("unit-costs", [_("Unit code"), _("Place"), _("Cost")], rows)


def _parts(found: Explanation) -> Table:
    ways = trail.ways(part.entry.journal.effect_key for part in found.parts if part.entry.journal)
    rows = [_part(part, ways) for part in found.parts]
    if found.rounding:
        last = tables.part_of_money(found.rounding)
        rows.append([tables.word(_("Rounding of earlier issues")), *[tables.NOTHING] * 7, last])
    total = [tables.word(_("In all")), *[tables.NOTHING] * 7, tables.money(found.value)]
    return Table("cost", _heading(), rows, total)


def _heading() -> list[str]:
    return [
        _("What it rests on"),
        _("Receipt"),
        _("Voucher"),
        _("Who"),
        _("Step in the process"),
        _("Quantity"),
        _("Value"),
        _("Still there"),
        _("Is now"),
    ]


def _part(part: Part, ways: Mapping[str, trail.Way]) -> list[Cell]:
    entry, journal = part.entry, part.entry.journal
    return [
        tables.word(words.basis(entry)),
        _receipt(entry),
        *_origin(journal, ways),
        tables.quantity(entry.quantity or None),
        tables.money(entry.value),
        tables.share(part.surviving),
        tables.part_of_money(part.value),
    ]


def _origin(journal: Journal | None, ways: Mapping[str, trail.Way]) -> list[Cell]:
    if journal is None:
        return [tables.NOTHING] * 3
    way = ways[journal.effect_key]
    return [
        tables.word(journal.number, url_for(".voucher", number=journal.number)),
        tables.word(name_of(journal.person_id) or _("the process itself")),
        tables.word(way.step, way.address),
    ]


def _receipt(entry: CostEntry) -> Cell:
    line = db.session.get(ReceiptLine, entry.origin) if entry.origin else None
    return tables.word(line.number, addresses.of(line.number)) if line else tables.NOTHING


def _voucher(issue: CostEntry | None) -> Journal | None:
    return None if issue is None else issue.journal
