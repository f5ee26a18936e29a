"""`houtai serve`: pages, and the clockwork beside them."""

import multiprocessing
import socket
import subprocess
import sys

import click

from app import factory as factory  # noqa: PLC0414 - what both processes need is loaded once
from app.cli.settings import settings_here
from app.config import ROOT, Settings
from app.demo.people import roster
from app.domain import founding

_EMPTY = """Nobody is here yet. Open the page below on this machine, or elsewhere with the
set-up code {code}"""
_TO_BE = (
    """Its button “See a working company” makes the practice company, where these people work:"""
)


@click.command("serve")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Processes; SQLite takes one.",
)
@click.option(
    "--practice-ahead",
    is_flag=True,
    help="While nobody is there, play the practice company's history ahead in the background.",
)
def command(workers: int, *, practice_ahead: bool) -> None:
    """Migrate, publish the shipped processes, and serve."""
    settings = settings_here()
    if workers > 1 and settings.database_url.startswith("sqlite"):
        raise click.UsageError("SQLite takes one process. Set DATABASE_URL to use PostgreSQL.")
    _check_port(settings)
    # Script workers do not survive a fork, so what may run scripts before the server
    # starts runs in a process of its own.
    preparation = multiprocessing.get_context("fork").Process(
        target=_prepare, args=[settings, practice_ahead and settings.demo]
    )
    preparation.start()
    from app.cli.server import Server  # noqa: PLC0415 - the pages are loaded meanwhile

    preparation.join()
    if preparation.exitcode:
        sys.exit(preparation.exitcode)
    click.echo(f"Houtai is on http://{settings.host}:{settings.port}  (Ctrl-C ends it)")
    Server(settings, workers).run()


def _check_port(settings: Settings) -> None:
    """Say at once that nobody could come in, before anything is prepared."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((settings.host, settings.port))
        except (OSError, OverflowError) as error:
            where, why = f"{settings.host}:{settings.port}", str(error).rstrip(".")
            message = f"{where} cannot be used: {why}. Choose another with HOUTAI_PORT."
            raise click.ClickException(message) from error


def _prepare(settings: Settings, practice_ahead: bool) -> None:  # noqa: FBT001 - of a process
    try:
        _bring_up_to_date(settings, practice_ahead=practice_ahead)
    except click.ClickException as refused:  # nobody above this process would print it
        refused.show()
        sys.exit(refused.exit_code)


def _bring_up_to_date(settings: Settings, *, practice_ahead: bool) -> None:
    from app.cli import deploy, schema  # noqa: PLC0415 - only this process runs scripts
    from app.cli.application import application  # noqa: PLC0415

    with application(migrated=False):
        schema.upgrade()
        deploy.publish_shipped()
        if founding.is_open():
            click.echo(_EMPTY.format(code=founding.code(settings.secret_key)))
            if practice_ahead:
                _play_practice_ahead()
        if settings.demo and not founding.is_founded():
            click.echo(f"{_TO_BE if founding.is_open() else ''}{roster()}")


def _play_practice_ahead() -> None:
    """In a process of its own, which goes on when the server ends and is done for next time."""
    subprocess.Popen(
        [sys.executable, "-m", "app", "demo", "--prepare"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
