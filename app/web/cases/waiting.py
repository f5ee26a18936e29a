"""Who a case waits for, as rows that lead to the task where the reader may open it."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.web import rooms
from app.web.cases import naming
from app.web.cases.standing import Standing
from app.web.reading import as_read
from app.web.session import my_memberships
from app.web.words import name_of, role_title
from app.workflow import rights
from app.workflow.records import Task


@dataclass(frozen=True)
class Wait:
    """One open task of the case."""

    title: str
    about: str
    role: str
    holder: str
    due_at: datetime | None
    address: str | None


@dataclass(frozen=True)
class Stop:
    """One step that could not be finished."""

    id: int
    step: str
    address: str | None


def of(standing: Standing) -> list[Wait]:
    """The open tasks of the case."""
    return [
        Wait(
            title=naming.element_title(task.definition_id, task.element_id),
            about=_about(task, standing),
            role=role_title(task.role),
            holder=name_of(task.holder_id),
            due_at=task.due_at,
            address=_address(task),
        )
        for task in standing.tasks
    ]


def _about(task: Task, standing: Standing) -> str:
    """What tells this task from others of the case; nothing when it is what the case is about."""
    return as_read(task.subject) if task.subject and task.subject != standing.case.subject else ""


def is_mine(task: Task) -> bool:
    """Whether the reader holds the role of this task."""
    return rights.holds(my_memberships(), task.role, task.scope)


def stopped(standing: Standing) -> list[Stop]:
    """The open incidents of the case; operators get the way to them."""
    open_to_me = rooms.is_open("incidents")
    return [
        Stop(
            id=one.id,
            step=naming.element_title(standing.case.definition_id, one.element_id),
            address=url_for("incidents.show", incident_id=one.id) if open_to_me else None,
        )
        for one in standing.incidents
    ]


def _address(task: Task) -> str | None:
    may_open = rights.sees(my_memberships(), task.role, task.scope)
    return url_for("tasks.show", task_id=task.id) if may_open else None
