"""Builders of small diagrams: `bpmn("order", user("count"), flows="begin -> count -> done")`."""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' id="definitions" targetNamespace="http://houtai.test">'
)


@dataclass(frozen=True)
class Node:
    """One element of a diagram; `body` is XML, `properties` become spiffworkflow:properties."""

    tag: str
    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    extensions: str = ""
    body: str = ""

    def xml(self, default: str = "") -> str:
        attributes = {"id": self.id, **self.attributes, **({"default": default} if default else {})}
        written = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
        inside = extension_elements(self.properties, self.extensions) + self.body
        return f"<bpmn:{self.tag}{written}>{inside}</bpmn:{self.tag}>"


def extension_elements(properties: Mapping[str, str], extensions: str = "") -> str:
    listed = "".join(
        f"<spiffworkflow:property name={quoteattr(name)} value={quoteattr(value)} />"
        for name, value in properties.items()
    )
    if listed:
        extensions += f"<spiffworkflow:properties>{listed}</spiffworkflow:properties>"
    return f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>" if extensions else ""


def _properties(named: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("__", "."): value for name, value in named.items()}


def start(id: str = "begin", *, message: str = "", **properties: str) -> Node:  # noqa: A002
    return _event("startEvent", id, _message(message), properties)


def end(id: str = "done", *, message: str = "", error: str = "", **properties: str) -> Node:  # noqa: A002
    return _event("endEvent", id, _message(message) or _error(error), properties)


def terminate(id: str = "stopped") -> Node:  # noqa: A002
    return _event("endEvent", id, "<bpmn:terminateEventDefinition />", {})


def user(id: str, name: str = "", **properties: str) -> Node:  # noqa: A002
    return Node("userTask", id, {"name": name or id}, _properties(properties))


def manual(id: str, **properties: str) -> Node:  # noqa: A002
    return Node("manualTask", id, {"name": id}, _properties(properties))


def script(id: str, text: str) -> Node:  # noqa: A002
    return Node("scriptTask", id, body=f"<bpmn:script>{escape(text)}</bpmn:script>")


def service(id: str, effect: str, *, result: str = "", **parameters: str) -> Node:  # noqa: A002
    given = "".join(
        f'<spiffworkflow:parameter id="{name}" type="any" value={quoteattr(value)} />'
        for name, value in parameters.items()
    )
    operator = (
        f'<spiffworkflow:serviceTaskOperator id="{effect}" resultVariable="{result}">'
        f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
        "</spiffworkflow:serviceTaskOperator>"
    )
    return Node("serviceTask", id, extensions=operator)


def rule(id: str, decision: str) -> Node:  # noqa: A002
    called = f"<spiffworkflow:calledDecisionId>{decision}</spiffworkflow:calledDecisionId>"
    return Node("businessRuleTask", id, extensions=called)


def exclusive(id: str) -> Node:  # noqa: A002
    return Node("exclusiveGateway", id)


def parallel(id: str) -> Node:  # noqa: A002
    return Node("parallelGateway", id)


def inclusive(id: str) -> Node:  # noqa: A002
    return Node("inclusiveGateway", id)


def first_event(id: str) -> Node:  # noqa: A002
    return Node("eventBasedGateway", id)


def timer(id: str, *, after: str = "", on: str = "", every: str = "") -> Node:  # noqa: A002
    return _event("intermediateCatchEvent", id, _timer(after, on, every), {})


def catch(id: str, message: str, *, into: str = "", **properties: str) -> Node:  # noqa: A002
    return _event("intermediateCatchEvent", id, _message(message, into=into), properties)


def throw(id: str, message: str, *, payload: str = "", **properties: str) -> Node:  # noqa: A002
    return _event("intermediateThrowEvent", id, _message(message, payload=payload), properties)


def attached(  # noqa: PLR0913 - the words of the standard
    id: str,  # noqa: A002
    to: str,
    *,
    after: str = "",
    every: str = "",
    error: str = "",
    message: str = "",
    interrupting: bool = True,
) -> Node:
    body = _timer(after, "", every) if after or every else _message(message) or _error(error)
    attributes = {"attachedToRef": to, "cancelActivity": str(interrupting).lower()}
    properties = {"correlation": "no"} if message else {}
    return Node("boundaryEvent", id, attributes, properties, body=body)


def call(id: str, process: str) -> Node:  # noqa: A002
    return Node("callActivity", id, {"calledElement": process})


def sub(id: str, *nodes: Node, flows: str) -> Node:  # noqa: A002
    return Node("subProcess", id, body=_inside(nodes, flows, prefix=f"{id}_"))


def each(  # noqa: PLR0913 - the words of the standard
    node: Node,
    collection: str = "",
    *,
    item: str = "",
    count: str = "",
    output: str = "",
    output_item: str = "",
    sequential: bool = False,
    until: str = "",
) -> Node:
    """`node`, done once per item."""
    parts = [
        f"<bpmn:loopCardinality>{escape(count)}</bpmn:loopCardinality>" if count else "",
        f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>" if collection else "",
        f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>" if output else "",
        f'<bpmn:inputDataItem id="{item}" />' if item else "",
        f'<bpmn:outputDataItem id="{output_item}" />' if output_item else "",
        f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>" if until else "",
    ]
    loop = "multiInstanceLoopCharacteristics"
    opened = f'<bpmn:{loop} isSequential="{str(sequential).lower()}">'
    body = node.body + opened + "".join(parts) + f"</bpmn:{loop}>"
    return replace(node, body=body)


