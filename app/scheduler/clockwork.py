"""The ticker: APScheduler in memory, which calls our own pollers; one elected process ticks."""

import logging
from collections.abc import Callable
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.config import Settings
from app.kernel.db import db
from app.kernel.faults import contained
from app.scheduler.election import Election
from app.scheduler.jobs import Job, schedule

# APScheduler says at INFO that it runs and at WARNING that a tick was skipped: every second.
logging.getLogger("apscheduler").setLevel(logging.ERROR)


class Clockwork:
    """What runs beside the pages, or alone in a worker."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._election = Election()
        self._ticker = BackgroundScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to tick."""
        settings: Settings = self._app.config["HOUTAI"]
        for job in schedule(settings.tick_seconds):
            self._ticker.add_job(
                partial(self._tick, job), "interval", seconds=job.every_seconds, id=job.name
            )
        self._ticker.start()

    def shutdown(self, *, wait: bool = True) -> None:
        """Let what runs end, and give up the office."""
        self._ticker.shutdown(wait=wait)
        self._election.resign()

    def _tick(self, job: Job) -> None:
        """Run one job in a context of its own; whatever it meets, the next tick comes."""
        contained(partial(self._run, job.run))

    def _run(self, run: Callable[[], object]) -> None:
        with self._app.app_context():
            try:
                if self._election.won():
                    run()
            finally:
                db.session.remove()


def start(app: Flask) -> Clockwork:
    """The clockwork of this process, ticking."""
    clockwork = Clockwork(app)
    clockwork.start()
    return clockwork
