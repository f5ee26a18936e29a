"""Bills with their match: what was asked, what was owed, and where the difference went."""

from collections.abc import Sequence
from fractions import Fraction

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain import numbers
from app.domain.finance import reading
from app.domain.finance.journal import Journal
from app.domain.payables.bills import Bill, BillLine, BillMatch
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db
from app.web.addresses import row_number
from app.web.books import tables, words
from app.web.books.room import rooms
from app.web.books.tables import Cell, Table
from app.web.cases import starting, trail
from app.web.documents import addresses
from app.web.files import sheets
from app.web.tongue import _

PAGE, MOST_IN_FILE = 100, 20_000


@rooms.get("/bills")
def bills() -> ResponseReturnValue:
    before = request.args.get("before", type=row_number)
    if kind := sheets.wanted():
        return sheets.answer(_list(_found(None, MOST_IN_FILE)).as_sheet(), kind)
    found = _found(before, PAGE + 1)
    return render_template(
        "books/bills.html",
        table=_list(found[:PAGE]),
        older=url_for(".bills", before=found[PAGE - 1].id) if len(found) > PAGE else None,
        newest=url_for(".bills") if before else None,
        begin=starting.address("supplier_bill", "bill_came"),
    )


@rooms.get("/bills/<number>")
def bill(number: str) -> ResponseReturnValue:
    found = numbers.named(Bill, number)
    table = _lines(found)
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    state, tone = words.bill_state(found)
    return render_template(
        "books/bill.html",
        bill=found,
        state=state,
        tone=tone,
        total=tables.money(found.total, found.currency),
        tax=tables.money(found.tax, found.currency),
        voucher=db.session.get(Journal, found.journal_id) if found.journal_id else None,
        way=trail.ways([found.effect_key])[found.effect_key],
        table=table,
        late=_late(found),
        corrects=db.session.get(Bill, found.corrects_id) if found.corrects_id else None,
        corrected_by=db.session.scalars(select(Bill).filter_by(corrects_id=found.id)).unique(),
    )


def _found(before: int | None, limit: int) -> list[Bill]:
    query = select(Bill).order_by(Bill.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Bill.id < before)
    return list(db.session.scalars(query).unique())


def _list(found: Sequence[Bill]) -> Table:
    heading = [
        _("Our number"),
        _("Supplier"),
        _("Bill number"),
        _("Date"),
        _("Total"),
        _("Currency"),
        _("State"),
    ]
    rows = [
        [
            tables.word(each.number, url_for(".bill", number=each.number)),
            tables.word(each.supplier.name),
            tables.word(each.supplier_number),
            tables.day(each.billed_on),
            tables.money(each.total, each.currency),
            tables.word(each.currency),
            tables.word(words.bill_state(each)[0]),
        ]
        for each in found
    ]
    return Table("bills", heading, rows)


def _lines(found: Bill) -> Table:
    query = select(BillMatch).where(BillMatch.bill_line_id.in_([line.id for line in found.lines]))
    matches = {match.bill_line_id: match for match in db.session.scalars(query)}
    heading = [
        _("Line"),
        _("Receipt"),
        _("SKU"),
        _("Quantity"),
        _("Price"),
        _("Billed"),
        _("Was owed"),
        _("Price difference"),
        _("Exchange difference"),
    ]
    rows = [_line(line, found, matches.get(line.id)) for line in found.lines]
    return Table(found.number, heading, rows)


def _line(line: BillLine, found: Bill, match: BillMatch | None) -> list[Cell]:
    received = line.receipt_line
    return [
        tables.word(str(line.line_no)),
        _receipt(received) if received else tables.word(_("spread, see below")),
        _sku(received) if received else tables.NOTHING,
        tables.quantity(line.quantity if received else None),
        tables.quantity(line.unit_price if received else None),
        tables.money(line.amount, found.currency),
        tables.money(match.cleared if match else None),
        tables.money(match.price_difference if match else None),
        tables.money(match.currency_difference if match else None),
    ]


def _receipt(received: ReceiptLine) -> Cell:
    return tables.word(received.number, addresses.of(received.number))


def _sku(received: ReceiptLine) -> Cell:
    return tables.word(received.sku.code, url_for(".cost", code=received.sku.code))


def _late(found: Bill) -> Table:
    """What the bill added to goods that had come before."""
    heading = [
        _("Receipt"),
        _("SKU"),
        _("Why"),
        _("Amount"),
        _("Still in stock"),
        _("To stock"),
        _("To cost of sales"),
    ]
    voucher = db.session.get(Journal, found.journal_id) if found.journal_id else None
    rows = []
    for cost in reading.late_costs_of(voucher) if voucher else []:
        received = db.session.get_one(ReceiptLine, cost.origin)
        rows.append(
            [
                _receipt(received),
                _sku(received),
                tables.word(words.reason(cost.kind)),
                tables.money(cost.amount),
                tables.share(Fraction(cost.surviving)),
                tables.money(cost.to_stock),
                tables.money(cost.amount - cost.to_stock),
            ]
        )
    return Table("late", heading, rows)
