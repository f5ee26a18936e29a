"""One's own keys for programs: seen, made (the token is shown once) and revoked."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import api_keys, people
from app.identity.api_keys import READ, RESOURCES, SCOPES, WRITE, ApiKey, Issued
from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.flashes import say
from app.web.people import key_words
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _

rooms = Blueprint("keys", __name__, url_prefix="/me/keys")
TERMS = (30, 90, 365)


@dataclass(frozen=True)
class Line:
    """One key as the page lists it."""

    id: int
    name: str
    prefix: str
    scopes: str
    last_used_at: datetime | None
    expires_at: datetime
    is_alive: bool
    ended: str


@rooms.get("")
def index() -> ResponseReturnValue:
    return _page()


@rooms.post("")
def make() -> ResponseReturnValue:
    try:
        issued = db.in_transaction(_issue)
    except Refusal as refusal:
        return _page(refusal=sentence(refusal)), refusal.status
    return _page(token=issued.token), 201


@rooms.post("/<int:key_id>/revocation")
def revoke(key_id: int) -> ResponseReturnValue:
    key = db.in_transaction(lambda: api_keys.revoke(key_id, by=_me()))
    say(_("The key “%(name)s” opens nothing any more.", name=key.name), kind="good")
    return redirect(url_for(".index"), code=303)


def _issue() -> Issued:
    days = request.form.get("days", "")
    lasting = timedelta(days=int(days) if days in map(str, TERMS) else 0)
    me, name, scopes = _me(), request.form.get("name", ""), request.form.getlist("scope")
    return api_keys.issue(me, name=name.replace("\0", ""), scopes=scopes, lasting=lasting, by=me)


def _me() -> Person:
    """The person signed in, as this step sees them."""
    found = people.get(current_person().id)
    if found is None:
        raise NotFound
    return found


def _page(*, token: str = "", refusal: str = "") -> str:
    chosen = set(request.form.getlist("scope")) if refusal else set()
    return render_template(
        "me/keys.html",
        lines=_lines(api_keys.of(current_person().id)),
        token=token,
        refusal=refusal,
        resources=[_resource(one, chosen) for one in RESOURCES],
        terms=TERMS,
        typed=request.form.get("name", "") if refusal else "",
    )


def _lines(keys: Iterable[ApiKey]) -> list[Line]:
    return [
        Line(
            id=key.id,
            name=key.name,
            prefix=key.prefix,
            scopes=" · ".join(key.scopes),
            last_used_at=key.last_used_at,
            expires_at=key.expires_at,
            is_alive=key.is_alive,
            ended=_("revoked") if key.revoked_at else _("expired"),
        )
        for key in keys
    ]


def _resource(name: str, chosen: set[str]) -> dict[str, Any]:
    scopes = {deed: f"{name}:{deed}" for deed in (READ, WRITE) if f"{name}:{deed}" in SCOPES}
    return {
        "title": key_words.title(name),
        "scopes": scopes,
        "chosen": chosen & set(scopes.values()),
    }
