"""The right pane: an open task with its form, or what became of a task that is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.identity.people import Person
from app.kernel.errors import Refusal
from app.web import rooms
from app.web.cases import awaited, blind, photographs, picture, said, standing, twin, upcoming
from app.web.cases.photographs import Photograph
from app.web.cases.said import Line
from app.web.inbox import page
from app.web.language import locale_code
from app.web.problems import sentence
from app.web.session import current_person
from app.web.suppliers import proposed
from app.web.suppliers.proposed import Change
from app.web.tasks import facts, opening
from app.web.tongue import _
from app.web.words import moment, role_title
from app.workflow import assigning, closed, instances, opened
from app.workflow.opened import OpenTask


@dataclass(frozen=True)
class Pane:
    """What the template of an open task reads."""

    id: int
    title: str
    why: str
    role: str
    number: str | None
    subject: str | None
    changes: Sequence[Change]
    case_id: int
    due_at: datetime | None
    holder_words: str
    is_mine: bool
    may_claim: bool
    colleagues: Sequence[Person]
    barred: str
    came_back: str
    facts: facts.Facts | None
    form: dict[str, Any] | None
    finish: str
    draft_saved_at: datetime | None
    draft_state: str
    photographs: Sequence[Photograph]
    pictures: Sequence[picture.Picture]
    steps: Sequence[twin.Step]
    said: Sequence[Line] | None
    usually: str
    upcoming: str


@dataclass(frozen=True)
class _Around:
    """What surrounds a task in its case; people of other companies see none of it."""

    photographs: Sequence[Photograph] = ()
    pictures: Sequence[picture.Picture] = ()
    steps: Sequence[twin.Step] = ()
    said: Sequence[Line] | None = None
    usually: str = ""
    upcoming: str = ""


def show(
    task_id: int,
    *,
    answers: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    """The inbox with this task open in it."""
    person = current_person()
    try:
        task = opened.task(task_id, person)
    except (closed.AlreadyDone, closed.NoLongerNeeded) as over:
        return page.render(closed=_closed(task_id, over, person))
    pane = _pane(task, person, answers=answers, errors=errors)
    return page.render(open=pane, refusal=refusal, draft_kept=bool(refusal and answers))


def holder_words(task: OpenTask, person: Person) -> str:
    """Who has it."""
    if task.holder_id is None:
        return _("nobody has it yet")
    if task.holder_id == person.id:
        return _("you have it")
    return _("%(name)s has it", name=task.holder)


def _pane(
    task: OpenTask,
    person: Person,
    *,
    answers: Mapping[str, object] | None,
    errors: Mapping[str, str] | None,
) -> Pane:
    kept = opening.draft(task.id, person)
    typed = answers if answers is not None else task.draft
    form = _form(task, typed, errors)
    around = _Around() if rooms.is_outsider() else _around(task)
    return Pane(
        id=task.id,
        title=task.title(locale_code()),
        why=task.summary(locale_code()) or task.element.documentation,
        role=role_title(task.role),
        number=task.business_key,
        subject=(task.subject or "").removeprefix(f"{task.business_key} · "),
        changes=proposed.to_decide_on(task.business_key),
        case_id=task.instance_id,
        due_at=task.due_at,
        holder_words=holder_words(task, person),
        is_mine=task.holder_id == person.id,
        may_claim=task.holder_id is None and task.refusal is None,
        colleagues=_colleagues(task, person),
        barred=sentence(task.refusal) if task.refusal else "",
        came_back=opening.came_back(task),
        facts=None if task.is_blind else facts.of(task.facts),
        form=form,
        finish=(form or {}).get("action") or _("Done"),
        draft_saved_at=kept[1] if kept and answers is None else None,
        draft_state=_("Draft kept %(time)s", time=moment(kept[1])) if kept else "",
        photographs=around.photographs,
        pictures=around.pictures,
        steps=around.steps,
        said=around.said,
        usually=around.usually,
        upcoming=around.upcoming,
    )


def _colleagues(task: OpenTask, person: Person) -> Sequence[Person]:
    """Who could get the task from this person."""
    may = assigning.may_hand_on(task.asked, person)
    return assigning.candidates(task.asked, person) if may else ()


def _around(task: OpenTask) -> _Around:
    stands = standing.of(instances.get(task.instance_id))
    story = twin.of(stands, secret=blind.hides(stands.case))
    row = next((one for one in stands.tasks if one.id == task.id), None)
    return _Around(
        photographs=[] if task.is_blind else photographs.for_task(stands.case),
        pictures=picture.of(stands, story),
        steps=[step for step in story if step.state != "ahead"],
        said=None if blind.hides(stands.case) else said.of(stands.case),
        usually=awaited.usually(stands, row) if row else "",
        upcoming=upcoming.words(stands, row) if row else "",
    )


def _form(
    task: OpenTask, typed: Mapping[str, object] | None, errors: Mapping[str, str] | None
) -> dict[str, Any] | None:
    if task.form is None:
        return None
    return task.form.view(
        task.data, typed, errors, locale=locale_code(), occasion=task.occasion, say=_
    )


def _closed(task_id: int, over: Refusal, person: Person) -> dict[str, Any]:
    kept = opening.draft(task_id, person)
    return {
        "sentence": sentence(over),
        "more": "",
        "case_id": None if rooms.is_outsider() else over.facts.get("instance_id"),
        "draft": [(key, value) for key, value in (kept[0] if kept else {}).items() if value],
    }
