"""`houtai serve`: pages, and the clockwork beside them."""

import multiprocessing
import sys

import click
import flask_migrate

from app.cli.application import application
from app.cli.server import Server
from app.config import Settings, from_environment


@click.command("serve")
@click.option("--workers", default=1, show_default=True, help="Processes; SQLite takes one.")
def command(workers: int) -> None:
    """Migrate, publish the shipped processes, load the demo if asked to, and serve."""
    settings = from_environment()
    if workers > 1 and settings.database_url.startswith("sqlite"):
        raise click.UsageError("SQLite takes one process. Set DATABASE_URL to use PostgreSQL.")
    # Script workers do not survive a fork, so what runs scripts before the server
    # starts (the demo's cases) runs in a process of its own.
    preparation = multiprocessing.get_context("fork").Process(target=_prepare, args=[settings])
    preparation.start()
    preparation.join()
    if preparation.exitcode:
        sys.exit(preparation.exitcode)
    click.echo(f"Houtai is on http://{settings.host}:{settings.port}  (Ctrl-C ends it)")
    Server(settings, workers).run()


def _prepare(settings: Settings) -> None:
    from app.cli import demo, deploy  # noqa: PLC0415 - only this process runs cases

    with application():
        flask_migrate.upgrade()
        deploy.publish_shipped()
        if settings.demo:
            demo.load_once()
