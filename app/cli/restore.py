"""`houtai restore`: an archive into an empty database, on SQLite or PostgreSQL."""

from pathlib import Path

import click

from app.cli import whole_house
from app.cli.application import application
from app.cli.settings import settings_here
from app.domain import founding
from app.identity import people
from app.kernel import archives


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--over-practice", is_flag=True, help="The practice company may make room for it.")
def command(file: Path, *, over_practice: bool) -> None:
    """Fill an empty, migrated database with what FILE holds; all of it, or nothing."""
    whole_house.enter()
    may_go = over_practice and settings_here().demo
    with application(as_owner=True):
        held = archives.restore(file, is_empty=lambda: _is_empty(may_go=may_go))
    number = sum(part.rows for part in held.tables.values())
    click.echo(f"{number} rows are back, equal to those of {held.made_at}. Now run: houtai proof")


def _is_empty(*, may_go: bool) -> bool:
    """A company that somebody founded never makes room, whatever the settings say."""
    return not people.everyone() or (may_go and not founding.is_founded())
