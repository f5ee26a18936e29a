"""The application as the command line meets it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.config import Settings, UnusableSetting, from_environment
from app.factory import MIGRATIONS, create_app
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
    """An application of this machine's (or such) settings; a refusal ends the command.

    So does a database that is silent or, unless `migrated` is off, has not this release's schema.
    `as_owner` works as the role that may change the schema. A command takes the time it needs;
    what runs all day `beside_people` waits no longer than they do.
    """
    settings = settings or settings_here()
    if as_owner and settings.migration_database_url:
        settings = replace(settings, database_url=settings.migration_database_url)
    if not beside_people:
        settings = replace(settings, lock_seconds=0, statement_seconds=0)
    app = create_app(settings)
    with app.app_context():
        try:
            _check_schema(_revision(), migrated=migrated)
            yield app
        except Refusal as refusal:
            raise click.ClickException(str(refusal)) from refusal
        finally:
            db.session.remove()
            db.engine.dispose()


def settings_here() -> Settings:
    """The settings of this machine; one that means nothing ends the command."""
    try:
        settings = from_environment()
        make_url(settings.database_url)
    except UnusableSetting as setting:
        raise click.ClickException(str(setting)) from setting
    except ValueError as error:
        raise click.ClickException(f"DATABASE_URL cannot be read: {error}") from error
    except OSError as error:
        message = f"The folder for Houtai's own files cannot be used: {error}"
        raise click.ClickException(message) from error
    return settings


def _revision() -> str | None:
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        why = (str(error.orig).splitlines() or ["no reason given"])[0].rstrip(". ")
        raise click.ClickException(_SILENT.format(why=why)) from error


def _check_schema(revision: str | None, *, migrated: bool) -> None:
    if migrated and revision is None:
        raise click.ClickException(_NO_SCHEMA)
    if migrated and revision != ScriptDirectory(str(MIGRATIONS)).get_current_head():
        raise click.ClickException(_OTHER_SCHEMA)
