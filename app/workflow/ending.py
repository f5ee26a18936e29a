"""Cancelling a case: nothing of it waits any longer, and its story says why."""

from sqlalchemy import delete, select

from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import cases, history, incident_rows, looking, packing, rights, syncing, waiting
from app.workflow.records import CANCELLED, ProcessInstance, Task
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import CANCELLED as CANCELLATION
from app.workflow.steps import Step, Trigger


class CaseIsOver(Refusal):
    """Nothing can be done to a case that has ended."""

    code = "case_is_over"
    message = N_("This case has already ended.")


def cancel(instance_id: int, reason: str, by: int | None) -> None:
    """End an open case: its tasks, timers and waits go; what was booked stays booked.

    Raises:
        NotYourRole: only operators of its place cancel it.
    """
    case = cases.lock(instance_id)
    if case is None:
        raise NotFound
    rights.check_office(by, rights.OPERATORS, scope=case.scope)
    if not case.is_open:
        raise CaseIsOver
    trigger = Trigger(CANCELLATION, person_id=by, detail={"reason": reason})
    step = Step(case, trigger, clock.now(), waiting.of(case.id))
    syncing.drop_waits(step)
    incident_rows.resolve(list(step.before.incidents.values()), step)
    history.add(step, dict(trigger.detail), _withdraw_tasks(step))
    _close(step)


def _withdraw_tasks(step: Step) -> list[tuple[int, str]]:
    own = Task.instance_id == step.case.id
    rows = db.session.execute(select(Task.id, Task.element_id).where(own))
    open_ones = [(row.id, row.element_id) for row in rows]
    db.session.execute(delete(Task).where(own))
    return open_ones


def _close(step: Step) -> None:
    row = db.session.get(ProcessInstance, step.case.id, populate_existing=True)
    if row is not None:
        row.status, row.ended_at, row.edition = CANCELLED, step.at, step.edition
        row.state = packing.packed(contract.plain(looking.data(step.case)))
