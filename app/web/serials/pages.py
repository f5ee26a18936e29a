"""Serials' pages: find a unit, read its life."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.domain.inventory import label_sheets, serials, timeline
from app.domain.inventory.moves import REASONS
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import LINK_KINDS, Serial
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.cases import trail
from app.web.documents import addresses
from app.web.rooms import enter, is_mine, my_sites
from app.web.stock import unseen
from app.web.stock.spots import place_words
from app.web.stock.words import link_words, status_words
from app.web.tongue import _

rooms = Blueprint("serials", __name__, url_prefix="/serials")
MOST = 50


@rooms.before_request
def _door() -> None:
    enter("serials")


@rooms.get("")
def index() -> ResponseReturnValue:
    wanted = request.args.get("q", "").strip()
    found = matching(wanted)
    if wanted and len(found) == 1:
        return redirect(url_for(".show", code=found[0].code))
    rows = [_line(one) for one in found]
    return render_template(
        "serials/index.html", wanted=wanted, rows=rows, status_words=status_words
    )


@rooms.get("/<path:code>")
def show(code: str) -> ResponseReturnValue:
    unit = serials.by_code(code)
    if not is_mine(unit.location):
        raise NotFound
    moments = timeline.of(unit)
    links = [
        (link_words(one.kind, came_first=one.came_first), one.other) for one in moments if one.other
    ]
    return render_template(
        "serials/show.html",
        unit={
            "code": unit.code,
            "sku": unit.sku.code,
            "name": unit.sku.name,
            "place": place_words(unit.location.code),
            "status": unit.status,
            "born_with": unit.born_with,
            "birth_address": addresses.of(unit.born_with),
            "links": links,
        },
        events=_events(moments),
        prints=label_sheets.of_unit(unit),
        status_words=status_words,
    )


def matching(text: str) -> list[Serial]:
    """Units whose code is, begins or ends like `text`; the newest ones when it is empty."""
    query = _mine(select(Serial)).options(joinedload(Serial.sku), joinedload(Serial.location))
    if not text:
        newest = db.session.scalars(query.order_by(Serial.id.desc()).limit(MOST))
        return [one for one in newest if not unseen.hides(one.sku, one.location)]
    exact = list(db.session.scalars(query.where(Serial.code == text)))
    if exact:
        return exact
    ends = Serial.code.iendswith(text, autoescape=True)
    begins = Serial.code.istartswith(text, autoescape=True)
    alike = query.where(or_(ends, begins)).order_by(Serial.code).limit(MOST)
    found = db.session.scalars(alike)
    return [one for one in found if not unseen.hides(one.sku, one.location)]


def _mine(query: Select[Serial]) -> Select[Serial]:
    sites = my_sites()
    if sites is None:
        return query
    here = select(Location.id).join(Site).where(Site.code.in_(sites))
    return query.where(Serial.location_id.in_(here))


def _line(unit: Serial) -> dict[str, str]:
    return {
        "code": unit.code,
        "sku": unit.sku.code,
        "place": place_words(unit.location.code),
        "status": unit.status,
    }


def _events(moments: list[timeline.Moment]) -> list[dict[str, Any]]:
    """The latest first, as the eye looks for it."""
    ways = trail.ways(one.effect_key for one in moments)
    return [_event(one, ways.get(one.effect_key)) for one in reversed(moments)]


def _event(moment: timeline.Moment, way: trail.Way | None) -> dict[str, Any]:
    is_link = moment.kind in LINK_KINDS
    words = link_words(moment.kind, came_first=moment.came_first)
    return {
        "words": f"{words} {moment.other}" if is_link else _(REASONS.get(moment.kind, moment.kind)),
        "route": " → ".join(place_words(one) for one in (moment.source, moment.target) if one),
        "at": moment.at,
        "person": moment.person,
        "step": way.step if way else "",
        "step_address": way.address if way else None,
        "document": moment.document,
        "document_address": addresses.of(moment.document),
    }
