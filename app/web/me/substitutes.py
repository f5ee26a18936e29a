"""Who stands in for the person while they are away, named by themselves."""

from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import people, substitutions
from app.identity.substitutions import NoTimeToStandIn, Substitution
from app.kernel import clock, db
from app.kernel.errors import Refusal
from app.web.flashes import say
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of, shown, zone

rooms = Blueprint("substitutes", __name__, url_prefix="/me/substitutes")


@rooms.get("")
def index() -> ResponseReturnValue:
    return _page()


@rooms.post("")
def name() -> ResponseReturnValue:
    me = current_person()
    try:
        first, last = _day("first_day"), _day("last_day")
        substitute = people.named(request.form.get("username", ""))
        begins_at, ends_at = _midnight(first), _midnight(last + timedelta(days=1))
        db.in_transaction(
            lambda: (
                substitutions.name(
                    me, substitute, begins_at=begins_at, ends_at=ends_at, by=me.id
                ).id
            )
        )
    except Refusal as refusal:
        return _page(refusal=sentence(refusal)), refusal.status
    say(_("%(name)s stands in for you then.", name=substitute.name), kind="good")
    return redirect(url_for(".index"), code=303)


@rooms.post("/<int:substitution_id>/ending")
def end(substitution_id: int) -> ResponseReturnValue:
    me = current_person().id
    db.in_transaction(lambda: substitutions.end(substitution_id, of=me, by=me))
    say(_("Nobody stands in for you there any more."))
    return redirect(url_for(".index"), code=303)


def _page(*, refusal: str = "") -> str:
    found = substitutions.of(current_person().id)
    rows = [
        {"id": each.id, "name": name_of(each.substitute_id), "days": _days(each)} for each in found
    ]
    today = clock.now().astimezone(zone()).date().isoformat()
    return render_template("me/substitutes.html", rows=rows, today=today, refusal=refusal)


def _days(each: Substitution) -> str:
    first = each.begins_at.astimezone(zone()).date()
    last = (each.ends_at - timedelta(microseconds=1)).astimezone(zone()).date()
    return shown(first) if first == last else f"{shown(first)} – {shown(last)}"


def _day(field: str) -> date:
    try:
        found = date.fromisoformat(request.form.get(field, ""))
    except ValueError:
        raise NoTimeToStandIn from None
    if not date(2000, 1, 1) < found < date(2200, 1, 1):
        raise NoTimeToStandIn
    return found


def _midnight(day: date) -> datetime:
    """The first instant of a day on the company's clock."""
    return datetime.combine(day, time(), zone()).astimezone(UTC)
