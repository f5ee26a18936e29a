"""The history of a case in words: answers, effects, timers, messages, incidents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.web.cases import choices, drawn, photographs
from app.web.cases.photographs import Album
from app.web.cases.standing import Standing
from app.web.cases.twin import Answer, answered
from app.web.fact_words import named
from app.web.reading import readable
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import assigning, cancelling, history, steps
from app.workflow.history import PASSED, Moment

_PLAIN = ("sentence", "reason", "due", "incident")


@dataclass(frozen=True)
class Line:
    """One line of the history page."""

    at: datetime
    title: str
    words: str
    person: str
    details: list[tuple[str, Answer]]


def of(standing: Standing, *, secret: bool) -> list[Line]:
    """Every moment, oldest first; figures are left out while they must stay unseen."""
    album = None if secret else photographs.album(standing.case)
    told = [line for one in history.of(standing.case.id) for line in _lines(standing, one, album)]
    return sorted([*told, *_handed_on(standing)], key=lambda line: line.at)


def _handed_on(standing: Standing) -> Iterator[Line]:
    """Tasks that somebody handed to a colleague, or took back."""
    for one in assigning.of_case(standing.case.id):
        element = drawn.element(standing.blueprint, one.element_id)
        to = name_of(one.to_id)
        words = _("handed to %(name)s", name=to) if to else _("given back to its role")
        title = drawn.title(element) if element else one.element_id
        yield Line(at=one.at, title=title, words=words, person=name_of(one.by_id), details=[])


def _lines(standing: Standing, moment: Moment, album: Album | None) -> Iterator[Line]:
    element = drawn.element(standing.blueprint, moment.element_id)
    if moment.kind == PASSED and moment.effect is None:
        return
    yield Line(
        at=moment.at,
        title=drawn.title(element) if element else _at_end(moment),
        words=_words(moment),
        person=_doer(moment),
        details=_details(standing, moment, album) if album else [],
    )


def _at_end(moment: Moment) -> str:
    """What stands in no diagram: the whole case ended, and what its process tidied then."""
    is_of_case = moment.kind == steps.CANCELLED or moment.element_id == cancelling.PLACE
    return _("The case") if is_of_case else ""


def _doer(moment: Moment) -> str:
    """Who did it, and in whose place."""
    name = moment.person or ""
    absent = moment.stood_in_for
    return _("%(name)s for %(absent)s", name=name, absent=absent) if absent else name


def _words(moment: Moment) -> str:
    if moment.effect is not None:
        return _("done by itself")
    return {
        steps.STARTED: _("begun"),
        steps.COMPLETED: _("answered"),
        steps.TIMER: _("its time came"),
        steps.MESSAGE: _("a message arrived"),
        steps.RETRIED: _("tried again"),
        steps.GIVEN_BACK: _("given back"),
        steps.CANCELLED: _("cancelled"),
        steps.WITHDRAWN: _("no longer needed"),
        steps.INCIDENT: _("could not be finished"),
    }.get(moment.kind, moment.kind)


def _details(standing: Standing, moment: Moment, album: Album) -> list[tuple[str, Answer]]:
    if moment.effect is not None:
        result = moment.effect.result
        name = f"{moment.effect.name} ({moment.effect.key})"
        given = answered(moment.effect.arguments, album)
        came = [(f"→ {key}", value) for key, value in _result(result, album)]
        return [(_("Effect"), name), *given, *came]
    detail = moment.detail
    element = drawn.element(standing.blueprint, moment.element_id)
    form = standing.blueprint.form(element) if element else None
    answers = choices.in_words(form, detail.get("answers") or detail.get("data") or {})
    found = answered(answers, album)
    plain = [(named(key), readable(detail[key])) for key in _PLAIN if key in detail]
    return [*found, *plain]


def _result(result: object, album: Album) -> list[tuple[str, Answer]]:
    if isinstance(result, dict):
        return answered(result, album)
    return [] if result is None else [(_("Result"), readable(result))]
