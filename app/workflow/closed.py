"""Tasks that are over: what someone is told who still has one on the screen."""

from datetime import datetime
from typing import NamedTuple, NoReturn

from sqlalchemy import and_, select

from app.identity import memberships
from app.identity.people import Person
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import rights
from app.workflow.records import CANCELLED, HistoryRow, ProcessInstance

COMPLETED, WITHDRAWN = "completed", "withdrawn"


class AlreadyDone(Refusal):
    """A colleague (or this person, on another page) was faster; `at` is an instant."""

    code = "already_done"
    message = N_("{person} finished this at {at}. Your draft is kept.")


class NoLongerNeeded(Refusal):
    """The case went another way while the task was on the screen; `at` is an instant."""

    code = "no_longer_needed"
    message = N_("This step is no longer needed since {at}: the case went on. Your draft is kept.")


class CaseCancelled(NoLongerNeeded):
    """Somebody ended the whole case; `at` is an instant."""

    code = "case_cancelled"
    message = N_("{person} cancelled this case at {at}. Your draft is kept.")


class Ending(NamedTuple):
    """How a task ended; `with_case` when the case was cancelled."""

    kind: str
    instance_id: int
    at: datetime
    person_id: int | None
    scope: str
    with_case: bool


def refuse(task_id: int, by: Person) -> NoReturn:
    """Say how the task ended; NotFound when it never was, or not for this person's eyes."""
    ending = ending_of(task_id)
    if ending is None or not _reaches(by, ending):
        raise NotFound
    if ending.kind == COMPLETED:
        person = rights.name_of(ending.person_id)
        raise AlreadyDone(person=person, at=ending.at, instance_id=ending.instance_id)
    if ending.with_case and by.party is None:  # who of us did it is not told outside
        person = rights.name_of(ending.person_id)
        raise CaseCancelled(person=person, at=ending.at, instance_id=ending.instance_id)
    raise NoLongerNeeded(at=ending.at, instance_id=ending.instance_id)


def may_know(task_id: int, person: Person) -> bool:
    """Whether there was such a task, in a place that one of the person's roles reaches."""
    ending = ending_of(task_id)
    return ending is not None and _reaches(person, ending)


def ending_of(task_id: int) -> Ending | None:
    """How and when the task ended, from history."""
    query = (
        select(
            HistoryRow.kind,
            HistoryRow.instance_id,
            HistoryRow.at,
            HistoryRow.person_id,
            ProcessInstance.scope,
            and_(
                ProcessInstance.status == CANCELLED,
                ProcessInstance.edition == HistoryRow.edition,
            ),
        )
        .join(ProcessInstance, ProcessInstance.id == HistoryRow.instance_id)
        .where(HistoryRow.task_id == task_id, HistoryRow.kind.in_((COMPLETED, WITHDRAWN)))
    )
    found = db.session.execute(query).first()
    return Ending(*found) if found else None


def _reaches(person: Person, ending: Ending) -> bool:
    held = memberships.of(person.id)
    return any(memberships.covers(scope, ending.scope) for _, scope in held)
