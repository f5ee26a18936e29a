"""The person's own page: roles, password, where they are signed in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import sessions, sign_in
from app.kernel import db
from app.kernel.errors import Refusal
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.problems import sentence
from app.web.session import current_person, current_token, my_memberships
from app.web.tongue import _
from app.web.words import place, role_title, zone

rooms = Blueprint("me", __name__)


@rooms.get("/me")
def index() -> ResponseReturnValue:
    return _page()


@rooms.post("/me/password")
def change_password() -> ResponseReturnValue:
    current, chosen = request.form.get("current", ""), request.form.get("password", "")
    try:
        sign_in.change_password(
            current_person(),
            current,
            chosen,
            address=request.remote_addr or "",
            but=current_token(),
        )
    except Refusal as refusal:
        return _page(refusal=sentence(refusal)), refusal.status
    say(_("Changed. Everywhere else you are signed out."), kind="good")
    return redirect(url_for(".index"), code=303)


@rooms.post("/me/sessions/removal")
def end_session() -> ResponseReturnValue:
    one = request.form.get("session", type=row_number) or 0
    by = current_person().id
    db.in_transaction(lambda: sign_in.revoke_one(one, of=by, by=by))
    say(_("Signed out there."))
    return redirect(url_for(".index"), code=303)


def _page(*, refusal: str = "") -> str:
    person, token = current_person(), current_token()
    held = sorted(
        (role_title(role), place(scope) or _("everywhere")) for role, scope in my_memberships()
    )
    return render_template(
        "me/index.html",
        held=held,
        clock=zone().key,
        sessions=[(one, sessions.is_of(one, token)) for one in sessions.of(person.id)],
        refusal=refusal,
    )
