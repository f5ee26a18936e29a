"""`houtai worker`: timers, messages and the outbox, without pages."""

import signal
import threading

import click

from app.cli.application import application
from app.kernel import garbage
from app.scheduler import clockwork
from app.workflow.spiff.sandbox import pool


@click.command("worker")
def command() -> None:
    """Run the clockwork until it is asked to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with application(beside_people=True) as app:
        pool.start()
        garbage.settle()
        running = clockwork.start(app)
        click.echo("The clockwork is running.  (Ctrl-C ends it)")
        stop.wait()
        running.shutdown(wait=True)
