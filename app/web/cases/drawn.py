"""What the diagrams of a definition draw: elements by id, also those of the processes it calls."""

from collections.abc import Iterator, Mapping

from app.kernel.i18n import text_of
from app.web.language import locale_code
from app.workflow.blueprints import Blueprint
from app.workflow.spiff.outline import Element, Flow, Lane

TASKS = frozenset({"userTask", "manualTask"})
WORK = TASKS | {"serviceTask", "scriptTask", "businessRuleTask", "callActivity", "subProcess"}
EVENTS = frozenset(
    {"endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
)


def processes(blueprint: Blueprint) -> dict[str, Mapping[str, Element]]:
    """The elements of each process, the main one first."""
    parsed = blueprint.parsed
    return {parsed.key: parsed.elements, **{k: one.elements for k, one in parsed.called.items()}}


def element(blueprint: Blueprint, element_id: str | None) -> Element | None:
    """The element with this id, wherever it is drawn."""
    return blueprint.elements.get(element_id or "")


def title(drawn: Element | Flow | Lane) -> str:
    """What it is called in this page's language."""
    return text_of({"en": drawn.name or drawn.id, **drawn.titles}, locale_code()) or drawn.id


def titles(blueprint: Blueprint, process: str) -> dict[str, str]:
    """What everything named in the picture of a process is called; the pool has the process' id."""
    parsed = blueprint.parsed
    outline = parsed if process == parsed.key else parsed.called[process]
    parts: list[Element | Flow | Lane] = [
        *outline.elements.values(),
        *outline.flows,
        *outline.lanes,
    ]
    pool = text_of({"en": outline.name, **outline.titles}, locale_code())
    return {process: pool, **{one.id: title(one) for one in parts if one.name}}


def diagram(blueprint: Blueprint, process: str) -> bytes | None:
    """The BPMN file in which a process is drawn."""
    mark = f'id="{process}"'.encode()
    files = (data for name, data in blueprint.files.items() if name.endswith(".bpmn"))
    return next((data for data in files if mark in data), None)


def ahead(blueprint: Blueprint, since: set[str]) -> list[Element]:
    """The named work and ends that can still come after `since`, nearest first."""
    flows = _next_by_source(blueprint)
    elements = blueprint.parsed.elements
    seen, queue, found = set(since), [one for one in since if one in elements], []
    while queue:
        for target in flows.get(queue.pop(0), ()):
            if target in seen:
                continue
            seen.add(target)
            queue.append(target)
            drawn = elements.get(target)
            if drawn and drawn.name and drawn.kind in WORK | {"endEvent"}:
                found.append(drawn)
    return found


def _next_by_source(blueprint: Blueprint) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for flow in _flows(blueprint):
        found.setdefault(flow.source, []).append(flow.target)
    for drawn in blueprint.parsed.elements.values():
        if drawn.attached_to and drawn.interrupting:
            found.setdefault(drawn.attached_to, []).append(drawn.id)
    return found


def _flows(blueprint: Blueprint) -> Iterator[Flow]:
    yield from blueprint.parsed.flows
