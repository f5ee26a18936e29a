"""The open intervals of one year of the world's clock, summed up so that they can be searched."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

Interval = tuple[int, int]  # microseconds since 1970, end excluded


@dataclass(frozen=True)
class OpenHours:
    """Disjoint intervals in order; `before[i]` and `upto[i]` are the open time around the i-th."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    upto: list[int]

    @property
    def total(self) -> int:
        """The open time of the whole year."""
        return self.upto[-1] if self.upto else 0

    def measure(self, instant: int) -> int:
        """The open time from the start of the year until `instant`."""
        last = bisect_right(self.starts, instant) - 1
        if last < 0:
            return 0
        return self.before[last] + min(instant, self.ends[last]) - self.starts[last]

    def earliest(self, measure: int) -> int:
        """The first instant with `measure` open time before it (0 < measure ≤ total)."""
        index = bisect_left(self.upto, measure)
        return self.starts[index] + measure - self.before[index]

    def latest(self, measure: int) -> int:
        """The last instant with `measure` open time before it (0 ≤ measure < total)."""
        index = bisect_right(self.before, measure) - 1
        return self.starts[index] + measure - self.before[index]

    def is_open(self, instant: int) -> bool:
        """Whether `instant` lies in an interval."""
        last = bisect_right(self.starts, instant) - 1
        return last >= 0 and instant < self.ends[last]


def between(intervals: Iterable[Interval], start: int, end: int) -> OpenHours:
    """What of `intervals` (which may touch and overlap) lies from `start` to `end`."""
    merged: list[list[int]] = []
    for opens, closes in sorted(intervals):
        first, last = max(opens, start), min(closes, end)
        if first >= last:
            continue
        if merged and first <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return _summed(merged)


def _summed(intervals: list[list[int]]) -> OpenHours:
    before, upto, total = [], [], 0
    for opens, closes in intervals:
        before.append(total)
        total += closes - opens
        upto.append(total)
    return OpenHours([a for a, _ in intervals], [b for _, b in intervals], before, upto)
