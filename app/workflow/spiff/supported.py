"""What the engine does not do, said of each element before it runs."""

from collections.abc import Iterator, Mapping

from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Event, Outline

_KINDS = {
    "task": (
        "A plain task says nothing about who does it.",
        "Make it a user, script or service task.",
    ),
    "complexGateway": ("A complex gateway is not supported.", "Use an exclusive or inclusive one."),
    "transaction": ("A transaction is not supported.", "Use a subprocess with error events."),
    "adHocSubProcess": ("An ad-hoc subprocess is not supported.", "Draw the order of the tasks."),
}
_PARTS = {
    "standardLoop": ("A loop marker is not supported.", "Draw the loop with a gateway."),
    "eventSubprocess": ("An event subprocess is not supported.", "Attach an event to an activity."),
    "ioSpecification": (
        "An input/output specification is not supported.",
        "Remove it; all data goes in.",
    ),
    "dataAssociation": (
        "A data object connected to an activity is not supported.",
        "Remove the arrow; activities share the data of the case.",
    ),
    "preScript": ("A script before a task is not supported.", "Draw a script task before it."),
    "postScript": ("A script after a task is not supported.", "Draw a script task after it."),
}
_EVENTS = {
    "startEvent": {"none", "message"},
    "endEvent": {"none", "message", "error", "terminate"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {"none", "message"},
    "boundaryEvent": {"timer", "message", "error"},
    "sendTask": {"message"},
    "receiveTask": {"message"},
}
_ACTIVITIES = frozenset(
    [
        *("userTask", "manualTask", "scriptTask", "serviceTask", "businessRuleTask"),
        *("sendTask", "receiveTask", "subProcess", "callActivity"),
    ]
)


def unsupported(
    outline: Outline, processes: Mapping[str, Outline], decisions: Mapping[str, Decision]
) -> list[Finding]:
    """Every reason why the engine cannot run `outline`."""
    findings: list[Finding] = []
    for element in outline.elements.values():
        findings.extend(_of_element(element))
        findings.extend(_of_references(element, outline, processes, decisions))
    findings.extend(_of_flows(outline))
    findings.extend(_of_starts(outline))
    return findings


def _of_element(element: Element) -> Iterator[Finding]:
    if element.kind in _KINDS:
        yield Finding(element.id, *_KINDS[element.kind])
    for part in element.unsupported:
        yield Finding(element.id, *_PARTS[part])
    if element.event is not None:
        yield from _of_event(element, element.event)
    if element.repeat is not None and element.kind not in _ACTIVITIES:
        yield Finding(element.id, "Only an activity can be done per item.", "Remove the marker.")
    if element.repeat is not None:
        yield from _of_repeat(element)


def _of_event(element: Element, event: Event) -> Iterator[Finding]:
    allowed = _EVENTS.get(element.kind, set())
    if event.kind not in allowed:
        yield Finding(
            element.id,
            f"A {event.kind} event is not supported here.",
            f"Possible here: {', '.join(sorted(allowed))}.",
        )
    if event.kind == "timer" and not event.expression:
        yield Finding(element.id, "The timer has no time.", 'Give it a duration such as "PT2H".')
    if event.timer == "timeCycle" and (element.kind != "boundaryEvent" or element.interrupting):
        yield Finding(
            element.id,
            "A repeated timer must be attached and not interrupt.",
            "Use a duration, or make the event non-interrupting.",
        )
    if event.kind == "message" and not event.name:
        yield Finding(element.id, "The message has no name.", "Choose or name its message.")
    if event.kind == "error" and not element.interrupting:
        yield Finding(element.id, "An error always interrupts.", "Make the event interrupting.")


def _of_repeat(element: Element) -> Iterator[Finding]:
    repeat = element.repeat
    if repeat is not None and bool(repeat.collection) == bool(repeat.cardinality):
        yield Finding(
            element.id,
            "Nothing (or too much) says how many instances there are.",
            "Give either a collection or a number.",
        )


def _of_references(
    element: Element,
    outline: Outline,
    processes: Mapping[str, Outline],
    decisions: Mapping[str, Decision],
) -> Iterator[Finding]:
    if element.kind == "callActivity" and element.called not in processes:
        yield Finding(
            element.id, f"There is no process {element.called!r} to call.", "Add its file."
        )
    if element.kind == "businessRuleTask" and element.decision not in decisions:
        yield Finding(
            element.id, f"There is no decision {element.decision!r}.", "Add its DMN file."
        )
    if element.kind == "serviceTask" and element.service is None:
        yield Finding(element.id, "The service task names no effect.", "Choose its operator.")
    if element.service is not None and element.service.name == element.id:
        yield Finding(element.id, "The operator has the id of the task.", "Name it room.effect.")
    if element.kind == "boundaryEvent":
        host = outline.elements.get(element.attached_to)
        if host is None or host.scope != element.scope or host.kind not in _ACTIVITIES:
            yield Finding(element.id, "The event is attached to no activity.", "Attach it to one.")


def _of_flows(outline: Outline) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for flow in outline.flows:
        source, target = outline.elements.get(flow.source), outline.elements.get(flow.target)
        if source is None or target is None or source.scope != target.scope:
            yield Finding(
                flow.id, "The flow does not connect two elements of one process.", "Redraw it."
            )
            continue
        if target.kind in {"startEvent", "boundaryEvent"} or source.kind == "endEvent":
            yield Finding(flow.id, "No flow may lead here.", "Redraw it.")
        if (flow.source, flow.target) in seen:
            yield Finding(
                flow.id, "Two flows join the same two elements.", "Put a task between them."
            )
        seen.add((flow.source, flow.target))
        gateway = source.kind in {"exclusiveGateway", "inclusiveGateway"}
        if flow.condition and not gateway:
            yield Finding(
                flow.id, "Only exclusive and inclusive gateways may ask.", "Draw a gateway."
            )
    for element in outline.elements.values():
        if element.kind == "eventBasedGateway":
            yield from _of_event_gateway(element, outline)


def _of_event_gateway(gateway: Element, outline: Outline) -> Iterator[Finding]:
    for flow in outline.outgoing(gateway.id):
        target = outline.elements.get(flow.target)
        if target is None or target.kind not in {"intermediateCatchEvent", "receiveTask"}:
            yield Finding(
                flow.target, "Only events may follow an event-based gateway.", "Redraw it."
            )
        elif sum(other.target == target.id for other in outline.flows) > 1:
            yield Finding(flow.target, "Another flow leads to this event.", "Draw a second event.")


def _of_starts(outline: Outline) -> Iterator[Finding]:
    scopes = {"", *(e.id for e in outline.elements.values() if e.kind == "subProcess")}
    for scope in sorted(scopes):
        starts = [
            e for e in outline.elements.values() if e.kind == "startEvent" and e.scope == scope
        ]
        plain = [e for e in starts if e.event is None or e.event.kind == "none"]
        if not starts:
            yield Finding(scope or outline.key, "There is no start event.", "Draw one.")
        if scope and (len(starts) > 1 or not plain):
            yield Finding(scope, "A subprocess needs exactly one plain start event.", "Redraw it.")
        if not scope and len(plain) > 1:
            yield Finding(plain[1].id, "There are two plain start events.", "Keep one of them.")
