"""The script workers of this process: started after the fork, shared fairly between people."""

import atexit
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic_monty import Monty

from app.kernel.errors import N_
from app.workflow.spiff.sandbox.box import Box
from app.workflow.spiff.sandbox.errors import ScriptsBusy

WORKERS = 4
WORKERS_PER_OWNER = 2
WAIT_SECONDS = 5.0
_TURN_SECONDS = 4.0
_RUNS_PER_WORKER = 5_000


class _Workers:
    """The one pool, and who occupies it."""

    def __init__(self) -> None:
        self.boxed = True
        self.process = 0
        self.monty: Monty | None = None
        self.box: Box | None = None
        self.lock = threading.Lock()
        self.freed = threading.Condition()
        self.busy: Counter[str] = Counter()


_workers = _Workers()


def configure(*, boxed: bool) -> None:
    """Choose, before the first script runs, whether workers are locked into the box."""
    _workers.boxed = boxed


def start() -> None:
    """Start the workers now, after the fork, rather than with the first script."""
    _started()


@contextmanager
def worker(owner: str) -> Iterator[Monty]:
    """The pool, once `owner` occupies less than their share of it.

    Raises:
        ScriptsBusy: their share stayed occupied for `WAIT_SECONDS`.
    """
    pool = _started()
    _take_place(owner)
    try:
        yield pool
    finally:
        _give_place(owner)


def close() -> None:
    """End the workers of this process; the next script starts new ones."""
    with _workers.lock:
        if _workers.monty is None or _workers.process != os.getpid():
            return
        _workers.monty.__exit__(None, None, None)
        if _workers.box is not None:
            _workers.box.remove()
        _workers.monty, _workers.box, _workers.process = None, None, 0


def _started() -> Monty:
    if _workers.monty is not None and _workers.process == os.getpid():
        return _workers.monty
    with _workers.lock:
        # Measured with pydantic-monty 1.4.0: a process forked while a pool is open hangs or
        # dies as soon as it touches the pool, so it must not inherit one.
        if _workers.process not in (0, os.getpid()):
            raise RuntimeError("script workers were started before fork(): start them after it")
        if _workers.monty is None:
            _workers.monty = _start()
        return _workers.monty


def _start() -> Monty:
    _workers.box = Box(wanted=_workers.boxed)
    pool = Monty(
        binary_path=_workers.box.command,
        min_processes=1,
        max_processes=WORKERS,
        checkout_timeout=WAIT_SECONDS,
        request_timeout=_TURN_SECONDS,
        max_checkouts_per_worker=_RUNS_PER_WORKER,
    )
    pool.__enter__()
    _workers.process = os.getpid()
    return pool


def _take_place(owner: str) -> None:
    with _workers.freed:
        free = _workers.freed.wait_for(
            lambda: _workers.busy[owner] < WORKERS_PER_OWNER, timeout=WAIT_SECONDS
        )
        if not free:
            message = N_("too many of your scripts are still running")
            raise ScriptsBusy(message, hint=N_("try again in a moment"))
        _workers.busy[owner] += 1


def _give_place(owner: str) -> None:
    with _workers.freed:
        _workers.busy[owner] -= 1
        if not _workers.busy[owner]:
            del _workers.busy[owner]
        _workers.freed.notify_all()


atexit.register(close)
