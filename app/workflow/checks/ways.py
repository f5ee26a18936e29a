"""Whether every element can be reached, every way ends, and no loop runs by itself for ever."""

from collections.abc import Iterable, Iterator, Mapping

from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Flow, Outline

_WAITS = frozenset({"userTask", "manualTask", "receiveTask", "intermediateCatchEvent"})
_INSIDE = frozenset({"subProcess", "callActivity"})
_ALWAYS = frozenset({"true", "1", "not false"})

Graph = Mapping[str, set[str]]


def lost_ways(outline: Outline) -> Iterator[Finding]:
    """Elements nobody comes to, ways without an end, loops without a person."""
    forward = _graph(outline, backward=False)
    reached = _closure(_starts(outline), forward)
    ending = _closure(_ends(outline), _graph(outline, backward=True))
    for element in outline.elements.values():
        if element.id not in reached:
            yield Finding(element.id, "Nothing leads here.", "Connect it, or remove it.")
        elif element.id not in ending:
            yield Finding(element.id, "From here no way leads to an end.", "Draw a way out.")
    yield from _default_ways(outline)
    yield from _own_loops(outline, forward)


def self_calls(outline: Outline, processes: Mapping[str, Outline]) -> Iterator[Finding]:
    """Calls that lead back to the process they are made from."""
    calls = {
        key: {e.called for e in each.elements.values() if e.called}
        for key, each in {**processes, outline.key: outline}.items()
    }
    for element in outline.elements.values():
        if element.called and outline.key in _closure([element.called], calls):
            message = "The process calls itself and would never end."
            yield Finding(element.id, message, "Draw the repetition as a loop.")


def _graph(outline: Outline, *, backward: bool) -> dict[str, set[str]]:
    """Who follows whom; attached events follow their activity, inner starts their subprocess."""
    pairs = [(flow.source, flow.target) for flow in outline.flows]
    for element in outline.elements.values():
        if element.attached_to:
            pairs.append((element.attached_to, element.id))
        if element.scope and not backward and element.kind == "startEvent":
            pairs.append((element.scope, element.id))
    graph: dict[str, set[str]] = {name: set() for name in outline.elements}
    for source, target in pairs:
        one, other = (target, source) if backward else (source, target)
        graph.setdefault(one, set()).add(other)
    return graph


def _starts(outline: Outline) -> list[str]:
    return [e.id for e in outline.elements.values() if e.kind == "startEvent" and not e.scope]


def _ends(outline: Outline) -> list[str]:
    """Elements after which nothing comes; a way may simply stop there."""
    sources = {flow.source for flow in outline.flows}
    return [name for name in outline.elements if name not in sources]


def _closure(begin: Iterable[str], graph: Graph) -> set[str]:
    found, todo = set(begin), list(begin)
    while todo:
        for name in graph.get(todo.pop(), ()):
            if name not in found:
                found.add(name)
                todo.append(name)
    return found


def _default_ways(outline: Outline) -> Iterator[Finding]:
    for element in outline.elements.values():
        flows = outline.outgoing(element.id)
        asking = element.kind in {"exclusiveGateway", "inclusiveGateway"}
        if asking and len(flows) > 1 and not element.default:
            message = "No default way: when no condition holds, the case stops with an incident."
            yield Finding(element.id, message, "Mark one way as default.", warning=True)
        for flow in flows:
            if flow.id == element.default and flow.condition:
                message = "The condition of a default way is never asked."
                yield Finding(flow.id, message, "Remove it.", warning=True)


def _own_loops(outline: Outline, forward: Graph) -> Iterator[Finding]:
    """Loops through which a token runs without waiting for anybody."""
    moving = {
        name: {target for target in targets if not _waits(outline.elements.get(target))}
        for name, targets in forward.items()
        if not _waits(outline.elements.get(name))
    }
    after = {name: _closure(targets, moving) for name, targets in moving.items()}
    looping = [f for f in outline.flows if f.source in after.get(f.target, ()) or _is_own(f, after)]
    told: set[str] = set()
    for flow in looping:
        if (flow.condition or "").strip().lower() in _ALWAYS:
            hint = "Write a condition that changes."
            yield Finding(flow.id, "This loop never ends.", hint)
        elif flow.source not in told:
            message = "This loop waits for nobody; after 400 steps it is stopped with an incident."
            yield Finding(flow.id, message, "Do an activity per item instead.", warning=True)
        told |= after[flow.source]


def _is_own(flow: Flow, after: Graph) -> bool:
    return flow.source == flow.target and flow.source in after


def _waits(element: Element | None) -> bool:
    """Whether a token stops here; inside a subprocess it may."""
    return element is None or element.kind in _WAITS or element.kind in _INSIDE
