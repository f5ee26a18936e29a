"""What is new in the database since the last look: a few indexed reads for all streams together."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from app.identity.memberships import covers
from app.kernel.db import connection
from app.web.live.streams import Wishes
from app.workflow.records import ProcessInstance, Task

# Numbers are given out before they are committed, so that lower ones may appear later.
_LATECOMERS = 200


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
    """Remembers which tasks were seen."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._order: deque[int] = deque()
        self._last = connection().scalar(select(func.max(Task.id))) or 0
        self.arrived()

    def arrived(self) -> list[Arrived]:
        """Tasks that opened since the last look."""
        query = select(Task.id, Task.role, Task.scope, Task.holder_id)
        rows = connection().execute(query.where(Task.id > self._last - _LATECOMERS)).all()
        new = [row for row in rows if row.id not in self._seen]
        for row in new:
            self._remember(row.id)
        return [Arrived(row.role, row.scope, row.holder_id) for row in new]

    def _remember(self, task_id: int) -> None:
        self._last = max(self._last, task_id)
        self._seen.add(task_id)
        self._order.append(task_id)
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
