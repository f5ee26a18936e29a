"""What a diagram says, as plain values: elements, flows, lanes and how a process may start."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Event:
    """What an event waits for, or throws.

    `kind` is the BPMN word: message, timer, error, terminate, or one we refuse.
    `timer` tells timeDate, timeDuration and timeCycle apart; `expression` is its text,
    or the payload of a message that is sent.
    """

    kind: str
    name: str = ""
    code: str | None = None
    timer: str = ""
    expression: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Repeat:
    """One instance per item (or number), all at once or one after another."""

    sequential: bool
    collection: str = ""
    cardinality: str = ""
    item: str = ""
    output: str = ""
    output_item: str = ""
    until: str = ""


@dataclass(frozen=True)
class Service:
    """The effect a service task asks for; the values of `parameters` are expressions."""

    name: str
    parameters: Mapping[str, str]
    result: str = ""


@dataclass(frozen=True)
class Element:
    """One node of a diagram. `titles` and `properties` are what its author wrote on it."""

    id: str
    kind: str
    name: str = ""
    lane: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    process: str = ""
    scope: str = ""
    event: Event | None = None
    repeat: Repeat | None = None
    service: Service | None = None
    script: str = ""
    decision: str = ""
    called: str = ""
    variable: str = ""
    attached_to: str = ""
    interrupting: bool = True
    default: str = ""
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True)
class Flow:
    """An arrow from one element to another."""

    id: str
    source: str
    target: str
    condition: str | None = None
    name: str = ""
    titles: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Lane:
    """A strip of the pool; its role does the work drawn in it."""

    id: str
    name: str
    role: str
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class StartEvent:
    """One way a case may begin; `correlation` is a path into the payload of its message."""

    id: str
    kind: str
    message: str = ""
    correlation: str = ""
    variable: str = ""


@dataclass(frozen=True)
class Outline:
    """One process of one file. `doubled` are the ids that two of its elements share."""

    key: str
    name: str
    executable: bool
    properties: Mapping[str, str]
    titles: Mapping[str, str]
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    lanes: tuple[Lane, ...]
    doubled: tuple[str, ...] = ()

    def starts(self) -> dict[str, StartEvent]:
        """The start events of the process itself, not those of its subprocesses."""
        return {
            element.id: _start(element)
            for element in self.elements.values()
            if element.kind == "startEvent" and not element.scope
        }

    def outgoing(self, element_id: str) -> list[Flow]:
        return [flow for flow in self.flows if flow.source == element_id]


def _start(element: Element) -> StartEvent:
    event = element.event or Event("none")
    return StartEvent(
        id=element.id,
        kind=event.kind,
        message=event.name,
        correlation=element.properties.get("correlation", ""),
        variable=event.variable,
    )
