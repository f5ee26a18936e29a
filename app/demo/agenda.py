"""Many stories at once: each says when it goes on, and the earliest goes on first."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from app.demo.acting import Stage

Script = Iterator[datetime]


def play(
    stage: Stage, scripts: Iterable[Script], *, told: Callable[[datetime], object] = str
) -> None:
    """Play every script to its end; `told` hears how far the calendar is."""
    waiting: list[tuple[datetime, int, Script]] = []
    for number, script in enumerate(scripts):
        _wait(waiting, next(script, None), number, script)
    while waiting:
        at, number, script = heapq.heappop(waiting)
        told(at)
        _wait(waiting, stage.play(at, partial(next, script, None)), number, script)


def _wait(
    waiting: list[tuple[datetime, int, Script]], at: datetime | None, number: int, script: Script
) -> None:
    if at is not None:
        heapq.heappush(waiting, (at, number, script))
