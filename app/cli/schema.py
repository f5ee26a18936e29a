"""The schema of the database: which one it has, and how it gets this release's."""

import flask_migrate
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from app.config import ROOT
from app.kernel.db import db

_MIGRATIONS = str(ROOT / "migrations")


def upgrade(revision: str = "head") -> None:
    """Bring the database of the current application to a schema: this release's, or an older."""
    flask_migrate.Migrate(current_app, db, directory=_MIGRATIONS)
    flask_migrate.upgrade(revision=revision)


def present() -> str | None:
    """The schema the database has; None before its first."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The schema this release works with."""
    return ScriptDirectory(_MIGRATIONS).get_current_head()
