"""Timers: due rows are claimed, and only their cases move; a busy case stays due."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import bindparam, select, update

from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.faults import Fault, contained
from app.kernel.outbox import ATTEMPTS, backoff
from app.workflow import cases, incident_rows, running
from app.workflow.host import CaseHost
from app.workflow.records import ProcessInstance, TimerDue
from app.workflow.spiff.execution import Execution
from app.workflow.steps import TIMER, Trigger

_DUE = (
    select(TimerDue.instance_id, TimerDue.token, TimerDue.element_id, TimerDue.due_at)
    .join(ProcessInstance, ProcessInstance.id == TimerDue.instance_id)
    .where(TimerDue.try_at <= bindparam("now"))
    .order_by(TimerDue.try_at, TimerDue.instance_id, TimerDue.token)
    .limit(1)
    .with_for_update(of=[TimerDue, ProcessInstance], skip_locked=True)
)


@dataclass
class _Claimed:
    """The timer a step is about; it outlives the step that failed."""

    instance_id: int | None = None
    token: str = ""
    due_at: datetime | None = None


def fire_due(limit: int = 100) -> int:
    """Fire what is due, each timer in its own transaction; how many were taken up."""
    for taken in range(limit):
        claimed = _Claimed()
        outcome = contained(partial(in_transaction, partial(_fire_next, claimed)))
        if isinstance(outcome, Fault):
            if claimed.instance_id is None:
                return taken
            in_transaction(partial(_note_failure, claimed, outcome.error))
        elif not outcome:
            return taken
    return limit


def _fire_next(claimed: _Claimed) -> bool:
    claimed.instance_id = None  # of an earlier try of this step
    row = db.session.execute(_DUE, {"now": clock.now()}).first()
    if row is None:
        return False
    claimed.instance_id, claimed.token, claimed.due_at = row.instance_id, row.token, row.due_at
    case = cases.lock(row.instance_id)
    if case is None:
        return False
    detail: dict[str, object] = {"due": row.due_at.isoformat()}
    trigger = Trigger(TIMER, row.element_id, detail=detail)
    running.run(case, trigger, partial(_fire, case, row.token))
    return True


def _fire(case: cases.Case, token: str, host: CaseHost) -> Execution:
    execution = Execution.load(case.blueprint.parsed, case.state or b"", host)
    execution.fire_timer(token)
    return execution


def _note_failure(claimed: _Claimed, error: Exception) -> None:
    """Count outside the step that was rolled back; the fifth time an incident has it."""
    own = (TimerDue.instance_id == claimed.instance_id, TimerDue.token == claimed.token)
    row = db.session.execute(
        select(TimerDue.failures, TimerDue.element_id).where(*own).with_for_update()
    ).first()
    if row is None:
        return
    failures, now = row.failures + 1, clock.now()
    later = now + backoff(failures) if failures < ATTEMPTS else None
    db.session.execute(update(TimerDue).where(*own).values(failures=failures, try_at=later))
    if later is None:
        values = {"kind": "timer", "instance_id": claimed.instance_id, "try_at": None}
        where = {"element_id": row.element_id, "failures": failures}
        incident_rows.open_one({**values, **where}, error, now)
