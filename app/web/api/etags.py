"""Whether what a program has read is still what is there."""

import re
from collections.abc import Callable
from http import HTTPStatus

from flask import Response, jsonify, request

from app.kernel.errors import N_, Refusal
from app.web.api.problem import NotUnderstood
from app.web.api.shapes import Shape

_TAGS = re.compile(r'"[!#-~]*"(\s*,\s*"[!#-~]*")*')


class Changed(Refusal):
    """What was read before is no longer so; nothing was done."""

    code = "changed"
    message = N_("This changed since you read it. Read it again, then decide.")
    status = 412


def stamped(response: Response) -> Response:
    """The answer with its tag; nothing but the tag when the program has just that."""
    if response.status_code != HTTPStatus.OK:
        return response
    response.add_etag()
    tag, _weak = response.get_etag()
    if tag is not None and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.set_data(b"")
        response.headers.pop("Content-Type", None)
    return response


def check(shape: type[Shape], current: Callable[[], object]) -> None:
    """Let only those on who know the document as it is now, when they say what they know.

    Raises:
        Changed: `If-Match` names an older state.
    """
    sent = request.headers.get("If-Match")
    if sent is None or sent == "*":
        return
    if not _TAGS.fullmatch(sent):
        raise NotUnderstood([{"where": "If-Match", "sentence": "Send an ETag, in its quotes."}])
    response = jsonify(shape().dump(current()))
    response.add_etag()
    tag, _weak = response.get_etag()
    if tag is None or not request.if_match.contains(tag):
        raise Changed
