"""What a case waits for, as the database has it: tasks, timers, messages, incidents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CompoundSelect,
    String,
    bindparam,
    cast,
    literal,
    null,
    select,
    union_all,
)

from app.kernel.db import Instant, connection
from app.workflow.records import Incident, MessageWait, Task, TimerDue

_TASK, _TIMER, _MESSAGE, _INCIDENT = "task", "timer", "message", "incident"
_NO_INSTANT = cast(null(), Instant)
_NO_ID = cast(null(), BigInteger)
_CASE: BindParameter[int] = bindparam("wanted")
_ALL: CompoundSelect[*tuple[Any, ...]] = union_all(
    select(
        literal(_TASK).label("kind"),
        cast(Task.id, BigInteger).label("id"),
        cast(Task.token, String).label("name"),
        _NO_INSTANT.label("due"),
    ).where(Task.instance_id == _CASE),
    select(literal(_TIMER), _NO_ID, TimerDue.token, TimerDue.due_at).where(
        TimerDue.instance_id == _CASE
    ),
    select(literal(_MESSAGE), _NO_ID, MessageWait.token, _NO_INSTANT).where(
        MessageWait.instance_id == _CASE
    ),
    select(literal(_INCIDENT), Incident.id, Incident.element_id, _NO_INSTANT).where(
        Incident.instance_id == _CASE, Incident.resolved_at.is_(None)
    ),
)


@dataclass(frozen=True)
class Waiting:
    """The rows of one case by the engine's token; incidents by the element that failed."""

    tasks: Mapping[str, int] = field(default_factory=dict)
    timers: Mapping[str, datetime] = field(default_factory=dict)
    messages: Mapping[str, None] = field(default_factory=dict)
    incidents: Mapping[str, int] = field(default_factory=dict)


def of(instance_id: int) -> Waiting:
    """Everything the case waits for, in one statement."""
    tasks: dict[str, int] = {}
    timers: dict[str, datetime] = {}
    messages: dict[str, None] = {}
    incidents: dict[str, int] = {}
    for kind, row_id, name, due in connection().execute(_ALL, {"wanted": instance_id}):
        if kind == _TASK:
            tasks[name] = row_id
        elif kind == _TIMER:
            timers[name] = due
        elif kind == _MESSAGE:
            messages[name] = None
        else:
            incidents[name] = row_id
    return Waiting(tasks, timers, messages, incidents)
