"""The description of the API: as a file for programs, as a page for people."""

from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.identity.api_keys import SCOPES
from app.web.addresses import API
from app.web.api import description

file = Blueprint("api", __name__, url_prefix=API)
rooms = Blueprint("api_page", __name__)


@file.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return Response(description.text(), content_type="application/json")


@rooms.get("/api")
def index() -> ResponseReturnValue:
    found = description.whole()
    return render_template(
        "api/index.html", about=found["info"]["description"], tags=_tags(found), scopes=SCOPES
    )


def _tags(found: dict[str, Any]) -> list[dict[str, Any]]:
    return []
