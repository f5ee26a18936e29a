"""The live diagram of a case: which file to draw, and what to mark on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from app.web.cases import drawn
from app.web.cases.standing import Standing
from app.web.cases.twin import Step
from app.web.tongue import _
from app.web.words import moment, name_of
from app.workflow import history
from app.workflow.history import EffectRecord

_MARKS = {"done": "done", "here": "here", "bad": "bad"}


@dataclass(frozen=True)
class Picture:
    """One diagram, with the ids to mark and the titles in this page's language."""

    process: str
    address: str
    marks: dict[str, list[str]]
    titles: dict[str, str]


@dataclass(frozen=True)
class Pointed:
    """The step a reader came for."""

    title: str
    words: str


def of(standing: Standing, steps: Sequence[Step], *, shown: str | None = None) -> list[Picture]:
    """The case's own diagram, and those of called processes it has been in."""
    blueprint = standing.blueprint
    pictures = [_picture(standing, process, steps, shown) for process in drawn.processes(blueprint)]
    own, *called = pictures
    _mark_callers(standing, own, called)
    return [own, *(one for one in called if any(one.marks.values()))]


def pointed_at(standing: Standing, effect_key: str | None, step: str | None) -> Pointed | None:
    """What a ledger row pointed at: the step, who had it run, when."""
    element = drawn.element(standing.blueprint, step)
    record = history.effect(effect_key) if effect_key else None
    if record is not None and record.instance_id != standing.case.id:
        record = None
    if element is None:
        return None
    return Pointed(drawn.title(element), _who_and_when(record) if record else "")


def _who_and_when(record: EffectRecord) -> str:
    cause = history.moment_of(record)
    who = (cause.person if cause else None) or name_of(record.person_id)
    when = moment(record.at)
    return (
        _("%(time)s, set off by %(who)s", time=when, who=who)
        if who
        else _("%(time)s, by itself", time=when)
    )


def _picture(standing: Standing, process: str, steps: Iterable[Step], shown: str | None) -> Picture:
    elements = drawn.processes(standing.blueprint)[process]
    marks: dict[str, list[str]] = {"done": [], "here": [], "bad": [], "shown": []}
    for step in steps:
        if step.state in _MARKS and step.element_id in elements:
            marks[_MARKS[step.state]].append(step.element_id)
    if shown in elements:
        marks["shown"].append(str(shown))
    return Picture(
        process=process,
        address=url_for("cases.diagram", case_id=standing.case.id, process=process),
        marks={name: list(dict.fromkeys(ids)) for name, ids in marks.items()},
        titles=drawn.titles(standing.blueprint, process),
    )


def _mark_callers(standing: Standing, own: Picture, called: Iterable[Picture]) -> None:
    """Where a called process is at work, its call is marked too."""
    busy = {one.process for one in called if one.marks["here"] or one.marks["bad"]}
    for element in drawn.processes(standing.blueprint)[own.process].values():
        if element.called in busy:
            own.marks["here"].append(element.id)
