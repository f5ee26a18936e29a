"""What is checked before a process is published, and what it brings along."""

import json
from collections.abc import Iterator, Mapping

from app.kernel import policy
from app.workflow import blueprints, cancelling, effects
from app.workflow.blueprints import Blueprint
from app.workflow.checks import judging
from app.workflow.checks.form_names import names_in_form
from app.workflow.checks.naming import Files
from app.workflow.checks.unwritten import unwritten_names
from app.workflow.forms import schema
from app.workflow.forms.errors import FormRefused
from app.workflow.spiff import timing
from app.workflow.spiff.findings import Finding, ParseRefused
from app.workflow.spiff.parsing import Element

_POLICY = "policy."
_DUE_AFTER = "policy:"


def checked(key: str, files: Mapping[str, bytes]) -> Blueprint:
    """The blueprint of `files`, once everything in it fits together.

    Raises:
        ParseRefused: with every finding, by element.
    """
    blueprint = blueprints.make(key, files)
    findings = [
        *_diagram_findings(key, files),
        *_form_findings(blueprint),
        *_effect_findings(blueprint),
        *_due_findings(blueprint),
    ]
    if findings:
        raise ParseRefused(findings)
    return blueprint


def doubts(blueprint: Blueprint) -> list[Finding]:
    """Names that seem misspelt: the process can be published all the same."""
    parsed = blueprint.parsed
    forms = {
        f"{one.process}/{one.id}": names_in_form(content)
        for one in _elements(blueprint)
        if (content := blueprint.files.get(blueprints.form_name(one)))
    }
    return list(unwritten_names(parsed.outline, Files(parsed.decisions, forms, parsed.called)))


def titles(blueprint: Blueprint) -> dict[str, str]:
    """The name of the process in every language it has."""
    parsed = blueprint.parsed
    return {"en": parsed.name or parsed.key, **parsed.titles}


def policies(blueprint: Blueprint) -> dict[str, object]:
    """First values of the policies this process reads: `policy.<name>` properties."""
    properties = blueprint.parsed.properties.items()
    return {
        name.removeprefix(_POLICY): _value(text)
        for name, text in properties
        if name.startswith(_POLICY)
    }


def _value(text: str) -> object:
    """JSON where it reads as JSON ("2", "true", lists), else the text itself ("PT4H")."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _diagram_findings(key: str, files: Mapping[str, bytes]) -> list[Finding]:
    """What makes the diagram unusable; a warning is no reason to refuse it."""
    found = judging.of_definition(blueprints.diagrams(files), key)
    return [finding for finding in found if not finding.warning]


def _form_findings(blueprint: Blueprint) -> Iterator[Finding]:
    wanted = {blueprints.form_name(each): each.id for each in _elements(blueprint)}
    for name, content in blueprint.files.items():
        if not name.endswith(".json"):
            continue
        if name not in wanted:
            yield Finding(name, "This form belongs to no step.", "Rename or remove it.")
        yield from _mistakes(name, content)


def _mistakes(name: str, content: bytes) -> Iterator[Finding]:
    try:
        schema.parse(content)
    except FormRefused as refused:
        for each in refused.findings:
            yield Finding(f"{name}: {each.element}", each.message, each.hint)


def _effect_findings(blueprint: Blueprint) -> Iterator[Finding]:
    for element in _elements(blueprint):
        if element.kind == "serviceTask" and element.service:
            for reason in effects.mismatches(element.service.name, element.service.parameters):
                yield Finding(element.id, reason, "Make the parameters those of the effect.")
    parsed = blueprint.parsed
    tidies = parsed.properties.get(cancelling.TIDY, cancelling.NOTHING)
    if tidies != cancelling.NOTHING:
        for reason in effects.unknown(tidies):
            yield Finding(parsed.key, reason, "Name an effect in the property cancel, or nothing.")


def _due_findings(blueprint: Blueprint) -> Iterator[Finding]:
    """Tasks due after a policy that nobody set would stop whoever does the task before them."""
    known = {**policies(blueprint), **policy.snapshot()}
    for element in _elements(blueprint):
        due = element.properties.get("due", "")
        name = due.removeprefix(_DUE_AFTER)
        if name == due:
            continue
        problem = timing.duration_problem(str(known[name])) if name in known else "nobody set it"
        if problem:
            hint = f"Give the process the property policy.{name}, such as PT4H."
            yield Finding(element.id, f"The policy {name} cannot be used: {problem}.", hint)


def _elements(blueprint: Blueprint) -> Iterator[Element]:
    """Every element of the process and of those it calls."""
    yield from blueprint.parsed.elements.values()
    for outline in blueprint.parsed.called.values():
        yield from outline.elements.values()
