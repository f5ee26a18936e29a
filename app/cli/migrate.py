"""`houtai migrate`: the newest schema."""

import click

from app.cli import schema
from app.cli.application import application


@click.command("migrate")
def command() -> None:
    """Bring the database to the newest schema."""
    with application(migrated=False):
        schema.upgrade()
    click.echo("The database is up to date.")
