"""What the models say is what the migrations make."""

from importlib import import_module
from pkgutil import walk_packages

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

import app as house
from app.kernel.db import db


def test_models_and_migrations_agree(app: Flask) -> None:
    _meet_every_model()

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, db.metadata)

    assert [str(each) for each in differences] == []


def _meet_every_model() -> None:
    """A table nobody imports would look like one that nobody needs."""
    for module in walk_packages(house.__path__, "app."):
        if module.name.startswith(("app.kernel", "app.identity", "app.domain", "app.workflow")):
            import_module(module.name)
