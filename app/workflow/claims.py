"""Claiming: who of several is working on a task."""

from datetime import timedelta

from sqlalchemy import Select, or_, select, union_all, update

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db
from app.workflow import closed, rights
from app.workflow.reach import reach, within
from app.workflow.records import Task

_LOOKED_AT = 20


def claim(task_id: int, by: Person) -> None:
    """Let `by` hold the task; twice changes nothing.

    Raises:
        HeldBySomeone, AlreadyDone, NotYourRole, SomeoneElseMust: why not.
    """
    task = locked(task_id, by)
    rights.check_may_do(by, task)
    if task.holder_id is None:
        hold(task_id, by.id)


def release(task_id: int, by: Person) -> None:
    """Give the task back to its role; whose it is not, cannot."""
    task = locked(task_id, by)
    rights.check_sees(by, task)
    if task.holder_id not in {None, by.id}:
        raise rights.HeldBySomeone(holder=rights.name_of(task.holder_id), since=task.claimed_at)
    hold(task_id, None)


def claim_next(by: Person) -> int | None:
    """Claim the most urgent task that nobody holds; None when there is none.

    Two people who ask at the same moment get two tasks.
    """
    wanted = list(db.session.scalars(_candidates(by)))
    if not wanted:
        return None
    free = select(Task.id).where(Task.id.in_(wanted), Task.holder_id.is_(None))
    query = free.order_by(Task.rank, Task.id).limit(1).with_for_update(skip_locked=True)
    found = db.session.scalar(query)
    if found is not None:
        hold(found, by.id)
    return found


def free_abandoned(older_than: timedelta) -> int:
    """Give back what was claimed long ago and never finished; how many."""
    held = update(Task).where(Task.holder_id.is_not(None))  # the index knows the few of these
    stale = held.where(Task.claimed_at < clock.now() - older_than)
    result = db.session.execute(stale.values(holder_id=None, claimed_at=None))
    return int(getattr(result, "rowcount", 0))


def locked(task_id: int, by: Person) -> rights.Asked:
    """What the rights of an open task depend on, locked until the step ends.

    Raises:
        NotFound, AlreadyDone, NoLongerNeeded: it is not open.
    """
    query = select(Task.role, Task.scope, Task.holder_id, Task.excluded, Task.claimed_at)
    found = db.session.execute(query.where(Task.id == task_id).with_for_update()).first()
    return rights.Asked(**found._mapping) if found else closed.refuse(task_id, by)  # noqa: SLF001


def hold(task_id: int, person_id: int | None) -> None:
    """Let the person hold a task that is locked; None gives it back to its role."""
    since = clock.now() if person_id else None
    change = update(Task).where(Task.id == task_id)
    db.session.execute(change.values(holder_id=person_id, claimed_at=since))


def _candidates(by: Person) -> Select[int]:
    mine = or_(Task.excluded.is_(None), Task.excluded.not_like(f"% {by.id} %"))
    free = select(Task.id, Task.rank).where(Task.holder_id.is_(None), mine)
    parts = [
        free.where(*within(role, scope)).order_by(Task.rank, Task.id).limit(_LOOKED_AT).subquery()
        for role, scope in reach(by)
    ] or [free.where(Task.id < 0).subquery()]
    merged = union_all(*(select(part) for part in parts)).subquery()
    return select(merged.c.id).order_by(merged.c.rank, merged.c.id).limit(_LOOKED_AT)
