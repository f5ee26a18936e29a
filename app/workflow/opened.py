"""One open task as its page shows it: why, the facts, the form and the draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.identity.people import Person
from app.kernel import i18n
from app.kernel.db import db, end_look
from app.workflow import answering, cases, closed, drafts, facts, looking, rights
from app.workflow.blueprints import Blueprint
from app.workflow.cases import Case
from app.workflow.forms.form import Form
from app.workflow.forms.occasion import Occasion
from app.workflow.records import Task
from app.workflow.spiff.calls import ReadyTask
from app.workflow.spiff.faults import NotWaiting, UnknownState
from app.workflow.spiff.parsing import Element

_SUMMARY = "summary"


@dataclass(frozen=True)
class OpenTask:
    """What a person sees who opens a task; opening claims nothing."""

    id: int
    instance_id: int
    element: Element
    role: str
    scope: str
    holder_id: int | None
    holder: str | None
    claimed_at: datetime | None
    due_at: datetime | None
    opened_at: datetime
    business_key: str | None
    subject: str | None
    data: Mapping[str, Any]
    form: Form | None
    draft: dict[str, object] | None
    occasion: Occasion
    blueprint: Blueprint
    asked: rights.Asked
    refusal: rights.SomeoneElseMust | rights.HeldBySomeone | rights.NotYourRole | None

    @property
    def is_blind(self) -> bool:
        """Whether expected figures stay unseen while it is open."""
        return self.occasion.blind

    @property
    def facts(self) -> object:
        """What is shown above the form, if the diagram names it."""
        return facts.at(self.data, self.element.properties.get("facts", ""))

    def title(self, locale: str) -> str:
        return i18n.text_of(self.blueprint.titles(self.element.id), locale)

    def summary(self, locale: str) -> str:
        """The one sentence: why I have this."""
        properties = self.element.properties
        return properties.get(f"{_SUMMARY}.{locale}") or properties.get(_SUMMARY, "")


def task(task_id: int, by: Person) -> OpenTask:
    """The open task.

    Raises:
        AlreadyDone, NoLongerNeeded: it is over.
        NotFound: there is none, or it is not for this person's eyes.
    """
    row = db.session.scalar(select(Task).where(Task.id == task_id))
    case = cases.read(row.instance_id) if row else None
    if row is None or case is None:
        closed.refuse(task_id, by)
    asked = rights.Asked(row.role, row.scope, row.holder_id, row.excluded, row.claimed_at)
    rights.check_sees(by, asked)
    ready = _ready(case, row, by)
    form = case.blueprint.form(ready.element)
    return OpenTask(
        id=row.id,
        instance_id=row.instance_id,
        element=ready.element,
        role=row.role,
        scope=row.scope,
        holder_id=row.holder_id,
        holder=rights.name_of(row.holder_id) if row.holder_id else None,
        claimed_at=row.claimed_at,
        due_at=row.due_at,
        opened_at=row.opened_at,
        business_key=row.business_key,
        subject=row.subject,
        data=ready.data,
        form=form,
        draft=drafts.of(task_id, by),
        occasion=answering.occasion_of(ready, form, scope=row.scope, by=by),
        blueprint=case.blueprint,
        asked=asked,
        refusal=_refusal(by, asked),
    )


def _ready(case: Case, row: Task, by: Person) -> ReadyTask:
    """The task as the engine has it.

    Raises:
        AlreadyDone, NoLongerNeeded: the case went on between two statements of this look.
    """
    task_id, token = row.id, row.token
    try:
        return looking.execution(case).ready(token)
    except (NotWaiting, UnknownState):
        end_look()
        if db.session.scalar(select(Task.id).where(Task.id == task_id)) is not None:
            raise
        closed.refuse(task_id, by)


def _refusal(
    person: Person, asked: rights.Asked
) -> rights.SomeoneElseMust | rights.HeldBySomeone | rights.NotYourRole | None:
    """Why this person could not complete it now, so that the page can say it beforehand."""
    try:
        rights.check_may_do(person, asked)
    except (rights.SomeoneElseMust, rights.HeldBySomeone, rights.NotYourRole) as refusal:
        return refusal
    return None
