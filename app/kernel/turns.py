"""Writers of one SQLite file take turns within this process; SQLite itself lets them poll."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

# As long as SQLite waits for a writer of another process; then it says that it is busy.
_LONGEST_SECONDS = 30.0
_locks: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Wait for the writer before, whatever the database. PostgreSQL queues by itself.

    Measured with ten people at once: SQLite's busy handler sleeps up to 100 ms between tries
    and lets latecomers pass, so that the slowest of ten waited for half a second.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    lock = _locks.setdefault(engine, Lock())
    taken = lock.acquire(timeout=_LONGEST_SECONDS)
    try:
        yield
    finally:
        if taken:
            lock.release()
