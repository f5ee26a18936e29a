"""The page of working time, where administrators close or open a day and change the week."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import working_days
from app.kernel import calendars, clock
from app.kernel import db as kernel
from app.kernel.calendars.hours import WEEKDAYS
from app.kernel.errors import N_, NotFound, Refusal
from app.web import flashes
from app.web.calendars import seen
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _

rooms = Blueprint("calendars", __name__, url_prefix="/calendars")


class NoSuchDay(Refusal):
    """A day is written as the calendar of the browser writes it."""

    code = "no_such_day"
    message = N_("Choose a day from the calendar.")
    status = 422


@rooms.before_request
def _door() -> None:
    enter("calendars")


@rooms.get("")
def index() -> ResponseReturnValue:
    return _page()


@rooms.post("/<code>/days")
def set_day(code: str) -> ResponseReturnValue:
    """Without any hours the day is closed."""
    hours, reason, by = _hours("hours"), request.form.get("reason", ""), current_person()

    def step() -> None:
        if hours:
            working_days.open_on(code, _day(), hours, reason=reason, by=by)
        else:
            working_days.close_on(code, _day(), reason=reason, by=by)

    closed = _("Closed all day. What becomes due from now on does not count it.")
    kept = _("Kept. What becomes due from now on counts these hours.")
    return _changed(code, step, kept if hours else closed)


@rooms.post("/<code>/days/removal")
def as_usual(code: str) -> ResponseReturnValue:
    by = current_person()
    return _changed(
        code,
        lambda: working_days.usual_on(code, _day(), by=by),
        _("The day is as usual again."),
    )


@rooms.post("/<code>/week")
def keep_week(code: str) -> ResponseReturnValue:
    hours = {day: _hours(day) for day in WEEKDAYS}
    country, by = request.form.get("country", "").strip().upper() or None, current_person()
    return _changed(
        code,
        lambda: working_days.keep_week(code, hours, country, by=by),
        _("Kept. What becomes due from now on counts these hours."),
    )


def _changed(code: str, step: Callable[[], None], words: str) -> ResponseReturnValue:
    """Do it and say so; a refusal is read on the page itself, beside what was typed."""
    try:
        kernel.in_transaction(step)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(sentence(refusal), typed_in=code), refusal.status
    flashes.say(words, kind="good")
    return redirect(url_for(".index"), code=303)


def _page(refusal: str = "", *, typed_in: str = "") -> str:
    return render_template(
        "calendars/index.html",
        calendars=seen.every(),
        today=calendars.of_scope("*").today(clock.now()).isoformat(),
        refusal=refusal,
        typed_in=typed_in,
        typed=request.form,
    )


def _day() -> date:
    try:
        return date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        raise NoSuchDay from None


def _hours(field: str) -> list[str]:
    """What stands between commas: "09:00-12:00, 13:00-18:00"."""
    typed = request.form.get(field, "").replace("，", ",").replace("–", "-")
    return [each.strip() for each in typed.split(",") if each.strip()]
