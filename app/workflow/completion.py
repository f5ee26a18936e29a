"""Completing a task: one step, one commit, safe to run again from its beginning."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import connection
from app.kernel.writes import Writes
from app.workflow import answering, cases, closed, drafts, facts, rights, running, usual_times
from app.workflow.blueprints import Blueprint
from app.workflow.records import Task
from app.workflow.running import Outcome
from app.workflow.steps import COMPLETED, FOR, Trigger

_TASK = cases.lock_with_task(
    Task.token.label("token"),
    Task.element_id.label("element_id"),
    Task.role.label("role"),
    Task.scope.label("place"),
    Task.holder_id.label("holder_id"),
    Task.excluded.label("excluded"),
    Task.claimed_at.label("claimed_at"),
    Task.opened_at.label("opened_at"),
    drafts.HAS_ONE.label("has_draft"),
    memberships.whose(Task.role, Task.scope).label("whose"),
)


@dataclass(frozen=True)
class Next:
    """Where the case went: a task that opened, and whose it is."""

    titles: Mapping[str, str]
    role: str
    scope: str
    holder: str | None = None


@dataclass(frozen=True)
class Completion:
    """What came of it; `incidents` are steps that could not be finished, told to operators."""

    task_id: int
    instance_id: int
    element_id: str
    titles: Mapping[str, str]
    business_key: str | None
    numbers: list[str]
    next: list[Next]
    incidents: list[int]
    is_finished: bool


def complete_task(task_id: int, answers: Mapping[str, object], *, by: Person) -> Completion:
    """Answer an open task and run its case to the next stop.

    Raises:
        AlreadyDone, NoLongerNeeded: it is over; the draft is kept.
        NotYourRole, SomeoneElseMust, HeldBySomeone: not this person's to do now.
        InvalidAnswers: the form says what needs another look.
        Refusal: of an effect that no boundary catches; nothing happened.
    """
    asker = {"wanted": task_id, "person": by.id, "now": clock.now()}
    task = connection().execute(_TASK, asker).first()
    if task is None:
        closed.refuse(task_id, by)
    case, place = cases.of_row(task), task.place
    asked = rights.Asked(task.role, place, task.holder_id, task.excluded, task.claimed_at)
    if task.whose is None:
        rights.refuse_role(by, asked)
    rights.check_is_free_for(by, asked)
    detail: dict[str, object] = {} if task.whose == by.id else {FOR: task.whose}
    trigger = Trigger(
        COMPLETED,
        task.element_id,
        task_id=task_id,
        person_id=by.id,
        answers=answers,
        detail=detail,
    )
    given = answering.Given(case, task.token, place, answers, by, detail)
    writes = Writes()
    usual_times.note(writes, case, task_id, task.element_id, opened_at=task.opened_at, scope=place)
    outcome = running.run(case, trigger, partial(answering.answer, given), writes)
    if task.has_draft:
        drafts.forget(task_id, by.id)
    return _completion(outcome, task_id)


def _completion(outcome: Outcome, task_id: int) -> Completion:
    step, found = outcome.step, outcome.changes.facts
    element_id = step.trigger.element_id or ""
    return Completion(
        task_id=task_id,
        instance_id=step.case.id,
        element_id=element_id,
        titles=step.case.blueprint.titles(element_id),
        business_key=found.business_key,
        numbers=sorted(facts.listed(step.case.numbers) | facts.listed(found.numbers)),
        next=[_next(step.case.blueprint, row) for row in outcome.changes.opened],
        incidents=outcome.changes.incidents,
        is_finished=outcome.execution.is_finished,
    )


def _next(blueprint: Blueprint, row: Mapping[str, Any]) -> Next:
    return Next(blueprint.titles(row["element_id"]), row["role"], row["scope"])
