"""`houtai demo`: the practice company."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import click
import flask_migrate
from sqlalchemy.engine import make_url

from app.cli import deploy
from app.cli.application import application, settings_here
from app.config import ROOT, Settings
from app.demo import story
from app.demo.people import CAST, PASSWORD
from app.identity import people

_IN_USE = "The practice company is open just now. End its server, then reset it."
_ONLY_DEMO = "The practice company lives only in Houtai's own SQLite file, with HOUTAI_DEMO=1."


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw the practice data away and begin again.")
@click.option("--beside", is_flag=True, help="Make it beside a server that runs, empty.")
def command(*, reset: bool, beside: bool) -> None:
    """Load the practice company, if it is not there yet."""
    settings = settings_here()
    if not settings.demo:
        raise click.ClickException(_ONLY_DEMO)
    if beside:
        _make_beside()
        return
    if reset:
        _remove(settings)
    with application(migrated=False):
        flask_migrate.upgrade()
        deploy.publish_shipped()
        load_once()


def load_once() -> None:
    """Load the practice company into an empty database; print who may sign in."""
    if not people.everyone():
        click.echo("Making the practice company, by completing its tasks ...")
        began = time.monotonic()
        story.tell()
        click.echo(f"It is ready after {time.monotonic() - began:.0f} s.")
    click.echo(f"\nPractice data. Everybody's password is: {PASSWORD}\n")
    for each in CAST:
        click.echo(f"  {each.username:<7}{each.job:<28}{each.name}")
    click.echo()


def _make_beside() -> None:
    """Play the story in a file of its own and put it in whole: no server meets it half told."""
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = {**os.environ, "HOUTAI_VAR": folder}
        archive = str(Path(folder) / "practice.archive")
        _run("demo", environment=elsewhere)
        _run("backup", archive, environment=elsewhere)
        _run("restore", archive, environment=dict(os.environ))


def _run(*words: str, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(done.stdout.strip().rpartition("Error: ")[2])


def _remove(settings: Settings) -> None:
    file = Path(make_url(settings.database_url).database or "")
    if file.exists():
        _check_unused(file)
    for part in file.parent.glob(f"{file.name}*"):
        part.unlink()


def _check_unused(file: Path) -> None:
    """A server would go on writing into the removed file; SQLite leaves WAL only when alone."""
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise click.ClickException(_IN_USE) from error
