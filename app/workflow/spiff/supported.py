"""What the engine does not do, said of each element before it runs."""

import re
from collections.abc import Iterator, Mapping

from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Event, Outline
from app.workflow.spiff.wiring import miswired

MAX_NODES = 300

# As wide as the columns that keep them; SQLite would keep more, PostgreSQL would not.
_LONGEST_KEY, _LONGEST_ROLE, _LONGEST_MESSAGE = 80, 60, 100
_ID = re.compile(r"[^\W\d][\w.-]{0,99}")
_NAME_IT = "Give it an id of its own, such as count_delivery."
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
    if len(outline.elements) > MAX_NODES:
        message = f"The process has {len(outline.elements)} elements; {MAX_NODES} is the most."
        return [Finding(outline.key, message, "Move parts into processes of their own.")]
    findings = [Finding(name, "Two elements have this id.", _NAME_IT) for name in outline.doubled]
    findings += [
        Finding(name, "This is no usable id.", _NAME_IT)
        for name in (outline.key, *outline.elements)
        if not _ID.fullmatch(name)
    ]
    findings += _too_long(outline)
    for element in outline.elements.values():
        findings.extend(_of_element(element))
        findings.extend(_of_references(element, outline, processes, decisions))
    return [*findings, *miswired(outline)]


def _too_long(outline: Outline) -> Iterator[Finding]:
    messages = ((e.id, e.event) for e in outline.elements.values() if e.event is not None)
    names = [
        (outline.key, "id of the process", outline.key, _LONGEST_KEY),
        *((lane.id, "lane's name", lane.role, _LONGEST_ROLE) for lane in outline.lanes),
        *((e, "message's name", event.name, _LONGEST_MESSAGE) for e, event in messages),
    ]
    for element_id, what, name, most in names:
        if len(name) > most:
            yield Finding(
                element_id, f"The {what} is too long.", f"{most} characters are the most."
            )


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
