"""The web server: gunicorn with threads, and the clockwork in each process (one is elected)."""

from typing import Any

import gunicorn.app.base
from flask import Flask

from app import web as web  # noqa: PLC0414 - loaded before the workers fork, shared by them
from app.config import Settings
from app.factory import create_app
from app.kernel import garbage
from app.scheduler import clockwork
from app.workflow.spiff.sandbox import pool


class Server(gunicorn.app.base.BaseApplication):
    """Gunicorn, set up from our settings instead of a file of its own."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._workers = workers
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": f"{self._settings.host}:{self._settings.port}",
            "workers": self._workers,
            "worker_class": "gthread",
            "threads": self._settings.threads,
            "loglevel": "warning",
            "graceful_timeout": 10,
            "timeout": 120,
            "post_worker_init": _start_clockwork,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return create_app(self._settings)


def _start_clockwork(worker: Any) -> None:
    """After the fork: script workers, whose missing box is to be told at once, and the ticker."""
    garbage.settle()
    pool.start()
    clockwork.start(worker.wsgi)
