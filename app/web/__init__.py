"""The browser's side: open a transaction, call one verb, answer."""

from flask import Flask


def register(app: Flask) -> None:
    """Hang every room's pages on `app`."""
