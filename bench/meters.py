"""Meters: time of the processor and on the wall, statements, commits."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeVar

from sqlalchemy import event

from app.kernel.db import db

T = TypeVar("T")


@dataclass(frozen=True)
class Spent:
    """Milliseconds of one run; `cpu` is this process alone, without script workers."""

    cpu: float
    wall: float

    @property
    def waited(self) -> float:
        return max(self.wall - self.cpu, 0.0)


def timed(action: Callable[[], T]) -> tuple[T, Spent]:
    """What `action` gave, and what it took."""
    wall, cpu = time.perf_counter_ns(), time.process_time_ns()
    result = action()
    cpu, wall = time.process_time_ns() - cpu, time.perf_counter_ns() - wall
    return result, Spent(cpu / 1e6, wall / 1e6)


def spent(action: Callable[[], object]) -> Spent:
    return timed(action)[1]


def middle(runs: Iterable[Spent]) -> Spent:
    """The median of each."""
    listed = list(runs)
    return Spent(median(run.cpu for run in listed), median(run.wall for run in listed))


@dataclass
class Traffic:
    """What went to the database."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)
    commits: int = 0

    @property
    def texts(self) -> list[str]:
        return [text for text, _, _ in self.statements]

    @property
    def writes(self) -> list[tuple[str, Any, bool]]:
        verbs = ("INSERT", "UPDATE", "DELETE")
        return [found for found in self.statements if found[0].lstrip().startswith(verbs)]


@contextmanager
def traffic() -> Iterator[Traffic]:
    """Every statement and commit inside the block; savepoints are statements, BEGIN is none."""
    seen = Traffic()

    def note(_c: Any, _cursor: Any, text: str, given: Any, _context: Any, many: Any) -> None:
        if not text.startswith("BEGIN"):
            seen.statements.append((text, given, bool(many)))

    def commit(_connection: Any) -> None:
        seen.commits += 1

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.engine, "commit", commit)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.engine, "commit", commit)
