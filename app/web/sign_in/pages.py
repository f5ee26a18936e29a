"""The door's pages: sign in, sign out, and in the demo a person to be."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain import founding
from app.identity import sign_in
from app.kernel import db
from app.kernel.errors import Refusal
from app.web import session
from app.web.addresses import here
from app.web.language import locale_code
from app.web.problems import sentence, wants_json
from app.web.sign_in import demo, kept_answers
from app.web.start import practice
from app.web.start.pages import first_page

door = Blueprint("sign_in", __name__)


@door.get("/sign-in")
def index() -> ResponseReturnValue:
    wanted = here(request.args.get("next"))
    if session.person_or_none() and "change" not in request.args:
        return redirect(wanted, code=303)
    return page(wanted)


@door.post("/sign-in")
def enter() -> ResponseReturnValue:
    wanted = here(request.form.get("next"))
    kept = request.form.get("kept", "")
    try:
        admission = sign_in.sign_in(
            request.form.get("username", ""), request.form.get("password", ""), **_visitor()
        )
    except Refusal as refusal:
        return page(wanted, refusal=sentence(refusal), kept=kept), refusal.status
    session.begin(admission.token, admission.person)
    kept_answers.put_back(kept, by=admission.person)
    return redirect(wanted, code=303)


@door.post("/sign-in/as")
def enter_as() -> ResponseReturnValue:
    person = demo.person_to_be(request.form.get("username", ""))
    token = db.in_transaction(lambda: sign_in.admit(person, **_visitor()))
    # Who looks around as somebody goes on reading what they can read.
    session.begin(token, person, speaking=locale_code())
    return redirect(here(request.form.get("next")), code=303)


@door.post("/sign-out")
def leave() -> ResponseReturnValue:
    token = session.end()
    if token:
        db.in_transaction(lambda: sign_in.sign_out(token))
    return redirect(url_for("sign_in.index"), code=303)


def stranger() -> ResponseReturnValue:
    """Send someone without a session to the door, with what they typed."""
    if wants_json():
        return {"refused": True, "code": "signed_out", "sentence": ""}, 401
    carried = kept_answers.carried()
    if carried:
        kept, wanted = carried
        return page(wanted, kept=kept), 401
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("sign_in.index", next=wanted), code=303)


def page(wanted: str, *, refusal: str = "", kept: str = "") -> str:
    """The door itself; in a house that has nobody yet, its first page."""
    if founding.is_open():
        return first_page()
    return render_template(
        "sign_in/index.html",
        next=wanted,
        refusal=refusal,
        username=request.form.get("username", ""),
        kept=kept,
        demo_people=demo.people_to_be(),
        is_longer_ready=practice.is_longer_ready(),
        day_reached=practice.day_reached() if demo.is_practice() else None,
    )


def _visitor() -> dict[str, Any]:
    return {
        "address": request.remote_addr or "",
        "agent": request.user_agent.string,
        "lasting": timedelta(hours=current_app.config["HOUTAI"].session_hours),
    }
