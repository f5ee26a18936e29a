"""`houtai backup`: the whole house in one file, made while people work."""

from pathlib import Path

import click

from app.cli import whole_house
from app.cli.application import application
from app.kernel import archives


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Write everything to FILE: every row and attachment. The secret key is not in it."""
    whole_house.enter()
    with application():
        try:
            held = archives.backup(file)
        except OSError as error:
            why = error.strerror or "it exists, and a backup never writes over another"
            raise click.ClickException(f"{file} cannot be written: {why}.") from error
    number = sum(part.rows for part in held.tables.values())
    click.echo(f"{file} holds {number} rows of {len(held.tables)} tables, schema {held.revision}.")
