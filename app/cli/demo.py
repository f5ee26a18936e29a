"""`houtai demo`: the practice company."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import click

from app.cli import deploy, prepared, schema
from app.cli.application import application
from app.cli.settings import settings_here
from app.config import ROOT, Settings
from app.demo import story
from app.demo.acting import Stage
from app.demo.people import roster
from app.identity import people
from app.kernel import clock

_IN_USE = "The practice company is open just now. End its server, then reset it."
_YIELDS = 19
_ONLY_DEMO = "The practice company lives only in Houtai's own SQLite file, with HOUTAI_DEMO=1."


@click.command("demo")
@click.option("--reset", is_flag=True, help="Throw the practice data away and begin again.")
@click.option(
    "--beside",
    is_flag=True,
    help="Make it beside a server that runs, empty or with an older practice.",
)
@click.option("--prepare", is_flag=True, help="Only play its history ahead, to be copied later.")
def command(*, reset: bool, beside: bool, prepare: bool) -> None:
    """Load the practice company, if it is not there yet."""
    settings = settings_here()
    if not settings.demo:
        raise click.ClickException(_ONLY_DEMO)
    if prepare:
        os.nice(_YIELDS)
        prepared.prepare(settings)
    elif beside:
        _make_beside(settings)
    else:
        _make_here(settings, reset=reset)


def _make_here(settings: Settings, *, reset: bool) -> None:
    if reset:
        _remove(settings)
    file, history = settings.own_file, prepared.ready(settings)
    is_copy = history is not None and not file.exists()
    if history is not None and is_copy:
        shutil.copyfile(history, file)
    with application(migrated=False):
        schema.upgrade()
        deploy.publish_shipped()
        if is_copy:
            _play(story.tell_today)
        elif not people.everyone():
            _play(story.tell)
        click.echo(roster())


def _play(tell: Callable[[Stage], None]) -> None:
    click.echo("Making the practice company, by completing its tasks ...")
    began = time.monotonic()
    tell(Stage(clock.now()))
    click.echo(f"It is ready after {time.monotonic() - began:.0f} s.")


def _make_beside(settings: Settings) -> None:
    """Make it in a file of its own and put it in whole: no server meets it half told."""
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = {**os.environ, "HOUTAI_VAR": folder}
        archive = str(Path(folder) / "practice.archive")
        (Path(folder) / settings.practice_folder.name).symlink_to(settings.practice_folder)
        _run("demo", environment=elsewhere)
        _run("backup", archive, environment=elsewhere)
        _run("restore", "--over-practice", archive, environment=dict(os.environ))


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
    file = settings.own_file
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
