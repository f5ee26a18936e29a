"""The door of the incidents' room."""

from flask import Blueprint

from app.web.rooms import enter

rooms = Blueprint("incidents", __name__, url_prefix="/incidents")


@rooms.before_request
def _door() -> None:
    enter("incidents")
