"""The pages about people: the list, one account, the audit."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import accounts, audit, invitations, people, sessions
from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import N_, NotFound, Refusal
from app.kernel.i18n import DEFAULT_LOCALE
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.people import absence, deeds, seen
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _

rooms = Blueprint("people", __name__, url_prefix="/people")
_FIELDS = ("username", "name", "locale", "party")


class NotOffered(Refusal):
    """A form that was not ours, or a place that is gone."""

    code = "not_offered"
    message = N_("That choice is not offered. Open the page again and choose from the list.")
    status = 422


@rooms.before_request
def _door() -> None:
    enter("people")


@rooms.get("")
def index() -> ResponseReturnValue:
    wanted, state = request.args.get("name", "")[:100], request.args.get("state", seen.ALL)
    if state not in seen.STATES:
        raise NotFound
    rows = seen.rows(wanted=wanted, state=state)
    return render_template(
        "people/index.html",
        rows=rows,
        wanted=wanted,
        state=state,
        states=seen.state_words(),
        unstaffed=seen.unstaffed(),
    )


@rooms.get("/new")
def new() -> ResponseReturnValue:
    return _new({"locale": DEFAULT_LOCALE})


@rooms.post("/new")
def create() -> ResponseReturnValue:
    asked = {name: request.form.get(name, "").strip() for name in _FIELDS}
    try:
        person_id, token = db.in_transaction(lambda: _created(asked))
    except Refusal as refusal:
        return _new(asked, refusal=sentence(refusal)), refusal.status
    return _link(person_id, token)


@rooms.get("/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    return _page(person_id)


@rooms.post("/<int:person_id>")
def describe(person_id: int) -> ResponseReturnValue:
    name, locale = request.form.get("name", "")[:200], request.form.get("locale", "")
    return _changed(
        person_id,
        lambda person: accounts.rename(person, name=name, locale=locale, by=current_person()),
        _("Kept."),
    )


@rooms.post("/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    role, scope = request.form.get("role", ""), request.form.get("scope", "")

    def step(person: Person) -> None:
        if scope not in dict(seen.places_to_give(person)):
            raise NotOffered
        accounts.grant(person, role, scope, by=current_person())

    return _changed(person_id, step, _("The role is given; it counts at once."))


@rooms.post("/<int:person_id>/roles/removal")
def revoke(person_id: int) -> ResponseReturnValue:
    role, scope = request.form.get("role", ""), request.form.get("scope", "")
    return _changed(
        person_id,
        lambda person: accounts.revoke(person, role, scope, by=current_person()),
        _("The role is taken away."),
    )


@rooms.post("/<int:person_id>/lock")
def lock(person_id: int) -> ResponseReturnValue:
    return _changed(
        person_id,
        lambda person: accounts.lock(person, by=current_person()),
        _("Locked, and signed out everywhere. What they did stays as it is."),
    )


@rooms.post("/<int:person_id>/unlock")
def unlock(person_id: int) -> ResponseReturnValue:
    return _changed(
        person_id,
        lambda person: accounts.unlock(person, by=current_person()),
        _("Unlocked, with the roles they had."),
    )


@rooms.post("/<int:person_id>/invitation")
def invite(person_id: int) -> ResponseReturnValue:
    by = current_person()
    token = db.in_transaction(lambda: accounts.invite(accounts.of(person_id), by=by))
    return _link(person_id, token)


@rooms.post("/<int:person_id>/absence")
def be_away(person_id: int) -> ResponseReturnValue:
    form, by = request.form.to_dict(), current_person()

    def step(person: Person) -> None:
        accounts.check_administrator(by)
        absence.name(person, form, by=by.id)

    return _changed(person_id, step, _("Their tasks are in both inboxes meanwhile."))


@rooms.post("/<int:person_id>/absence/end")
def be_back(person_id: int) -> ResponseReturnValue:
    form, by = request.form.to_dict(), current_person()

    def step(person: Person) -> None:
        accounts.check_administrator(by)
        absence.end(person, form, by=by.id)

    return _changed(person_id, step, _("Nobody stands in any more."))


@rooms.post("/<int:person_id>/sessions/removal")
def end_sessions(person_id: int) -> ResponseReturnValue:
    asked = request.form.get("session", "")
    one = _row(asked) if asked else None
    return _changed(
        person_id,
        lambda person: accounts.end_sessions(person, one, by=current_person()),
        _("Signed out there."),
    )


@rooms.get("/audit")
def deeds_done() -> ResponseReturnValue:
    before = request.args.get("before", type=row_number)
    found = deeds.deeds(audit.page(before=before))
    older = url_for(".deeds_done", before=found[-1].id) if len(found) == audit.PAGE else ""
    return render_template("people/audit.html", deeds=found, older=older, is_first=not before)


def _created(asked: dict[str, str]) -> tuple[int, str]:
    if asked["party"] not in dict(seen.parties()):
        raise NotOffered
    person, token = accounts.create(
        asked["username"],
        name=asked["name"][:200],
        locale=asked["locale"],
        party=asked["party"] or None,
        by=current_person(),
    )
    return person.id, token


def _changed(person_id: int, step: Callable[[Person], object], words: str) -> ResponseReturnValue:
    """Do it and say so; a refusal is read on the page itself."""
    try:
        db.in_transaction(lambda: step(accounts.of(person_id)))
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(person_id, refusal=sentence(refusal)), refusal.status
    say(words, kind="good")
    return redirect(url_for(".show", person_id=person_id), code=303)


def _new(asked: dict[str, str], *, refusal: str = "") -> str:
    return render_template("people/new.html", asked=asked, refusal=refusal, parties=seen.parties())


def _page(person_id: int, *, refusal: str = "", link: str = "") -> str:
    one = people.get(person_id)
    if one is None:
        raise NotFound
    return render_template(
        "people/show.html",
        one=one,
        state=seen.state_of(one),
        states=seen.state_words(),
        works_for=seen.party(one.party),
        held=seen.held_by(one),
        roles=seen.roles_to_give(one),
        places=seen.places_to_give(one),
        absences=absence.of(one.id),
        stands_in_for=absence.stands_in_for(one.id),
        colleagues=absence.colleagues(one),
        sessions=sessions.of(one.id),
        invitation=invitations.open_for(one.id),
        deeds=deeds.deeds(audit.page(subject=f"person:{one.id}", limit=20)),
        refusal=refusal,
        link=link,
    )


def _link(person_id: int, token: str) -> str:
    """The page with the link, shown this once: only its hash is kept."""
    return _page(person_id, link=url_for("welcome.index", token=token, _external=True))


def _row(text: str) -> int:
    try:
        return row_number(text)
    except ValueError as error:
        raise NotFound from error
