"""The pages about keys: a token is shown once, and a key ends at once."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import accounts, api_keys, people
from app.identity.api_keys import Issued
from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.keys import seen
from app.web.problems import sentence
from app.web.rooms import enter, is_open
from app.web.session import current_person
from app.web.tongue import _

rooms = Blueprint("keys", __name__, url_prefix="/keys")
TERMS_DAYS = (30, 90, 180, 365)


@rooms.get("")
def index() -> ResponseReturnValue:
    return _page(_owner())


@rooms.post("")
def issue() -> ResponseReturnValue:
    owner, by = _owner(), current_person()
    try:
        issued = db.in_transaction(lambda: _issued(owner.id, by))
    except Refusal as refusal:
        return _page(owner, refusal=sentence(refusal)), refusal.status
    return _page(owner, token=issued.token)


@rooms.post("/<int:key_id>/revocation")
def revoke(key_id: int) -> ResponseReturnValue:
    by = current_person()
    owner_id = db.in_transaction(lambda: api_keys.revoke(key_id, by=by).person_id)
    say(_("The key is over; programs that use it are refused from now on."), kind="good")
    if owner_id == by.id:
        return redirect(url_for(".index"), code=303)
    return redirect(url_for(".everybodys"), code=303)


@rooms.get("/all")
def everybodys() -> ResponseReturnValue:
    enter("people")
    return render_template("keys/all.html", keys=seen.keys(api_keys.every()))


def _issued(owner_id: int, by: Person) -> Issued:
    days = request.form.get("days", type=row_number) or 0
    return api_keys.issue(
        accounts.of(owner_id),
        name=request.form.get("name", ""),
        scopes=request.form.getlist("scope"),
        lasting=timedelta(days=min(days, 10_000)),
        by=by,
    )


def _owner() -> Person:
    """Whose keys these are: one's own, or for administrators those of a machine's account."""
    asked = request.values.get("of", type=row_number)
    if asked is None or asked == current_person().id:
        return current_person()
    found = people.get(asked) if is_open("people") else None
    if found is None:
        raise NotFound
    return found


def _page(owner: Person, *, refusal: str = "", token: str = "") -> str:
    bearers = [api_keys.Bearer(owner, key) for key in api_keys.of(owner.id)]
    return render_template(
        "keys/index.html",
        owner=owner,
        is_mine=owner.id == current_person().id,
        keys=seen.keys(bearers),
        resources=seen.resources(),
        terms=TERMS_DAYS,
        refusal=refusal,
        token=token,
    )
