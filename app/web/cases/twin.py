"""The diagram's ordered text twin: what was done, where the case stands, what can still come."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.web.cases import choices, drawn, photographs
from app.web.cases.photographs import Album, Photograph
from app.web.cases.standing import Standing
from app.web.fact_words import named
from app.web.reading import readable
from app.web.tongue import _
from app.web.words import name_of, role_title
from app.workflow import history
from app.workflow.history import PASSED, Moment
from app.workflow.steps import CANCELLED, COMPLETED, GIVEN_BACK

_BY_ITSELF = (drawn.WORK - drawn.TASKS) | drawn.EVENTS
Answer = str | list[Photograph]


@dataclass(frozen=True)
class Step:
    """One line of the twin; `state` is done, here, bad or ahead."""

    element_id: str
    title: str
    state: str
    words: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    path: str = ""


def of(standing: Standing, *, secret: bool = False) -> list[Step]:
    """The whole twin; what was answered is left out while it must stay unseen."""
    album = None if secret else photographs.album(standing.case)
    done = [
        step for moment in history.of(standing.case.id) for step in _done(standing, moment, album)
    ]
    now = [*_stopped(standing), *_here(standing)]
    here = {step.element_id for step in now}
    been = {step.element_id for step in done} | here
    coming = [one for one in drawn.ahead(standing.blueprint, here) if one.id not in been]
    return [*done, *now, *(Step(one.id, drawn.title(one), "ahead") for one in coming)]


def answered(answers: Mapping[str, Any], album: Album) -> list[tuple[str, Answer]]:
    """What someone answered, flat, with words for the names and files as files."""
    found: list[tuple[str, Answer]] = []
    for key, value in answers.items():
        files = album.at(key, value)
        if files:
            found.append((named(key), files))
        elif isinstance(value, Mapping):
            found += answered(value, album)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            found += [(f"{named(key)} {n}", _row(one)) for n, one in enumerate(value, start=1)]
        elif value not in (None, "", []):
            found.append((named(key), readable(value)))
    return found


def _done(standing: Standing, moment: Moment, album: Album | None) -> Iterator[Step]:
    """What was done; without an album what was answered stays unseen."""
    if moment.kind == CANCELLED:
        yield Step("", _("Case cancelled"), "done", words=moment.person or "", at=moment.at)
    element = drawn.element(standing.blueprint, moment.element_id)
    if element is None:
        return
    if moment.kind == COMPLETED:
        form = standing.blueprint.form(element)
        answers = choices.in_words(form, moment.detail.get("answers", {}))
        yield Step(
            element.id,
            drawn.title(element),
            "done",
            words=moment.person or "",
            at=moment.at,
            answers=answered(answers, album) if album else [],
        )
    elif moment.kind == GIVEN_BACK:
        words = _("given back by %(name)s", name=moment.person or "")
        yield Step(element.id, drawn.title(element), "done", words=words, at=moment.at)
    elif moment.kind == PASSED and element.name and element.kind in _BY_ITSELF:
        yield Step(
            element.id,
            drawn.title(element),
            "done",
            words=_("by itself"),
            at=moment.at,
            path=moment.path or "",
        )


def _stopped(standing: Standing) -> Iterator[Step]:
    for incident in standing.incidents:
        element = drawn.element(standing.blueprint, incident.element_id)
        if element is not None:
            words = _("stopped by incident #%(number)s", number=incident.id)
            yield Step(element.id, drawn.title(element), "bad", words=words, at=incident.opened_at)


def _here(standing: Standing) -> Iterator[Step]:
    for task in standing.tasks:
        element = drawn.element(standing.blueprint, task.element_id)
        words = name_of(task.holder_id) or role_title(task.role)
        yield Step(
            task.element_id,
            drawn.title(element) if element else task.element_id,
            "here",
            words=_("waits for %(who)s", who=words),
            due_at=task.due_at,
        )
    for wait in standing.waits:
        element = drawn.element(standing.blueprint, wait.element_id)
        if element is not None and not element.attached_to:
            title = drawn.title(element)
            yield Step(element.id, title, "here", words=_("waits"), due_at=wait.due_at)


def _row(values: Mapping[str, Any]) -> str:
    plain = [
        f"{named(key)} {readable(value)}"
        for key, value in values.items()
        if value not in (None, "", []) and not isinstance(value, Mapping)
    ]
    return ", ".join(plain)
