"""The journal: its lines by what they are about, and one voucher with all it did."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.finance import accounts, reading
from app.domain.finance.journal import Journal
from app.domain.finance.pools import CostEntry, CostPool
from app.domain.finance.reading import Posting, Wanted
from app.domain.inventory.moves import REASONS
from app.kernel.db import db
from app.web.addresses import row_number
from app.web.books import tables, words
from app.web.books.room import chosen_day, rooms
from app.web.books.tables import Cell, Table
from app.web.cases import trail
from app.web.documents import addresses
from app.web.files import sheets
from app.web.tongue import _
from app.web.words import name_of

PAGE, MOST_IN_FILE = 100, 100_000


@rooms.get("")
def index() -> ResponseReturnValue:
    wanted, before = _wanted(), request.args.get("before", type=row_number)
    if kind := sheets.wanted():
        return sheets.answer(
            _journal(reading.postings(wanted, limit=MOST_IN_FILE)).as_sheet(), kind
        )
    found = reading.postings(wanted, before=before, limit=PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    facts: dict[str, Any] = {
        name: value for name, value in request.args.items() if value and name != "before"
    }
    return render_template(
        "books/journal.html",
        table=_journal(shown),
        wanted=wanted,
        accounts=[(each.name, words.account(each.name)) for each in accounts.every()],
        reasons=[(code, words.reason(code)) for code in _reasons()],
        older=url_for(".index", **facts, before=shown[-1].line.seq) if more else None,
        newest=url_for(".index", **facts) if before else None,
    )


@rooms.get("/vouchers/<number>")
def voucher(number: str) -> ResponseReturnValue:
    found = reading.voucher(number)
    lines = reading.lines_of(found)
    if kind := sheets.wanted():
        whole = Table(found.number, _heading(), _rows(lines))
        return sheets.answer(whole.as_sheet(), kind)
    return render_template(
        "books/voucher.html",
        voucher=found,
        reason=words.reason(found.reason),
        doer=name_of(found.person_id),
        way=trail.ways([found.effect_key])[found.effect_key],
        document_address=addresses.of(found.document),
        corrects=db.session.get(Journal, found.corrects_id) if found.corrects_id else None,
        table=_sides(lines),
        costs=_costs(reading.costs_of(found)),
        late=_late(found),
    )


def _wanted() -> Wanted:
    texts = {name: request.args.get(name, "").strip() for name in ("account", "sku", "document")}
    return Wanted(
        **texts,
        reason=request.args.get("reason", ""),
        since=chosen_day("since"),
        until=chosen_day("until"),
    )


def _reasons() -> list[str]:
    return sorted({*REASONS, "bill", "freight", "concession", "correction"})


def _journal(found: Sequence[Posting]) -> Table:
    return Table("journal", _heading(), _rows(found))


def _heading() -> list[str]:
    return [
        _("Voucher"),
        _("Day"),
        _("Why"),
        _("Document"),
        _("Account"),
        _("SKU"),
        _("Debit"),
        _("Credit"),
        _("Who"),
        _("Step in the process"),
    ]


def _rows(found: Sequence[Posting]) -> list[list[Cell]]:
    ways = trail.ways(each.voucher.effect_key for each in found)
    return [_row(each, ways[each.voucher.effect_key]) for each in found]


def _sides(found: Sequence[Posting]) -> Table:
    """The lines beside the head of their voucher, which says the rest."""
    heading = [_("Account"), _("SKU"), _("Debit"), _("Credit")]
    return Table("lines", heading, [_side(each) for each in found])


def _row(each: Posting, way: trail.Way) -> list[Cell]:
    voucher = each.voucher
    return [
        tables.word(voucher.number, url_for(".voucher", number=voucher.number)),
        tables.day(voucher.day),
        tables.word(words.reason(voucher.reason)),
        tables.word(voucher.document, addresses.of(voucher.document)),
        *_side(each),
        tables.word(name_of(voucher.person_id) or _("the process itself")),
        tables.word(way.step, way.address),
    ]


def _side(each: Posting) -> list[Cell]:
    """What was debited or credited."""
    account, sku, amount = each.line.account, each.sku, each.line.amount
    return [
        tables.word(words.account(account), url_for(".index", account=account)),
        tables.word(sku.code, url_for(".cost", code=sku.code)) if sku else tables.NOTHING,
        tables.money(amount if amount > 0 else None),
        tables.money(-amount if amount < 0 else None),
    ]


def _costs(entries: Sequence[CostEntry]) -> Table:
    heading = [_("SKU"), _("What it rests on"), _("Quantity"), _("Value"), _("Then the pool held")]
    return Table("costs", heading, [_cost(entry) for entry in entries])


def _cost(entry: CostEntry) -> list[Cell]:
    sku = db.session.get_one(CostPool, entry.pool_id).sku
    left = entry.quantity < 0
    way = url_for(".issue_cost", seq=entry.seq) if left else url_for(".cost", code=sku.code)
    return [
        tables.word(sku.code, url_for(".cost", code=sku.code)),
        tables.word(words.basis(entry)),
        tables.quantity(entry.quantity),
        tables.money(entry.value, address=way),
        tables.money(entry.value_after),
    ]


def _late(found: Journal) -> Table:
    heading = [
        _("Late cost"),
        _("Amount"),
        _("Still in stock"),
        _("To stock"),
        _("To cost of sales"),
    ]
    rows = [
        [
            tables.word(words.reason(cost.kind)),
            tables.money(cost.amount),
            tables.share(Fraction(cost.surviving)),
            tables.money(cost.to_stock),
            tables.money(cost.amount - cost.to_stock),
        ]
        for cost in reading.late_costs_of(found)
    ]
    return Table("late", heading, rows)
