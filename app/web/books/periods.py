"""Months: which are closed, by whom, and which come next."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.finance import periods as months
from app.domain.finance.periods import Period
from app.domain.payables import closing
from app.web.books import tables
from app.web.books.room import rooms
from app.web.books.tables import Cell, Table
from app.web.cases import starting, trail
from app.web.files import sheets
from app.web.tongue import _
from app.web.words import name_of


@rooms.get("/periods")
def periods() -> ResponseReturnValue:
    table = _table(months.every())
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    return render_template(
        "books/periods.html",
        table=table,
        begin=starting.address("month_close", "closing_wanted"),
    )


def _table(found: list[Period]) -> Table:
    heading = [
        _("Month"),
        _("State"),
        _("Vouchers"),
        _("Closed by"),
        _("Confirmed by"),
        _("Closed at"),
        _("Step in the process"),
    ]
    ways = trail.ways(each.effect_key for each in found)
    return Table(
        "periods", heading, [_row(each, ways.get(each.effect_key or "")) for each in found]
    )


def _row(each: Period, way: trail.Way | None) -> list[Cell]:
    closed = each.closed_at is not None
    vouchers = closing.vouchers(each.month)
    first, last = closing.days(each.month)
    address = url_for(".index", since=first.isoformat(), until=last.isoformat())
    return [
        tables.month(each.month),
        tables.word(_("closed for good") if closed else _("still open")),
        Cell(str(vouchers), str(vouchers), address, is_number=True),
        tables.word(name_of(each.proposed_by)),
        tables.word(name_of(each.closed_by)),
        tables.moment(each.closed_at),
        tables.word(way.step, way.address) if way else tables.NOTHING,
    ]
