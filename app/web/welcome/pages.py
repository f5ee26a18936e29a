"""Where an invited person chooses a password and comes in."""

from datetime import timedelta

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity import invitations, passwords, sign_in
from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import N_, Refusal
from app.web import session
from app.web.problems import sentence

rooms = Blueprint("welcome", __name__, url_prefix="/welcome")


class NotTheSame(Refusal):
    """A slip of the finger would lock the person out at once."""

    code = "not_the_same"
    message = N_("The two passwords differ. Type the same one twice.")
    status = 422


@rooms.get("/<token>")
def index(token: str) -> ResponseReturnValue:
    return _page(token)


@rooms.post("/<token>")
def accept(token: str) -> ResponseReturnValue:
    chosen = request.form.get("password", "")
    try:
        if chosen != request.form.get("again", ""):
            raise NotTheSame
        person, key = db.in_transaction(lambda: _let_in(token, chosen))
    except invitations.InvitationOver:
        raise
    except Refusal as refusal:
        return _page(token, refusal=sentence(refusal)), refusal.status
    session.begin(key, person)
    return redirect(url_for("inbox.index"), code=303)


def _let_in(token: str, chosen: str) -> tuple[Person, str]:
    person = invitations.accept(token, chosen)
    key = sign_in.admit(
        person,
        request.remote_addr or "",
        agent=request.user_agent.string,
        lasting=timedelta(hours=current_app.config["HOUTAI"].session_hours),
    )
    return person, key


def _page(token: str, *, refusal: str = "") -> str:
    return render_template(
        "welcome/index.html",
        token=token,
        invited=invitations.invited(token),
        refusal=refusal,
        shortest=passwords.SHORTEST,
    )
