"""The history of a case in words: answers, effects, timers, messages, incidents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.web.cases import drawn
from app.web.cases.standing import Standing
from app.web.cases.twin import answered
from app.web.tongue import _
from app.web.words import shown
from app.workflow import history, steps
from app.workflow.history import PASSED, Moment

_PLAIN = ("sentence", "reason", "due", "incident")


@dataclass(frozen=True)
class Line:
    """One line of the history page."""

    at: datetime
    title: str
    words: str
    person: str
    details: list[tuple[str, str]]


def of(standing: Standing, *, secret: bool) -> list[Line]:
    """Every moment, oldest first; figures are left out while they must stay unseen."""
    return [line for one in history.of(standing.case.id) for line in _lines(standing, one, secret)]


def _lines(standing: Standing, moment: Moment, secret: bool) -> Iterator[Line]:  # noqa: FBT001
    element = drawn.element(standing.blueprint, moment.element_id)
    if moment.kind == PASSED and moment.effect is None:
        return
    yield Line(
        at=moment.at,
        title=drawn.title(element) if element else "",
        words=_words(moment),
        person=moment.person or "",
        details=[] if secret else _details(moment),
    )


def _words(moment: Moment) -> str:
    if moment.effect is not None:
        return _("done by itself")
    return {
        steps.STARTED: _("begun"),
        steps.COMPLETED: _("answered"),
        steps.TIMER: _("its time came"),
        steps.MESSAGE: _("a message arrived"),
        steps.RETRIED: _("tried again"),
        steps.CANCELLED: _("cancelled"),
        steps.WITHDRAWN: _("no longer needed"),
        steps.INCIDENT: _("could not be finished"),
    }.get(moment.kind, moment.kind)


def _details(moment: Moment) -> list[tuple[str, str]]:
    if moment.effect is not None:
        result = moment.effect.result
        found = [(_("Effect"), f"{moment.effect.name} ({moment.effect.key})")]
        found += answered(moment.effect.arguments)
        return found + [(f"→ {name}", value) for name, value in _result(result)]
    detail = moment.detail
    found = answered(detail.get("answers") or detail.get("data") or {})
    plain = [
        (key, shown(detail[key]))
        for key in ("sentence", "reason", "due", "incident")
        if key in detail
    ]
    return [*found, *plain]


def _result(result: object) -> list[tuple[str, str]]:
    if isinstance(result, dict):
        return answered(result)
    return [] if result is None else [(_("Result"), shown(result))]
