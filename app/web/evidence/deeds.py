"""What people decided in a case, and everything that happened in it, as lists."""

from collections.abc import Iterator, Mapping, Sequence

from app.web.cases import choices, drawn, moments
from app.web.cases.standing import Standing
from app.web.cases.twin import Answer
from app.web.files.sheets import Sheet, Value
from app.web.language import locale_code
from app.web.tongue import _
from app.web.words import role_title, shown
from app.workflow import history
from app.workflow.forms import paths, words
from app.workflow.forms.components import Component, in_scope
from app.workflow.history import Moment
from app.workflow.spiff.outline import Element
from app.workflow.steps import COMPLETED

_CHOSEN = frozenset({"radio", "select", "checkbox", "checklist"})
_WRITTEN = frozenset({"textfield", "textarea"})


def approvals(standing: Standing) -> Sheet:
    """Every step a person did: who, for whom, as which role, what they chose and wrote."""
    headings = [
        _("When"),
        _("Step"),
        _("Role"),
        _("Who"),
        _("In place of"),
        _("Decision"),
        _("Why"),
    ]
    done = (one for one in history.of(standing.case.id) if one.kind == COMPLETED)
    rows = [_approval(standing, moment) for moment in done]
    return Sheet("approvals", headings, rows)


def story(standing: Standing) -> Sheet:
    """Every moment with its answers, effects, timers and messages."""
    headings = [_("When"), _("Step"), _("What"), _("Who"), _("Details")]
    rows: list[Sequence[Value]] = [
        [line.at, line.title, line.words, line.person, "; ".join(_facts(line.details))]
        for line in moments.of(standing, secret=False)
    ]
    return Sheet("history", headings, rows)


def _approval(standing: Standing, moment: Moment) -> list[Value]:
    element = drawn.element(standing.blueprint, moment.element_id)
    answers = moment.detail.get("answers") or {}
    return [
        moment.at,
        drawn.title(element) if element else moment.element_id or "",
        role_title(element.lane) if element and element.lane else "",
        moment.person or "",
        moment.stood_in_for or "",
        ", ".join(_said(standing, element, answers, _CHOSEN)),
        " · ".join(_said(standing, element, answers, _WRITTEN)),
    ]


def _said(
    standing: Standing,
    element: Element | None,
    answers: Mapping[str, object],
    kinds: frozenset[str],
) -> Iterator[str]:
    """What was answered in the fields of these kinds; rows of lists are left to the history."""
    form = standing.blueprint.form(element) if element else None
    for part in in_scope(form.components) if form else ():
        value = paths.found(answers, part.path)
        if part.is_answered and part.kind in kinds and value not in (None, "", [], False):
            yield _in_words(part, value)


def _in_words(part: Component, value: object) -> str:
    label = words.said(part.label, locale_code())
    if value is True:
        return label
    labels = choices.labels(part)
    given = value if isinstance(value, list) else [value]
    chosen = ", ".join(labels.get(str(one)) or shown(one) for one in given)
    return f"{label}: {chosen}" if label else chosen


def _facts(details: list[tuple[str, Answer]]) -> Iterator[str]:
    for name, value in details:
        told = value if isinstance(value, str) else ", ".join(one.name for one in value)
        yield f"{name}: {told}"
