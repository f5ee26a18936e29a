"""Which names of the case's data an element reads, and which it writes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.workflow.checks.form_names import FormNames, head
from app.workflow.checks.texts import KNOWN_WORDS
from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.nodes.events import LEVEL, REFUSAL
from app.workflow.spiff.outline import Element, Outline
from app.workflow.spiff.sandbox.names import names_in
from app.workflow.spiff.sandbox.reading import Mode, tree_of
from app.workflow.spiff.sandbox.source import complaint

_OF_REPEATS = frozenset({"nrOfInstances", "nrOfCompletedInstances", "nrOfActiveInstances"})
_SEES_ALL = frozenset({"locals", "globals", "vars", "dir"})


@dataclass(frozen=True)
class Files:
    """What belongs to a diagram: its decisions, the processes it calls, and all their forms.

    `forms` (by "process/step") is None where nobody knows which forms there are.
    """

    decisions: Mapping[str, Decision]
    forms: Mapping[str, FormNames] | None
    called: Mapping[str, Outline]

    def form(self, element: Element) -> FormNames | None:
        """The form of a step, if it is known to have one."""
        return (self.forms or {}).get(f"{element.process}/{element.id}")

    def inside(self, element: Element) -> list[Element]:
        """Everything in the process an element calls, and in those that one calls."""
        found: dict[str, Outline] = {}
        todo = [element.called]
        while todo:
            key = todo.pop()
            if key in self.called and key not in found:
                found[key] = self.called[key]
                todo += [one.called for one in found[key].elements.values()]
        return [one for outline in found.values() for one in outline.elements.values()]


def read_by(element: Element, files: Files) -> set[str]:
    """The names an element needs; what it makes itself is none of them."""
    found = set[str]()
    for text in _expressions(element, files):
        found |= names_of(text, "eval")
    if element.kind == "scriptTask":
        found |= names_of(element.script, "exec")
    if element.repeat is not None:
        found |= _heads(element.repeat.collection)
    if element.kind != "startEvent" and element.event and element.event.kind == "message":
        found |= _heads(element.properties.get("correlation", ""))
    form = files.form(element)
    if form is not None:
        found |= form.reads - form.writes
    return found - _of_repeat(element)


def written_by(element: Element, files: Files) -> set[str]:
    """The names that may be there once the token has passed the element."""
    return set[str]().union(*(_written(one, files) for one in (element, *files.inside(element))))


def names_of(text: str, mode: Mode) -> set[str]:
    """The names of data a text reads and does not bind itself."""
    if complaint(text, mode) is not None:
        return set()
    names = names_in(tree_of(text.strip() if mode == "eval" else text, mode))
    if names.loads & _SEES_ALL:
        return set()
    return set(names.loads - names.bound - names.modules - KNOWN_WORDS - _OF_REPEATS)


def _written(element: Element, files: Files) -> set[str]:
    found = {element.variable, element.service.result if element.service else ""}
    if element.event is not None:
        usual = {"error": REFUSAL, "timer": LEVEL}.get(element.event.kind, "")
        found |= {element.event.variable, usual}
    if element.kind == "scriptTask":
        found |= _bound(element.script)
    if element.decision in files.decisions:
        found |= _heads(*files.decisions[element.decision].names)
    form = files.form(element)
    if form is not None and not element.variable:
        found |= form.writes
    return (found | _of_repeat(element)) - {""}


def _expressions(element: Element, files: Files) -> Iterator[str]:
    if element.service is not None:
        yield from element.service.parameters.values()
    if element.event is not None and element.event.expression:
        yield element.event.expression
    if element.repeat is not None:
        yield from filter(None, (element.repeat.cardinality, element.repeat.until))
    if element.decision in files.decisions:
        for rule in files.decisions[element.decision].rules:
            yield from filter(None, (rule.when, *rule.outputs))


def _bound(script: str) -> set[str]:
    if complaint(script, "exec") is not None:
        return set()
    names = names_in(tree_of(script, "exec"))
    return set(names.bound - names.modules)


def _of_repeat(element: Element) -> set[str]:
    repeat = element.repeat
    return {repeat.item, repeat.output} - {""} if repeat else set()


def _heads(*paths: str) -> set[str]:
    return {head(path) for path in paths} - {""}
