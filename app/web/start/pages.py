"""The first page of an empty house, and what its two buttons do."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.domain import founding
from app.domain.founding import Plan
from app.identity import sign_in
from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web import session
from app.web.addresses import row_number
from app.web.language import locale_code
from app.web.problems import sentence
from app.web.session import current_person
from app.web.start import checklist, near, practice

rooms = Blueprint("start", __name__, url_prefix="/start")
CURRENCIES = (
    *("TWD", "CNY", "HKD", "MOP", "JPY", "KRW", "SGD", "MYR", "THB", "VND"),
    *("IDR", "PHP", "INR", "AUD", "NZD", "USD", "CAD", "EUR", "GBP", "CHF"),
)
_USUAL = {
    "zh_Hant": {"currency": "TWD", "time_zone": "Asia/Taipei", "display_digits": "0"},
    "zh_Hans": {"currency": "CNY", "time_zone": "Asia/Shanghai", "display_digits": "2"},
    "en": {"currency": "USD", "time_zone": "UTC", "display_digits": "2"},
}


@rooms.get("")
def company() -> ResponseReturnValue:
    if not founding.is_open():
        return redirect(url_for("sign_in.index"))
    return _form({**_USUAL[locale_code()], "locale": locale_code(), "tax": "yes"})


@rooms.post("")
def found() -> ResponseReturnValue:
    asked = {name: value.strip() for name, value in request.form.items()}
    asked["password"] = request.form.get("password", "")
    try:
        if not near.is_near():
            founding.check_code(asked.get("code", ""), current_app.config["SECRET_KEY"])
        person, key = db.in_transaction(lambda: _founded(asked))
    except founding.SetUpAlready:
        raise
    except Refusal as refusal:
        return _form(asked, refusal=sentence(refusal)), refusal.status
    session.begin(key, person)
    return redirect(url_for("inbox.index"), code=303)


@rooms.post("/practice")
def make_practice() -> ResponseReturnValue:
    practice.begin()
    return redirect(url_for(".making"), code=303)


@rooms.get("/practice")
def making() -> ResponseReturnValue:
    if practice.is_being_made():
        return render_template("start/making.html"), {"Refresh": "2"}
    return redirect(url_for("sign_in.index"))


@rooms.post("/steps/<step>/left-out")
def leave_out(step: str) -> ResponseReturnValue:
    person = current_person()
    if step not in {one.code for one in checklist.for_me()}:
        raise NotFound
    db.in_transaction(lambda: founding.leave_out(step, by=person))
    return redirect(url_for("inbox.index"), code=303)


def first_page() -> str:
    """The two buttons."""
    offered = practice.is_offered()
    ahead = practice.day_reached() if offered else None
    return render_template("start/index.html", practice=offered, ahead=ahead)


def _founded(asked: dict[str, str]) -> tuple[Any, str]:
    first = founding.found(
        Plan(
            name=asked.get("company", ""),
            currency=asked.get("currency", "").upper(),
            display_digits=_digits(asked.get("display_digits", "")),
            prices_include_tax=asked.get("tax") == "yes",
            time_zone=asked.get("time_zone", ""),
            username=asked.get("username", ""),
            person_name=asked.get("name", "")[:200],
            password=asked["password"],
            locale=asked.get("locale", ""),
        )
    )
    key = sign_in.admit(
        first,
        request.remote_addr or "",
        agent=request.user_agent.string,
        lasting=timedelta(hours=current_app.config["HOUTAI"].session_hours),
    )
    return first, key


def _digits(text: str) -> int:
    try:
        return row_number(text)
    except ValueError:
        return -1


def _form(asked: dict[str, str], *, refusal: str = "") -> str:
    return render_template(
        "start/company.html",
        asked=asked,
        refusal=refusal,
        needs_code=not near.is_near(),
        currencies=[(code, get_currency_name(code, locale=get_locale())) for code in CURRENCIES],
        zones=sorted(zone for zone in available_timezones() if "/" in zone or zone == "UTC"),
    )
