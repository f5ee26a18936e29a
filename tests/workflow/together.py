"""Several people at the same instant, each in a thread with a session of their own."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from flask import Flask

from app.kernel.db import db

T = TypeVar("T")


def together(app: Flask, jobs: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """What each job returned or raised; all begin when all are ready."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | Exception:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                return job()
            except Exception as error:  # noqa: BLE001 - the test looks at it
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
