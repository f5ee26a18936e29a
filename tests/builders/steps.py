"""Writing ledgers in a test as a process step would."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from app.kernel import cause
from app.kernel.db import in_transaction

T = TypeVar("T")
_visits = count(1)


def in_a_step(step: Callable[[], T], *, key: str | None = None, by: int | None = None) -> T:
    """Run `step` in one committed transaction, as the effect `key` (a new one when not given)."""
    acting = cause.Cause(key or f"1:step:{next(_visits)}", 1, "step", by)

    def run() -> T:
        with cause.acting(acting):
            return step()

    return in_transaction(run)
