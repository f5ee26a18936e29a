"""The person's own page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.session import my_memberships
from app.web.tongue import _
from app.web.words import place, role_title, zone

rooms = Blueprint("me", __name__)


@rooms.get("/me")
def index() -> ResponseReturnValue:
    held = sorted(
        (role_title(role), place(scope) or _("everywhere")) for role, scope in my_memberships()
    )
    return render_template("me/index.html", held=held, clock=zone().key)
