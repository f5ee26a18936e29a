"""Giving a step back: where trying again would only fail again, who did it answers anew."""

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import select

from app.identity import people
from app.identity.people import Person
from app.kernel.db import db
from app.kernel.errors import N_, Refusal
from app.workflow import (
    claims,
    drafts,
    halted,
    incident_rows,
    incidents,
    looking,
    notices,
    rights,
    running,
)
from app.workflow.halted import Halted
from app.workflow.opened import OpenTask
from app.workflow.records import HistoryRow, Incident, Task
from app.workflow.steps import GIVEN_BACK, INCIDENT, Trigger


class TooLateToGiveBack(Refusal):
    """Only what nothing was built on can be undone."""

    code = "too_late_to_give_back"
    message = N_(
        "This step cannot be given back: its case went on, or something was done already. Try it "
        "again, or cancel the case."
    )


@dataclass(frozen=True)
class GivenBack:
    """The task that is open again, and whose it is; nobody's when they may not do it any more."""

    task_id: int
    person: Person | None


def whose(incident: Incident) -> Person | None:
    """Who would get the step back; None when it is too late."""
    if incident.resolved_at is not None or incident.instance_id is None:
        return None
    step = halted.of(incident.instance_id)
    return people.get(step.person_id) if step else None


def came_back(task: OpenTask) -> Incident | None:
    """The incident for which an open task was given back; None when it never was."""
    moment = select(HistoryRow.detail).filter_by(
        instance_id=task.instance_id,
        kind=GIVEN_BACK,
        element_id=task.element.id,
        at=task.opened_at,
    )
    detail = db.session.scalar(moment)
    return db.session.get(Incident, detail["incident"]) if detail else None


def give_back(incident_id: int, *, by: Person) -> GivenBack:
    """Undo the step that stopped at this incident: its task is open again, the answers a draft.

    Nothing of such a step was done, so nothing is lost but the time it took. Every incident of the
    step is over. The case's history keeps that it was answered, and given back.

    Raises:
        NotYourRole: only operators of the case's place give back.
        AlreadyResolved: someone was faster.
        TooLateToGiveBack: an effect happened, a message left, or the case moved since.
    """
    incident, case = incidents.locked(incident_id, by=by.id)
    step = halted.of(case.id) if case is not None else None
    if case is None or step is None or not case.is_open:
        raise TooLateToGiveBack
    before = replace(case, state=step.state)
    detail: dict[str, object] = {"incident": incident.id, "sentence": incident.sentence}
    trigger = Trigger(
        GIVEN_BACK, step.element_id, task_id=step.task_id, person_id=by.id, detail=detail
    )
    stopped = _incidents_of(step)
    outcome = running.run(before, trigger, partial(looking.loaded, before))
    incident_rows.resolve(stopped, outcome.step)
    return _handed(_reopened(step), step, by)


def _incidents_of(step: Halted) -> list[int]:
    """The open incidents at which the step stopped."""
    at = select(HistoryRow.element_id).where(
        HistoryRow.instance_id == step.instance_id,
        HistoryRow.edition == step.edition,
        HistoryRow.kind == INCIDENT,
    )
    own = (Incident.instance_id == step.instance_id, Incident.resolved_at.is_(None))
    return list(db.session.scalars(select(Incident.id).where(*own, Incident.element_id.in_(at))))


def _reopened(step: Halted) -> int:
    """The task that was done, under its new number."""
    query = select(Task.id).filter_by(instance_id=step.instance_id, token=step.token)
    return db.session.scalars(query).one()


def _handed(task_id: int, step: Halted, by: Person) -> GivenBack:
    """To who did it, with what they answered, if they still may do it."""
    person = people.get(step.person_id)
    if person is None or not _may_do(task_id, person):
        return GivenBack(task_id, None)
    claims.hold(task_id, person.id)
    drafts.save(task_id, step.answers, person)
    if person.id != by.id:
        notices.tell(person.id, notices.GIVEN_BACK, task_id, by=by)
    return GivenBack(task_id, person)


def _may_do(task_id: int, person: Person) -> bool:
    try:
        rights.check_may_do(person, claims.locked(task_id, person))
    except Refusal:
        return False
    return True
