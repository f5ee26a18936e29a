"""The application as the command line meets it."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from app.config import from_environment
from app.factory import create_app
from app.kernel.db import db
from app.kernel.errors import Refusal


@contextmanager
def application() -> Iterator[Flask]:
    """An application of this machine's settings, its context pushed; a refusal ends the command."""
    app = create_app(from_environment())
    with app.app_context():
        try:
            yield app
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        finally:
            db.session.remove()
            db.engine.dispose()
