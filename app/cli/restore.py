"""`houtai restore`: an archive into an empty database, on SQLite or PostgreSQL."""

from pathlib import Path

import click

from app.cli import whole_house
from app.cli.application import application
from app.identity import people
from app.kernel import archives


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def command(file: Path) -> None:
    """Fill an empty, migrated database with what FILE holds; all of it, or nothing."""
    whole_house.enter()
    with application(as_owner=True):
        held = archives.restore(file, is_empty=lambda: not people.everyone())
    number = sum(part.rows for part in held.tables.values())
    click.echo(f"{number} rows are back, equal to those of {held.made_at}. Now run: houtai proof")
