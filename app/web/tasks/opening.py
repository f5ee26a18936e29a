"""Drafts around an open task: when it was kept, and whose may be kept at all."""

from datetime import datetime

from sqlalchemy import select

from app.identity.people import Person
from app.kernel.db import db
from app.web.problems import kept_sentence
from app.web.tongue import _
from app.workflow import closed, giving_back, rights
from app.workflow.opened import OpenTask
from app.workflow.records import Task, TaskDraft


def draft(task_id: int, by: Person) -> tuple[dict[str, object], datetime] | None:
    """What the person had typed, and when."""
    query = select(TaskDraft.answers, TaskDraft.saved_at)
    found = db.session.execute(
        query.filter_by(task_id=task_id, person_id=by.id, is_aside=False)
    ).first()
    return (found.answers, found.saved_at) if found else None


def came_back(task: OpenTask) -> str:
    """Why who did it has the task again; faults are for programmers to read."""
    incident = giving_back.came_back(task)
    if incident is None:
        return ""
    if incident.refusal is None:
        return _("This step came back because a fault stopped it. Nothing of it was done.")
    why = kept_sentence(incident)
    return _("This step came back, and nothing of it was done: %(why)s", why=why)


def check_may_keep_draft(task_id: int, by: Person) -> None:
    """Drafts are kept for tasks the person may see, also for those just finished by another.

    Raises:
        NotFound: there is no such task for this person.
    """
    try:
        row = db.session.get(Task, task_id) or closed.refuse(task_id, by)
    except (closed.AlreadyDone, closed.NoLongerNeeded):
        return
    rights.check_sees(by, rights.Asked(row.role, row.scope, None, row.excluded, None))
