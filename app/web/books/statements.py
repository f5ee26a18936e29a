"""What the accounts hold and what stock is worth, at the end of any day."""

from collections.abc import Iterable

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.finance import reading, worth
from app.domain.finance.accounts import Account
from app.domain.finance.company import ours
from app.domain.inventory import site_worth
from app.domain.inventory.places import Site
from app.domain.inventory.site_worth import SiteWorth
from app.kernel.db import db
from app.web.books import tables, words
from app.web.books.room import chosen_day, end_of, rooms, today
from app.web.books.tables import Cell, Table
from app.web.files import sheets
from app.web.tongue import _


@rooms.get("/balance")
def balance() -> ResponseReturnValue:
    day = chosen_day("on") or today()
    table = _balance(reading.balances(day))
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    return render_template("books/balance.html", table=table, day=day)


@rooms.get("/stock")
def stock() -> ResponseReturnValue:
    day = chosen_day("on")
    found = site_worth.at(end_of(day) if day else None)
    table = _stock(found)
    if kind := sheets.wanted():
        return sheets.answer(table.as_sheet(), kind)
    return render_template(
        "books/stock.html",
        table=table,
        day=day,
        total=tables.money(sum(each.value for each in found)),
        booked=None if day else tables.money(worth.booked()),
        unknown=len(worth.unknown()),
        currency=ours().currency,
    )


def _balance(found: Iterable[tuple[Account, int]]) -> Table:
    rows, total = [], 0
    for account, amount in found:
        total += max(amount, 0)
        rows.append(
            [
                tables.word(account.number),
                tables.word(words.account(account.name).partition(" ")[2]),
                *_sides(amount, url_for(".index", account=account.name)),
            ]
        )
    last = [tables.NOTHING, tables.word(_("In all")), tables.money(total), tables.money(total)]
    heading = [_("Number"), _("Account"), _("Debit"), _("Credit")]
    return Table("trial-balance", heading, rows, last)


def _sides(amount: int, address: str) -> list[Cell]:
    debit = tables.money(amount if amount > 0 else None, address=address)
    credit = tables.money(-amount if amount < 0 else None, address=address)
    return [debit, credit]


def _stock(found: list[SiteWorth]) -> Table:
    names = {site.code: site.name for site in db.session.query(Site)}
    rows = [
        [
            tables.word(each.sku.code, url_for(".cost", code=each.sku.code)),
            tables.word(each.sku.name),
            tables.word(names.get(each.site) or _("between sites")),
            tables.quantity(each.quantity, url_for("stock.sku", code=each.sku.code)),
            tables.word(each.sku.unit),
            tables.money(each.value, address=url_for(".cost", code=each.sku.code)),
        ]
        for each in found
    ]
    last = [tables.word(_("In all")), *[tables.NOTHING] * 4]
    heading = [_("SKU"), _("Name"), _("Site"), _("Quantity"), _("Unit"), _("Value")]
    total = tables.money(sum(each.value for each in found))
    return Table("stock-value", heading, rows, [*last, total])
