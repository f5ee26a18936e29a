"""The gate before every room: a session for pages, a token for whatever changes something."""

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from app.kernel.errors import N_, Refusal
from app.web import problems
from app.web.addresses import is_api
from app.web.session import person_or_none
from app.web.sign_in.pages import stranger

OPEN_TO_ALL = frozenset(
    {"static", "sign_in.index", "sign_in.enter", "sign_in.enter_as", "language.switch", "health"}
    | {"welcome.index", "welcome.accept", "api.openapi"}
    | {"start.company", "start.found", "start.make_practice", "start.making"}
)


class NoKey(Refusal):
    """A program came without a key that opens anything."""

    code = "no_key"
    message = N_(
        "Send a key that is alive as “Authorization: Bearer …”. Keys are made on the page Me."
    )
    status = 401


def register(app: Flask) -> None:
    """Check the token first, then the session."""
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # a token lives as long as its session
    CSRFProtect(app)
    app.register_error_handler(CSRFError, _without_token)
    app.before_request(_only_with_a_session)


def exempt(app: Flask, *rooms: Blueprint) -> None:
    """Ask no token of programs: a page elsewhere can send a cookie along, but no key."""
    for room in rooms:
        app.extensions["csrf"].exempt(room)


def _only_with_a_session() -> ResponseReturnValue | None:
    if request.endpoint in OPEN_TO_ALL or request.endpoint is None or person_or_none():
        return None
    if is_api():
        raise NoKey
    return stranger()


def _without_token(_error: CSRFError) -> ResponseReturnValue:
    return problems.form_too_old() if person_or_none() else stranger()
