"""The application as the command line meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import Flask
from sqlalchemy.exc import DBAPIError

from app.cli import schema
from app.cli.settings import settings_here
from app.config import Settings
from app.factory import create_app
from app.kernel.db import db
from app.kernel.errors import Refusal

_SILENT = "The database does not answer: {why}. Is it running, and is DATABASE_URL right?"
_NO_SCHEMA = "The database has no schema yet. Run: houtai migrate"
_OTHER_SCHEMA = "The database has another release's schema. Run: houtai migrate"


@contextmanager
def application(
    *,
    migrated: bool = True,
    as_owner: bool = False,
    beside_people: bool = False,
    settings: Settings | None = None,
) -> Iterator[Flask]:
    """An application of this machine's (or such) settings, without pages; a refusal ends it.

    So does a database that is silent or, unless `migrated` is off, has not this release's schema.
    `as_owner` works as the role that may change the schema. A command takes the time it needs;
    what runs all day `beside_people` waits no longer than they do.
    """
    settings = settings or settings_here()
    if as_owner and settings.migration_database_url:
        settings = replace(settings, database_url=settings.migration_database_url)
    if not beside_people:
        settings = replace(settings, lock_seconds=0, statement_seconds=0)
    app = create_app(settings, pages=False)
    with app.app_context():
        try:
            _check_schema(_revision(), migrated=migrated)
            yield app
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        finally:
            db.session.remove()
            db.engine.dispose()


def _revision() -> str | None:
    try:
        return schema.present()
    except DBAPIError as error:
        why = (str(error.orig).splitlines() or ["no reason given"])[0].rstrip(". ")
        raise click.ClickException(_SILENT.format(why=why)) from error


def _check_schema(revision: str | None, *, migrated: bool) -> None:
    if migrated and revision is None:
        raise click.ClickException(_NO_SCHEMA)
    if migrated and revision != schema.newest():
        raise click.ClickException(_OTHER_SCHEMA)
