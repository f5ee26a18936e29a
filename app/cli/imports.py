"""`houtai import`: business data from CSV files, all or nothing."""

from pathlib import Path

import click

from app.cli.application import application
from app.domain.imports import importing
from app.domain.imports.importing import KINDS, Loaded
from app.identity import memberships, people
from app.kernel.db import in_transaction
from app.workflow import instances


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--by",
    metavar="USERNAME",
    help="Who brings the data in; may be left out while there is one administrator.",
)
@click.option("--check", is_flag=True, help="Only say what would happen.")
def command(kind: str, file: Path, by: str | None, *, check: bool) -> None:
    """Import FILE as KIND; exit with 1 when it has problems, and then nothing is imported."""
    raw = file.read_bytes()
    with application():
        bringer = people.named(by).username if by else _only_administrator()
        preview = importing.preview(kind, raw, by=bringer)
        for problem in preview.problems:
            click.echo(f"row {problem.row}: {problem.text}", err=True)
        if preview.problems:
            raise SystemExit(1)
        if check:
            click.echo(f"{preview.new} new, {len(preview.already)} rows there already.")
            return
        loaded = in_transaction(lambda: _load(kind, raw, bringer))
    click.echo(f"{loaded.new} imported, {len(loaded.already)} rows there already.")


def _only_administrator() -> str:
    found = [
        person.username
        for person in people.everyone()
        if any(role == "administrator" for role, _scope in memberships.of(person.id))
    ]
    if len(found) != 1:
        message = f"Say who brings the data in: there are {len(found)} administrators."
        raise click.UsageError(f"{message} Add: --by USERNAME")
    return found[0]


def _load(kind: str, raw: bytes, by: str) -> Loaded:
    loaded = importing.load(kind, raw, by=by)
    if loaded.start is not None:
        instances.start(loaded.start.process, loaded.start.data, by=people.named(by).id)
    return loaded
