"""Cancelling a case: nothing of it waits any longer, and its story says why."""

from typing import NamedTuple

from sqlalchemy import delete, select

from app.identity import people
from app.identity.roles import OPERATOR
from app.kernel import clock, trial
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import (
    cancelling,
    cases,
    halted,
    history,
    incident_rows,
    looking,
    notices,
    packing,
    rights,
    syncing,
    waiting,
)
from app.workflow.cases import Case
from app.workflow.records import CANCELLED, ProcessInstance, Task
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import CANCELLED as CANCELLATION
from app.workflow.steps import Step, Trigger

LONGEST_REASON = 500


_TRIED = "tried"


class CaseIsOver(Refusal):
    """Nothing can be done to a case that has ended."""

    code = "case_is_over"
    message = N_("This case has already ended.")


class NoReasonToCancel(Refusal):
    """Whoever looks for the case later must find out why it ended."""

    code = "no_reason_to_cancel"
    field = "reason"
    message = N_("Say in up to {longest} characters why the case ends; its history keeps it.")
    status = 422


class _Open(NamedTuple):
    """A task that goes away undone."""

    id: int
    element_id: str
    holder_id: int | None


def cancel(instance_id: int, reason: str, by: int | None) -> None:
    """End an open case: its tasks, timers and waits go; what was booked stays booked.

    What the case holds is tidied by the effect its process names; who held a task is told.

    Raises:
        NotYourRole: only operators of its place cancel it, and the roles its process names.
        NoReasonToCancel, CaseIsOver: there is no reason, or nothing to end.
        NotByHand, NobodySaysHow: goods or money would be left open.
        Refusal: of the effect that tidies; nothing happened.
    """
    case = cases.lock(instance_id)
    if case is None:
        raise NotFound
    reason = _checked(case, reason, by)
    trigger = Trigger(CANCELLATION, person_id=by, detail={"reason": reason})
    step = Step(case, trigger, clock.now(), waiting.of(case.id))
    tidied = cancelling.tidy(step, reason)
    syncing.drop_waits(step)
    incident_rows.resolve(list(step.before.incidents.values()), step)
    halted.forget(case.id)
    gone = _withdraw_tasks(step)
    told = {history.PASSED: tidied} if tidied else {}
    history.add(step, {**trigger.detail, **told}, [(one.id, one.element_id) for one in gone])
    _tell_holders(case, gone, by)
    _close(step)


def refusal(instance_id: int, by: int | None) -> Refusal | None:
    """Why the case cannot be cancelled, by what `cancel` and what tidies would say now."""
    return trial.refusal_of(lambda: cancel(instance_id, _TRIED, by))


def _checked(case: Case, reason: str, by: int | None) -> str:
    """The reason, once everything allows the case to end."""
    process = case.blueprint.parsed.properties
    if by is not None and not cancelling.may(case, process, by):
        raise rights.NotYourRole(role=OPERATOR)
    if not case.is_open:
        raise CaseIsOver
    found = " ".join(reason.replace("\0", "").split())
    if not 0 < len(found) <= LONGEST_REASON:
        raise NoReasonToCancel(longest=LONGEST_REASON)
    cancelling.check(case.id, process)
    return found


def _withdraw_tasks(step: Step) -> list[_Open]:
    own = Task.instance_id == step.case.id
    rows = db.session.execute(select(Task.id, Task.element_id, Task.holder_id).where(own))
    open_ones = [_Open(*row) for row in rows]
    db.session.execute(delete(Task).where(own))
    return open_ones


def _tell_holders(case: Case, gone: list[_Open], by: int | None) -> None:
    person = people.get(by) if by else None
    if person is not None:
        for holder in sorted({one.holder_id for one in gone if one.holder_id} - {by}):
            notices.tell(holder, notices.CANCELLED, case.id, by=person)


def _close(step: Step) -> None:
    row = db.session.get(ProcessInstance, step.case.id, populate_existing=True)
    if row is not None:
        row.status, row.ended_at, row.edition = CANCELLED, step.at, step.edition
        row.state = packing.packed(contract.plain(looking.data(step.case)))
