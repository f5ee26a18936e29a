"""Reads a BPMN element tree into outlines; says nothing yet about what may run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from app.workflow.spiff.events_xml import read_event
from app.workflow.spiff.outline import Element, Flow, Lane, Outline, Repeat, Service
from app.workflow.spiff.xml import BPMN, SPIFF, local, text

FLOW_NODES = frozenset(
    [
        *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
        *("boundaryEvent", "task", "userTask", "manualTask", "scriptTask", "serviceTask"),
        *("businessRuleTask", "sendTask", "receiveTask", "exclusiveGateway", "parallelGateway"),
        *("inclusiveGateway", "eventBasedGateway", "complexGateway", "subProcess", "transaction"),
        *("adHocSubProcess", "callActivity"),
    ]
)
_TITLE = "title."
_SCRIPTS = ("preScript", "postScript")


def outlines(root: Any) -> list[Outline]:
    """Every process of the file."""
    return [_process(node, root) for node in root.iter(f"{BPMN}process")]


def properties_of(node: Any) -> dict[str, str]:
    """`spiffworkflow:properties` of one element (not of what it contains)."""
    found = node.iterfind(f"{BPMN}extensionElements/{SPIFF}properties/{SPIFF}property")
    return {prop.get("name", ""): prop.get("value", "") for prop in found}


def titles_of(properties: Mapping[str, str]) -> dict[str, str]:
    """The translations of an element's name, by locale."""
    return {
        name.removeprefix(_TITLE): value
        for name, value in properties.items()
        if name.startswith(_TITLE) and value
    }


def role_of(lane_name: str) -> str:
    """The role code of a lane's name: "Warehouse keeper" is `warehouse_keeper`."""
    return "_".join(lane_name.lower().split())


def _process(node: Any, root: Any) -> Outline:
    properties = properties_of(node)
    lanes, members = _lanes(node)
    key = node.get("id", "")
    elements = list(_elements(node, root, key, members))
    uses = Counter(element.id for element in elements)
    return Outline(
        key=key,
        name=node.get("name") or key,
        executable=node.get("isExecutable", "false") == "true",
        properties=properties,
        titles=titles_of(properties),
        elements={element.id: element for element in elements},
        flows=tuple(_flow(flow) for flow in node.iter(f"{BPMN}sequenceFlow")),
        lanes=lanes,
        doubled=tuple(name for name, count in uses.items() if count > 1),
    )


def _lanes(process: Any) -> tuple[tuple[Lane, ...], dict[str, str]]:
    lanes: list[Lane] = []
    members: dict[str, str] = {}
    for node in process.iter(f"{BPMN}lane"):
        name = node.get("name", "")
        lane = Lane(node.get("id", ""), name, role_of(name), titles_of(properties_of(node)))
        lanes.append(lane)
        members.update((text(ref), lane.role) for ref in node.iterfind(f"{BPMN}flowNodeRef"))
    return tuple(lanes), members


def _elements(process: Any, root: Any, key: str, lanes: Mapping[str, str]) -> Iterator[Element]:
    stack: list[tuple[Any, str, str | None]] = [(process, "", None)]
    while stack:
        container, scope, outer_lane = stack.pop()
        for node in container:
            if local(node) not in FLOW_NODES or not node.tag.startswith(BPMN):
                continue
            lane = lanes.get(node.get("id", ""), outer_lane)
            yield _element(node, root, lane=lane, process=key, scope=scope)
            if local(node) in {"subProcess", "transaction", "adHocSubProcess"}:
                stack.append((node, node.get("id", ""), lane))


def _element(node: Any, root: Any, *, lane: str | None, process: str, scope: str) -> Element:
    properties = properties_of(node)
    return Element(
        id=node.get("id", ""),
        kind=local(node),
        name=node.get("name", ""),
        lane=lane,
        properties=properties,
        documentation=text(node.find(f"{BPMN}documentation")),
        titles=titles_of(properties),
        process=process,
        scope=scope,
        event=read_event(node, root),
        repeat=_repeat(node),
        service=_service(node),
        script=_script(node),
        decision=_extension(node, "calledDecisionId"),
        called=node.get("calledElement", ""),
        variable=_extension(node, "variableName"),
        attached_to=node.get("attachedToRef", ""),
        interrupting=node.get("cancelActivity", "true").lower() == "true",
        default=node.get("default", ""),
        unsupported=tuple(_unsupported_parts(node)),
    )


def _flow(node: Any) -> Flow:
    condition = node.find(f"{BPMN}conditionExpression")
    return Flow(
        id=node.get("id", ""),
        source=node.get("sourceRef", ""),
        target=node.get("targetRef", ""),
        condition=None if condition is None else text(condition),
        name=node.get("name", ""),
        titles=titles_of(properties_of(node)),
    )


def _extension(node: Any, name: str) -> str:
    return text(node.find(f"{BPMN}extensionElements/{SPIFF}{name}"))


def _script(node: Any) -> str:
    found = node.find(f"{BPMN}script")
    return "" if found is None else (found.text or "")


def _service(node: Any) -> Service | None:
    operator = node.find(f"{BPMN}extensionElements/{SPIFF}serviceTaskOperator")
    if operator is None:
        return None
    parameters = operator.iterfind(f"{SPIFF}parameters/{SPIFF}parameter")
    return Service(
        name=operator.get("id", ""),
        parameters={p.get("id", ""): p.get("value", "") for p in parameters},
        result=operator.get("resultVariable", ""),
    )


def _repeat(node: Any) -> Repeat | None:
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    return Repeat(
        sequential=loop.get("isSequential") == "true",
        collection=text(loop.find(f"{BPMN}loopDataInputRef")),
        cardinality=text(loop.find(f"{BPMN}loopCardinality")),
        item=_item(loop.find(f"{BPMN}inputDataItem")),
        output=text(loop.find(f"{BPMN}loopDataOutputRef")),
        output_item=_item(loop.find(f"{BPMN}outputDataItem")),
        until=text(loop.find(f"{BPMN}completionCondition")),
    )


def _item(node: Any) -> str:
    # SpiffWorkflow binds the id of the item, not its name.
    return "" if node is None else str(node.get("id") or node.get("name") or "")


def _unsupported_parts(node: Any) -> Iterator[str]:
    if node.find(f"{BPMN}standardLoopCharacteristics") is not None:
        yield "standardLoop"
    if node.get("triggeredByEvent") == "true":
        yield "eventSubprocess"
    if node.find(f"{BPMN}ioSpecification") is not None:
        yield "ioSpecification"
    for tag in ("dataInputAssociation", "dataOutputAssociation"):
        if node.find(f"{BPMN}{tag}") is not None:
            yield "dataAssociation"
    for name in _SCRIPTS:
        if _extension(node, name):
            yield name
