"""Checks at publish that need the whole form: outcomes, and that conditions look where they may."""

from marshmallow import ValidationError

from app.workflow.forms import conditions
from app.workflow.forms.components import Component, everywhere, in_scope
from app.workflow.forms.errors import Finding
from app.workflow.forms.fields import field_of
from app.workflow.forms.occasion import ANY


def check(components: tuple[Component, ...], findings: list[Finding]) -> None:
    """Note every outcome that is not one, and every condition that can never be told."""
    _check_outcomes(components, findings)
    _check_defaults(components, findings)
    lists = {part.path for part in everywhere(components) if part.kind == "dynamiclist"}
    for part in everywhere(components):
        looked_at = conditions.names(part.hide) if part.hide else frozenset()
        for name in looked_at:
            if name == part.path:
                findings.append(Finding(part.id, "a field cannot hide itself"))
            if any(name == path or name.startswith(f"{path}.") for path in lists if path):
                findings.append(Finding(part.id, f"a condition cannot look into the list “{name}”"))


def _check_defaults(components: tuple[Component, ...], findings: list[Finding]) -> None:
    for part in everywhere(components):
        if part.default in (None, False) or not part.is_answered or part.options_path:
            continue
        try:
            field_of(part).cleaned(part.default, {}, ANY)
        except ValidationError as error:
            findings.append(Finding(part.id, f"the default is no answer: {error.messages[0]}"))


def _check_outcomes(components: tuple[Component, ...], findings: list[Finding]) -> None:
    outcomes = [part for part in everywhere(components) if part.outcome]
    findings += [
        Finding(extra.id, "a form has one outcome", f"keep {outcomes[0].id}")
        for extra in outcomes[1:]
    ]
    top = {part.id for part in in_scope(components)}
    for part in outcomes:
        if part.id not in top:
            findings.append(Finding(part.id, "an outcome cannot stand in a list"))
        if not part.options or part.options_path:
            findings.append(Finding(part.id, "an outcome needs its choices in the form"))
        if part.hide:
            findings.append(Finding(part.id, "an outcome is always shown"))
