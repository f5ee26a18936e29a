"""Bringing a person's answers to the engine, once their form has nothing against them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.identity.people import Person
from app.kernel import calendars
from app.kernel.errors import N_, Refusal
from app.workflow.cases import Case
from app.workflow.forms.form import Form
from app.workflow.forms.occasion import Occasion
from app.workflow.host import CaseHost
from app.workflow.spiff.calls import ReadyTask
from app.workflow.spiff.execution import Execution


class NothingToAnswer(Refusal):
    """A task without a form is only marked as done."""

    code = "nothing_to_answer"
    message = N_("This step has no form: it takes no answers.")
    status = 422


@dataclass(frozen=True)
class Given:
    """What a person answered to which token; `detail` keeps the clean answers for history."""

    case: Case
    token: str
    scope: str
    answers: Mapping[str, object]
    by: Person
    detail: dict[str, object]


def answer(given: Given, host: CaseHost) -> Execution:
    """The engine with the answers in it, not yet run on."""
    blueprint = given.case.blueprint
    execution = Execution.load(blueprint.parsed, given.case.state or b"", host)
    ready = execution.ready(given.token)
    clean = _clean(blueprint.form(ready.element), ready, given)
    given.detail["answers"] = clean
    execution.complete(given.token, clean)
    return execution


def occasion_of(ready: ReadyTask, form: Form | None, *, scope: str, by: Person) -> Occasion:
    """Under which circumstances the form of this task is shown and answered."""
    blind = is_blind(ready.element.properties)
    if form is None or not form.asks_time:
        return Occasion(by=by.id, blind=blind)
    return Occasion(by=by.id, blind=blind, zone=calendars.of_scope(scope).zone)


def is_blind(properties: Mapping[str, str]) -> bool:
    """Whether those who do it must not see what is expected."""
    return properties.get("blind") == "true"


def _clean(form: Form | None, ready: ReadyTask, given: Given) -> dict[str, Any]:
    if form is not None:
        occasion = occasion_of(ready, form, scope=given.scope, by=given.by)
        return form.validate(given.answers, ready.data, occasion=occasion)
    if given.answers:
        raise NothingToAnswer
    return {}
