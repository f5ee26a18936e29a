"""Whether what a program has read is still what is there."""

from collections.abc import Callable

from flask import Response, request

from app.kernel.errors import N_, Refusal


class Changed(Refusal):
    """What was read before is no longer so; nothing was done."""

    code = "changed"
    message = N_("This changed since you read it. Read it again, then decide.")
    status = 412


def stamped(response: Response) -> Response:
    """The answer with its tag; nothing but the tag when the program has just that."""
    if response.status_code != 200:  # noqa: PLR2004
        return response
    response.add_etag()
    tag, _weak = response.get_etag()
    if tag is not None and request.if_none_match.contains_weak(tag):
        response.status_code = 304
        response.set_data(b"")
        response.headers.pop("Content-Type", None)
    return response


def check(current: Callable[[], Response]) -> None:
    """Let only those on who know the document as it is now, when they say what they know.

    Raises:
        Changed: `If-Match` names an older state.
    """
    known = request.if_match
    if not known or known.star_tag:
        return
    response = current()
    response.add_etag()
    tag, _weak = response.get_etag()
    if tag is None or not known.contains(tag):
        raise Changed
