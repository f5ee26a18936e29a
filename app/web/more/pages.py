"""Every room of the person, for those that the rail and a phone's bar have no space for."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.web.rooms import open_rooms

rooms = Blueprint("more", __name__)


@rooms.get("/more")
def index() -> ResponseReturnValue:
    return render_template("more/index.html", rooms=open_rooms())
