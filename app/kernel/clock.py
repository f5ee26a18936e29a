"""The only clock of the product; tests and the demo turn it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_ahead_by = timedelta()


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC) + _ahead_by


def turn(by: timedelta) -> None:
    """Move the clock of this process forward (or back) by `by`."""
    global _ahead_by  # noqa: PLW0603 - the one clock of this process
    _ahead_by += by


@contextmanager
def turned_to(instant: datetime) -> Iterator[None]:
    """Let the clock run from `instant` inside the block."""
    by = instant - now()
    turn(by)
    try:
        yield
    finally:
        turn(-by)
