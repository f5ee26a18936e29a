"""The application as the command line meets it."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app.config import from_environment
from app.factory import create_app


@contextmanager
def application() -> Iterator[Flask]:
    """An application of this machine's settings, its context pushed."""
    app = create_app(from_environment())
    with app.app_context():
        yield app
