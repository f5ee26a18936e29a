"""Exchange rates: finance enters them, and everybody sees who did, and when."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.finance import rates as known
from app.domain.finance.company import ours
from app.domain.finance.rates import NotARate
from app.identity import audit
from app.identity.audit import AuditEntry
from app.kernel import db as kernel
from app.kernel.errors import NotAllowed
from app.web import flashes
from app.web.books import tables
from app.web.books.room import rooms, today
from app.web.books.tables import Cell, Table
from app.web.files import sheets
from app.web.problems import sentence
from app.web.session import current_person, my_roles
from app.web.tongue import _
from app.web.words import name_of

_ENTERED_BY = "finance"


@rooms.get("/rates")
def rates() -> ResponseReturnValue:
    if kind := sheets.wanted():
        return sheets.answer(_table().as_sheet(), kind)
    return _page({"day": today().isoformat()})


@rooms.post("/rates")
def enter_rate() -> ResponseReturnValue:
    if _ENTERED_BY not in my_roles():
        raise NotAllowed
    by = current_person().id
    try:
        currency, day, rate = _entered()
        kernel.in_transaction(lambda: known.enter(currency, day, rate, by=by).id)
    except NotARate as refusal:
        return _page(request.form.to_dict(), sentence(refusal)), refusal.status
    said = _("From %(day)s on, 1 %(currency)s is %(rate)s.", **_said(currency, day, rate))
    flashes.say(said, kind="good")
    return redirect(url_for(".rates"), code=303)


def _page(typed: Mapping[str, str], refusal: str = "") -> str:
    return render_template(
        "books/rates.html",
        table=_table(),
        changes=_changes(),
        ours=ours().currency,
        typed=typed,
        refusal=refusal,
        may_enter=_ENTERED_BY in my_roles(),
    )


def _said(currency: str, day: date, rate: Decimal) -> dict[str, str]:
    return {
        "day": tables.day(day).shown,
        "currency": currency,
        "rate": f"{rate.normalize():f} {ours().currency}",
    }


def _entered() -> tuple[str, date, Decimal]:
    currency = request.form.get("currency", "").strip().upper()
    try:
        day = date.fromisoformat(request.form.get("day", ""))
        rate = Decimal(request.form.get("rate", "").strip())
    except (ValueError, InvalidOperation):
        raise NotARate(ours=ours().currency) from None
    if not (currency.isascii() and currency.isalpha() and len(currency) == len("TWD")):
        raise NotARate(ours=ours().currency)
    if not rate.is_finite():
        raise NotARate(ours=ours().currency)
    return currency, day, rate


def _table() -> Table:
    heading = [_("Currency"), _("From"), _("One is"), _("Entered by"), _("Entered at")]
    rows = [
        [
            tables.word(each.currency),
            tables.day(each.day),
            tables.quantity(each.rate),
            tables.word(name_of(each.entered_by)),
            tables.moment(each.entered_at),
        ]
        for each in known.every()
    ]
    return Table("rates", heading, rows)


def _changes() -> Table:
    """Rates that were put right, from the audit trail."""
    currencies = {each.currency for each in known.every()}
    found = [entry for currency in sorted(currencies) for entry in audit.about(f"rate:{currency}")]
    changed = [entry for entry in found if entry.details.get("before")]
    heading = [_("Currency"), _("From"), _("Was"), _("Is"), _("Who"), _("When")]
    return Table("rate-changes", heading, [_change(entry) for entry in changed])


def _change(entry: AuditEntry) -> list[Cell]:
    was, now = (Decimal(str(entry.details[name])) for name in ("before", "rate"))
    return [
        tables.word(entry.subject.partition(":")[2]),
        tables.day(date.fromisoformat(str(entry.details["day"]))),
        tables.quantity(was),
        tables.quantity(now),
        tables.word(name_of(entry.person_id)),
        tables.moment(entry.at),
    ]
