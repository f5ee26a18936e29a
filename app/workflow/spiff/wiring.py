"""Whether the arrows of a diagram connect what may be connected."""

from collections.abc import Iterator

from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Flow, Outline

_ASKING = frozenset({"exclusiveGateway", "inclusiveGateway"})
_EVENTS = frozenset({"intermediateCatchEvent", "receiveTask"})
_REDRAW = "Redraw it."


def miswired(outline: Outline) -> Iterator[Finding]:
    """What is wrong with flows and start events."""
    ids = {"", *outline.elements}
    for flow in outline.flows:
        source, target = outline.elements.get(flow.source), outline.elements.get(flow.target)
        if source is None or target is None or source.scope != target.scope or flow.id in ids:
            message = "The flow does not connect two elements of one process."
            yield Finding(flow.id, message, "Redraw it, with an id of its own.")
        else:
            yield from _of_flow(flow, source, target)
        ids.add(flow.id)
    for element in outline.elements.values():
        yield from _of_outgoing(element, outline)
    yield from _of_starts(outline)


def _of_flow(flow: Flow, source: Element, target: Element) -> Iterator[Finding]:
    if target.kind in {"startEvent", "boundaryEvent"} or source.kind == "endEvent":
        yield Finding(flow.id, "No flow may lead here.", _REDRAW)
    if flow.condition and source.kind not in _ASKING:
        message = "Only exclusive and inclusive gateways may ask."
        yield Finding(flow.id, message, "Draw a gateway.")


def _of_outgoing(element: Element, outline: Outline) -> Iterator[Finding]:
    flows = outline.outgoing(element.id)
    if element.kind in _ASKING and len(flows) > 1:
        for flow in flows:
            if not flow.condition and flow.id != element.default:
                yield Finding(
                    flow.id, "This way has no condition.", "Write one, or make it default."
                )
    elif len({flow.target for flow in flows}) < len(flows):
        yield Finding(element.id, "Two flows lead to the same element.", "Keep one.")
    if element.kind == "eventBasedGateway":
        yield from _of_event_gateway(element, flows, outline)


def _of_event_gateway(gateway: Element, flows: list[Flow], outline: Outline) -> Iterator[Finding]:
    if not flows:
        yield Finding(gateway.id, "No event follows this gateway.", "Draw the events.")
    for flow in flows:
        target = outline.elements.get(flow.target)
        if target is None or target.kind not in _EVENTS:
            yield Finding(flow.target, "Only events may follow this gateway.", _REDRAW)
        elif sum(other.target == target.id for other in outline.flows) > 1:
            yield Finding(flow.target, "Another flow leads to this event.", "Draw a second event.")


def _of_starts(outline: Outline) -> Iterator[Finding]:
    starts: dict[str, list[Element]] = {"": []}
    starts |= {e.id: [] for e in outline.elements.values() if e.kind == "subProcess"}
    for element in outline.elements.values():
        if element.kind == "startEvent" and element.scope in starts:
            starts[element.scope].append(element)
    for scope, events in starts.items():
        plain = [e for e in events if e.event is None or e.event.kind == "none"]
        if not events:
            yield Finding(scope or outline.key, "There is no start event.", "Draw one.")
        elif scope and (len(events) > 1 or not plain):
            yield Finding(scope, "A subprocess needs exactly one plain start event.", _REDRAW)
        elif len(plain) > 1:
            yield Finding(plain[1].id, "There are two plain start events.", "Keep one of them.")
