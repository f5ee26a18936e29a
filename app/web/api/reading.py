"""Reading what a program sent: JSON that survives both databases, or a problem with its place."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NoReturn

from flask import Request, json
from marshmallow import RAISE, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser

from app.kernel.errors import N_, Refusal
from app.web.api.problem import NotUnderstood

_BROKEN = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 40


class NotJson(Refusal):
    """The body is of another kind than the address takes."""

    code = "not_json"
    message = N_("Send the body as JSON, with “Content-Type: application/json”.")
    status = 415


class Parser(FlaskParser):
    """What the API takes as arguments; everything else is refused with its place."""

    DEFAULT_VALIDATION_STATUS = NotUnderstood.status
    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar = {"json": RAISE, "query": RAISE}

    def _raw_load_json(self, req: Request) -> Any:
        if not req.content_length and not req.get_data():
            return core.missing
        if not req.is_json:
            raise NotJson
        return _json(req.get_data())

    def handle_error(self, error: ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Say which part does not fit."""
        raise NotUnderstood(list(_findings("", error.messages))) from error


def _json(raw: bytes) -> Any:
    try:
        value = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        sentence = "This is no JSON, or nested too deeply."
        raise NotUnderstood([{"where": "body", "sentence": sentence}]) from error
    _check_texts(value)
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(text)


def _check_texts(value: Any) -> None:
    """No text with a NUL or half a character: no database keeps them."""
    todo = [(value, 0)]
    while todo:
        one, depth = todo.pop()
        parts = [*one, *one.values()] if isinstance(one, dict) else one
        if isinstance(parts, list) and depth < _DEEPEST:
            todo.extend((part, depth + 1) for part in parts)
        elif not isinstance(one, str) and isinstance(parts, list):
            raise NotUnderstood([{"where": "body", "sentence": "This is nested too deeply."}])
        elif isinstance(one, str) and _BROKEN.search(one):
            sentence = "A text holds a NUL or half a character."
            raise NotUnderstood([{"where": "body", "sentence": sentence}])


def _findings(where: str, messages: object) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _findings(f"{where}.{name}".lstrip("."), inner)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _findings(where, inner)
    else:
        yield {"where": where, "sentence": str(messages)}
