"""`houtai migrate`: the newest schema."""

import click
import flask_migrate

from app.cli.application import application


@click.command("migrate")
def command() -> None:
    """Bring the database to the newest schema."""
    with application(migrated=False):
        flask_migrate.upgrade()
    click.echo("The database is up to date.")
