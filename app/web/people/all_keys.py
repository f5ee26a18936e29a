"""Keys as administrators see them: everybody's, to end one; and new ones for machines."""

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
from app.web.people import key_words
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _

rooms = Blueprint("all_keys", __name__, url_prefix="/people/keys")
TERMS_DAYS = (30, 90, 180, 365)


@rooms.before_request
def _door() -> None:
    enter("people")


@rooms.get("")
def everybodys() -> ResponseReturnValue:
    return render_template("people/all_keys.html", keys=key_words.keys(api_keys.every()))


@rooms.get("/of/<int:person_id>")
def index(person_id: int) -> ResponseReturnValue:
    return _page(_owner(person_id))


@rooms.post("/of/<int:person_id>")
def issue(person_id: int) -> ResponseReturnValue:
    owner, by = _owner(person_id), current_person()
    try:
        issued = db.in_transaction(lambda: _issued(person_id, by))
    except Refusal as refusal:
        return _page(owner, refusal=sentence(refusal)), refusal.status
    return _page(owner, token=issued.token)


@rooms.post("/<int:key_id>/revocation")
def revoke(key_id: int) -> ResponseReturnValue:
    by = current_person()
    db.in_transaction(lambda: api_keys.revoke(key_id, by=by))
    say(_("The key is over; programs that use it are refused from now on."), kind="good")
    return redirect(url_for(".everybodys"), code=303)


def _issued(owner_id: int, by: Person) -> Issued:
    days = request.form.get("days", type=row_number) or 0
    return api_keys.issue(
        accounts.of(owner_id),
        name=request.form.get("name", "").replace("\0", ""),
        scopes=request.form.getlist("scope"),
        lasting=timedelta(days=min(days, 10_000)),
        by=by,
    )


def _owner(person_id: int) -> Person:
    found = people.get(person_id)
    if found is None:
        raise NotFound
    return found


def _page(owner: Person, *, refusal: str = "", token: str = "") -> str:
    bearers = [api_keys.Bearer(owner, key) for key in api_keys.of(owner.id)]
    return render_template(
        "people/machine_keys.html",
        owner=owner,
        keys=key_words.keys(bearers),
        resources=key_words.resources(),
        terms=TERMS_DAYS,
        refusal=refusal,
        token=token,
    )
