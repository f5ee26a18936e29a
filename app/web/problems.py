"""One answer to everything that goes wrong: a refusal is a sentence, a fault is an apology."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    RequestEntityTooLarge,
)

from app.kernel import db, patience
from app.kernel.errors import N_, Refusal
from app.web.addresses import is_api
from app.web.api import problem
from app.web.tongue import _
from app.web.words import role_title, shown
from app.workflow.records import Incident

MOST_HEARD = 256_000_000
_WORDS = {
    400: N_("The browser sent something this page cannot read."),
    404: N_("There is nothing here under that name."),
    405: N_("This address does not do that."),
    413: N_("That is too much at once: a file may have 10 MB, everything together 32 MB."),
    429: N_("Too many tries. Wait a little and try again."),
}


def register(app: Flask) -> None:
    """Answer refusals, HTTP errors and faults."""
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(DBAPIError, lost_patience)
    app.register_error_handler(InternalServerError, fault)
    app.register_error_handler(HTTPException, plain)


def sentence(refusal: Refusal) -> str:
    """What a person reads, in the language of the page; which goes to the field it is about."""
    if refusal.field:
        g.wrong_field = refusal.field
    return _filled(refusal.message, refusal.facts)


def kept_sentence(incident: Incident) -> str:
    """What stopped a step: a refusal in the language of the page, any other fault as it was."""
    kept = incident.refusal
    return _filled(kept["message"], kept["facts"]) if kept else incident.sentence


def _filled(message: str, facts: Mapping[str, object]) -> str:
    return _(message).format(**{name: _said(name, value) for name, value in facts.items()})


def _said(name: str, value: object) -> str:
    return role_title(str(value)) if name == "role" else shown(value)


def refused(refusal: Refusal) -> ResponseReturnValue:
    """Say no, and why."""
    if is_api():
        return _to_program(refusal)
    return answer(refusal.status, sentence(refusal), code=refusal.code)


def lost_patience(error: DBAPIError) -> ResponseReturnValue:
    """The database waited for too long while a page was read; anything else is a fault."""
    refusal = patience.refusal_of(error)
    if refusal is None:
        raise error
    db.end_look()
    return refused(refusal)


def form_too_old() -> ResponseReturnValue:
    """The page was open longer than its key lives; what was typed is in its draft."""
    text = _("This page was open for too long. Nothing was changed; open it again and repeat.")
    return answer(400, text, code="form_too_old")


def plain(error: HTTPException) -> ResponseReturnValue:
    """An HTTP error in the product's words."""
    status = error.code or 500
    if status == RequestEntityTooLarge.code:
        _hear_out()
    if status < HTTPStatus.BAD_REQUEST:  # redirects are raised as exceptions
        return error.get_response()
    said = answer(status, _(_WORDS.get(status, _WORDS[400])), code=f"http_{status}")
    response = make_response(said)
    if isinstance(error, MethodNotAllowed):
        response.allow.update(error.valid_methods or ())
    return response


def fault(error: InternalServerError) -> ResponseReturnValue:
    """A fault: nothing was changed, operators find the reference in the log."""
    reference = secrets.token_hex(4)
    current_app.logger.error(
        "fault %s at %s %s", reference, request.method, request.path, exc_info=error
    )
    text = _(
        "We could not finish this; nothing was changed. Try again; if it fails once more,"
        " tell an operator {reference}."
    )
    return answer(500, text.format(reference=reference), code="fault")


def answer(status: int, text: str, *, code: str) -> ResponseReturnValue:
    """The sentence as a problem for programs, as JSON for scripts, as a page for people."""
    if is_api():
        return problem.answer(status, text, code=code)
    if wants_json():
        return jsonify(refused=True, code=code, sentence=text), status
    return render_template("problem.html", status=status, sentence=text), status


def wants_json() -> bool:
    """Whether a script of ours asked."""
    return request.accept_mimetypes.best == "application/json"


def _to_program(refusal: Refusal) -> ResponseReturnValue:
    response = problem.answer(
        refusal.status,
        sentence(refusal),
        code=refusal.code,
        findings=problem.findings_of(refusal),
    )
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response.www_authenticate.type = "bearer"
    return response


def _hear_out() -> None:
    """Read what is left of a request, within reason: browsers show no answer before they sent."""
    left = MOST_HEARD
    while left > 0:
        chunk = request.environ["wsgi.input"].read(min(left, 1_000_000))
        if not chunk:
            return
        left -= len(chunk)
