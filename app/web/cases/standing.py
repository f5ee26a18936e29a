"""Where a case stands now: its open tasks, waits, timers and incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.kernel.db import db
from app.workflow import definitions, incidents
from app.workflow.blueprints import Blueprint
from app.workflow.records import Incident, MessageWait, ProcessInstance, Task, TimerDue


@dataclass(frozen=True)
class Standing:
    """Everything a case waits for."""

    case: ProcessInstance
    blueprint: Blueprint
    tasks: Sequence[Task]
    timers: Sequence[TimerDue]
    messages: Sequence[MessageWait]
    incidents: Sequence[Incident]

    @property
    def waits(self) -> "list[Wait]":
        """Messages and timers alike."""
        messages = [Wait(one.element_id, None) for one in self.messages]
        return [*messages, *(Wait(one.element_id, one.due_at) for one in self.timers)]


@dataclass(frozen=True)
class Wait:
    """A message or a timer the case waits for."""

    element_id: str
    due_at: datetime | None


def of(case: ProcessInstance) -> Standing:
    """Where it stands, in five statements."""
    every = db.session.scalars
    return Standing(
        case=case,
        blueprint=definitions.blueprint(case.definition_id),
        tasks=every(select(Task).filter_by(instance_id=case.id).order_by(Task.id)).all(),
        timers=every(
            select(TimerDue).filter_by(instance_id=case.id).order_by(TimerDue.due_at)
        ).all(),
        messages=every(select(MessageWait).filter_by(instance_id=case.id)).all(),
        incidents=[one for one in incidents.of_case(case.id) if one.resolved_at is None],
    )
