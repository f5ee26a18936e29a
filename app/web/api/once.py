"""What a program asks to be done: one step, one commit, and with its key at most once."""

import hashlib
import re
from collections.abc import Callable

from flask import Response, g, request

from app.identity import answered_requests
from app.identity.answered_requests import Answer, Request, Taken
from app.kernel.db import in_transaction
from app.kernel.errors import NotFound, Refusal
from app.web.api.problem import NotUnderstood
from app.web.session import current_person

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[!-~]{1,200}")
_KEPT_HEADERS = ("Content-Type", "ETag", "Location")


def done(step: Callable[[], Response]) -> Response:
    """The answer of `step`, which ran in one transaction now or under the same key before."""
    asked = _asked()
    if asked is None:
        return _run(step)
    taken = in_transaction(lambda: answered_requests.take(asked))
    if isinstance(taken, Answer):
        return _again(taken)
    try:
        return _run(lambda: _kept(taken, step()))
    except Exception:
        in_transaction(lambda: answered_requests.give_back(taken))
        raise


def keep_anyway(step: Callable[[], object]) -> None:
    """Do `step` in a transaction of its own when what is being done is refused."""
    g.kept_anyway = step


def _run(step: Callable[[], Response]) -> Response:
    try:
        return in_transaction(step)
    except Refusal as refusal:
        anyway = g.pop("kept_anyway", None)
        if anyway is not None:
            _keep(anyway, refusal)
        raise


def _keep(step: Callable[[], object], refusal: Refusal) -> None:
    try:
        in_transaction(step)
    except NotFound:
        raise refusal from None


def _asked() -> Request | None:
    """The request under its key; its body counts as it came, byte by byte.

    Raises:
        NotUnderstood: the key is none.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        sentence = "1 to 200 visible ASCII characters."
        raise NotUnderstood([{"where": HEADER, "sentence": sentence}])
    print_of = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    print_of.update(request.get_data())
    return Request(current_person().id, key, print_of.hexdigest())


def _kept(taken: Taken, response: Response) -> Response:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    answered_requests.keep(taken, Answer(response.status_code, headers, response.get_data()))
    return response


def _again(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, headers=answer.headers)
    response.headers[REPLAYED] = "true"
    return response
