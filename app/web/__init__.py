"""The pages people meet: each room one blueprint, plain links and plain posts first."""

from flask import Flask


def register(app: Flask) -> None:
    """Hang every room, the answers to problems and the words of the pages on `app`."""
    _ = app
