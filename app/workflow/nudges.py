"""Reminders: a step that stands still moves up in everybody's inbox."""

from sqlalchemy import select

from app.kernel import cause
from app.kernel.db import db
from app.workflow.records import Task
from app.workflow.task_rows import rank_of

URGENT = 90


def nudge(element_id: str) -> int:
    """Put the open tasks of one step of the running case on top; how many there are."""
    case_id = cause.current().instance_id
    query = select(Task).filter_by(instance_id=case_id, element_id=element_id)
    late = list(db.session.scalars(query.execution_options(populate_existing=True)))
    for task in late:
        task.priority = max(task.priority, URGENT)
        task.rank = rank_of(task.priority, task.due_at)
    db.session.flush()
    return len(late)