def bpmn(
    key: str,
    *nodes: Node,
    flows: str,
    lanes: Mapping[str, str] | None = None,
    executable: bool = True,
    **properties: str,
) -> bytes:
    """A file with one process.

    `flows` has lines such as `a -> b -> c` and `a -> b ? x > 1`; `? else` marks the default.
    `lanes` maps a lane's name to the ids in it. Start `begin` and end `done` are added when the
    flows speak of them and nobody gave them.
    """
    known = {node.id for node in nodes}
    usual = (make() for name, make in (("begin", start), ("done", end)) if name not in known)
    nodes = (*nodes, *(node for node in usual if node.id in flows.split()))
    laned = "".join(
        f'<bpmn:lane id="lane_{i}" name={quoteattr(name)}>'
        + "".join(f"<bpmn:flowNodeRef>{ref}</bpmn:flowNodeRef>" for ref in ids.split())
        + "</bpmn:lane>"
        for i, (name, ids) in enumerate((lanes or {}).items())
    )
    lane_set = f'<bpmn:laneSet id="lanes">{laned}</bpmn:laneSet>' if laned else ""
    return (
        f'{_HEAD}<bpmn:process id="{key}" name="{key}" isExecutable="{str(executable).lower()}">'
        f"{extension_elements(_properties(properties))}{lane_set}{_inside(nodes, flows)}"
        f"</bpmn:process>{_declarations(nodes)}</bpmn:definitions>"
    ).encode()


def _inside(nodes: tuple[Node, ...], flows: str, prefix: str = "") -> str:
    written, defaults = [], {}
    for number, (source, target, condition) in enumerate(_flows(flows)):
        flow = f"{prefix}flow_{number}"
        if condition == "else":
            defaults[source] = flow
        asked = (
            ""
            if condition in ("", "else")
            else (f"<bpmn:conditionExpression>{escape(condition)}</bpmn:conditionExpression>")
        )
        written.append(
            f'<bpmn:sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{asked}'
            "</bpmn:sequenceFlow>"
        )
    drawn = [node.xml(defaults.get(node.id, "")) for node in nodes]
    return "".join(drawn + written)


def _flows(text: str) -> list[tuple[str, str, str]]:
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        way, _, condition = line.partition(" ? ")
        names = [name.strip() for name in way.split("->")]
        found += [
            (source, target, condition.strip() if target is names[-1] else "")
            for source, target in itertools.pairwise(names)
        ]
    return found


def _declarations(nodes: tuple[Node, ...]) -> str:
    text = "".join(node.xml() for node in nodes)
    messages = sorted(set(re.findall(r'messageRef="message_(\w+)"', text)))
    errors = sorted(set(re.findall(r'errorRef="error_(\w+)"', text)))
    return "".join(f'<bpmn:message id="message_{m}" name="{m}" />' for m in messages) + "".join(
        f'<bpmn:error id="error_{e}" name="{e}" errorCode="{e}" />' for e in errors
    )


def _event(tag: str, id: str, body: str, properties: Mapping[str, str]) -> Node:  # noqa: A002
    return Node(tag, id, {}, _properties(properties), body=body)


def _message(name: str, *, payload: str = "", into: str = "") -> str:
    if not name:
        return ""
    parts = (
        f"<spiffworkflow:messagePayload>{escape(payload)}</spiffworkflow:messagePayload>"
        if payload
        else ""
    )
    parts += (
        f"<spiffworkflow:messageVariable>{into}</spiffworkflow:messageVariable>" if into else ""
    )
    inside = f"<bpmn:extensionElements>{parts}</bpmn:extensionElements>" if parts else ""
    reference = f'messageRef="message_{name}"'
    return f"<bpmn:messageEventDefinition {reference}>{inside}</bpmn:messageEventDefinition>"


def _error(code: str) -> str:
    if not code:
        return ""
    reference = "" if code == "*" else f' errorRef="error_{code}"'
    return f"<bpmn:errorEventDefinition{reference} />"


def _timer(after: str, on: str, every: str) -> str:
    kinds = {"timeDuration": after, "timeDate": on, "timeCycle": every}
    kind, text = next((k, t) for k, t in kinds.items() if t)
    inside = f"<bpmn:{kind}>{escape(text)}</bpmn:{kind}>"
    return f"<bpmn:timerEventDefinition>{inside}</bpmn:timerEventDefinition>"


def decision_table(
    key: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
) -> bytes:
    """A DMN file with one table; each rule has a cell per input, then one per output."""
    heads = "".join(
        f'<input id="in_{n}"><inputExpression id="e_{n}"><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for n, text in enumerate(inputs, 1)
    ) + "".join(f'<output id="out_{n}" name="{name}" />' for n, name in enumerate(outputs, 1))
    rows = "".join(
        f'<rule id="rule_{row}">'
        + "".join(
            f'<{_cell(column, len(inputs))} id="cell_{row}_{column}"><text>{escape(text)}</text>'
            f"</{_cell(column, len(inputs))}>"
            for column, text in enumerate(cells, 1)
        )
        + "</rule>"
        for row, cells in enumerate(rules, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"'
        f' namespace="http://houtai.test"><decision id="{key}" name="{key}">'
        f'<decisionTable id="{key}_table" hitPolicy="{policy}">{heads}{rows}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def _cell(column: int, inputs: int) -> str:
    return "inputEntry" if column <= inputs else "outputEntry"
