"""Addresses handed to us by a browser: safe to go to, and holding only what a database keeps."""

import re
from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.routing import IntegerConverter

API = "/api/v1"
_ROW = r"\d{1,18}"


class RowNumber(IntegerConverter):
    """A number no longer than a row's can be; longer ones lead nowhere."""

    regex = _ROW


def register(app: Flask) -> None:
    """Let no address through that names what cannot exist."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_only_text)


def is_api() -> bool:
    """Whether a program asks: below this address are keys and problems, no cookies or pages."""
    return request.path == API or request.path.startswith(f"{API}/")


def row_number(text: str) -> int:
    """The number of a row in an address, for `request.args.get`.

    Raises:
        ValueError: no row has such a number.
    """
    if not re.fullmatch(_ROW, text):
        raise ValueError(text)
    return int(text)


def here(address: str | None, otherwise: str = "/") -> str:
    """`address` when it is a path of this site, else `otherwise`."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    parts = urlsplit(address)
    clean = not parts.scheme and not parts.netloc and "\\" not in address
    return address if clean and address.isprintable() else otherwise


def _only_text() -> None:
    """NUL is in nothing we keep, and PostgreSQL does not even look for it."""
    asked = (text for pair in request.args.items(multi=True) for text in pair)
    if "\0" in request.path or any("\0" in text for text in asked):
        abort(400)
