"""How long a step usually takes: the working time that its finished tasks were open."""

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import String, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import calendars, clock
from app.kernel.db import Instant, Model, RowId, connection, db
from app.kernel.writes import Writes
from app.workflow.cases import Case

LOOKED_BACK = timedelta(days=90)
MOST, FEWEST = 200, 5


class FinishedTask(Model):
    """One finished task, kept by its step and the time it ended, so that a step is one range."""

    __tablename__ = "finished_task"
    __table_args__ = ({"sqlite_with_rowid": False},)

    process_key: Mapped[str] = mapped_column(String(80), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    finished_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    task_id: Mapped[int] = mapped_column(RowId, primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    scope: Mapped[str] = mapped_column(String(80))


_ADD = insert(FinishedTask)
_LATEST = (
    select(FinishedTask.opened_at, FinishedTask.finished_at, FinishedTask.scope)
    .where(
        FinishedTask.process_key == bindparam("key"),
        FinishedTask.element_id == bindparam("element"),
        FinishedTask.finished_at >= bindparam("since", type_=Instant),
    )
    .order_by(FinishedTask.finished_at.desc())
    .limit(MOST)
)


def note(
    writes: Writes, case: Case, task_id: int, element_id: str, *, opened_at: datetime, scope: str
) -> None:
    """Keep, among `writes`, when a task that ends now was opened."""
    row = {
        "process_key": case.key,
        "element_id": element_id,
        "finished_at": clock.now(),
        "task_id": task_id,
        "opened_at": opened_at,
        "scope": scope,
    }
    writes.note(_ADD, row)


def usual(process_key: str, element_id: str) -> timedelta | None:
    """The median working time from opened to answered of the step, in any version of its process.

    Measured on the last 200 tasks that people finished within 90 days, each on the calendar of its
    place as it is now; tasks that went without an answer do not count. None when fewer than five
    were finished: that would be chance.
    """
    given = {"key": process_key, "element": element_id, "since": clock.now() - LOOKED_BACK}
    found = connection().execute(_LATEST, given).all()
    if len(found) < FEWEST:
        return None
    worked = (
        calendars.of_scope(scope).between(opened_at, finished_at).total_seconds()
        for opened_at, finished_at, scope in found
    )
    return timedelta(seconds=median(worked))


def forget_old() -> int:
    """Drop what no question looks at any more; how many rows."""
    old = delete(FinishedTask).where(FinishedTask.finished_at < clock.now() - LOOKED_BACK)
    return int(getattr(db.session.execute(old), "rowcount", 0))
