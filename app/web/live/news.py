"""What is new in the database since the last look: a few indexed reads for all streams together."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.identity.memberships import covers
from app.kernel.db import connection
from app.web.live.streams import Wishes
from app.workflow.comments import Mention
from app.workflow.notices import Notice
from app.workflow.records import ProcessInstance, Task

# Numbers are given out before they are committed, so that lower ones may appear later.
_LATECOMERS = 200
# A task is stamped when its step begins, and seen when it was committed.
_LONGEST_STEP = timedelta(seconds=5)


@dataclass(frozen=True)
class Arrived:
    """A task that opened."""

    role: str
    scope: str
    holder_id: int | None

    def concerns(self, wishes: Wishes) -> bool:
        """Whether it stands in the inbox of whoever listens."""
        if self.holder_id is not None:
            return self.holder_id == wishes.person_id
        return any(role == self.role and covers(at, self.scope) for role, at in wishes.reach)


class Lookout:
    """Remembers which tasks, notices and calls were seen."""

    def __init__(self) -> None:
        self._tasks = _Seen(Task.id, Task.role, Task.scope, Task.holder_id)
        self._notices = _Seen(Notice.id, Notice.person_id)
        self._calls = _Seen(Mention.comment_id, Mention.person_id)
        self.arrived()
        self.told()

    def arrived(self) -> list[Arrived]:
        """Tasks that opened since the last look."""
        return [Arrived(row.role, row.scope, row.holder_id) for row in self._tasks.new()]

    def opened_since(self, at: datetime) -> list[Arrived]:
        """Of the latest tasks, those that opened since, and for the length of a step before."""
        latest = self._tasks.latest().where(Task.opened_at >= at - _LONGEST_STEP)
        return [Arrived(row.role, row.scope, row.holder_id) for row in connection().execute(latest)]

    def told(self) -> set[int]:
        """Whom a colleague told something since the last look, or called into a case."""
        return {row.person_id for row in (*self._notices.new(), *self._calls.new())}


class _Seen:
    """The rows of one table that were seen, by their growing numbers."""

    def __init__(
        self, number: InstrumentedAttribute[int], *columns: InstrumentedAttribute[Any]
    ) -> None:
        self._query = select(number.label("number"), *columns)
        self._number = number
        self._seen: set[int] = set()
        self._order: deque[int] = deque()
        self._last: int = connection().scalar(select(func.max(number))) or 0

    def new(self) -> Sequence[Row[Any]]:
        """Rows that appeared since the last look."""
        new = [row for row in connection().execute(self.latest()) if row.number not in self._seen]
        for row in new:
            self._remember(row.number)
        return new

    def latest(self) -> Select[*tuple[Any, ...]]:
        """The latest rows, seen or not."""
        return self._query.where(self._number > self._last - _LATECOMERS)

    def _remember(self, number: int) -> None:
        self._last = max(self._last, number)
        self._seen.add(number)
        self._order.append(number)
        while len(self._order) > 4 * _LATECOMERS:
            self._seen.discard(self._order.popleft())


def editions(case_ids: Iterable[int]) -> dict[int, int]:
    """The editions of these cases: a case's edition rises with every step."""
    wanted = sorted(set(case_ids))
    if not wanted:
        return {}
    query = select(ProcessInstance.id, ProcessInstance.edition)
    rows = connection().execute(query.where(ProcessInstance.id.in_(wanted)))
    return {row.id: row.edition for row in rows}
