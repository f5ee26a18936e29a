"""Builds the nodes of a process from its outline."""

from collections.abc import Mapping
from typing import Any

from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.nodes.events import Boundary, Catch, Split, Start, Throw
from app.workflow.spiff.nodes.gateways import (
    EndGate,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from app.workflow.spiff.nodes.lean import Lean, Person, Process
from app.workflow.spiff.nodes.repeats import Repeated
from app.workflow.spiff.nodes.subprocesses import Subprocess
from app.workflow.spiff.nodes.work import BusinessRule, Script, ServiceTask
from app.workflow.spiff.outline import Element, Outline

_PLAIN: dict[str, type[Lean]] = {
    "startEvent": Start,
    "endEvent": Throw,
    "intermediateThrowEvent": Throw,
    "sendTask": Throw,
    "intermediateCatchEvent": Catch,
    "receiveTask": Catch,
    "boundaryEvent": Boundary,
    "userTask": Person,
    "manualTask": Person,
    "scriptTask": Script,
    "serviceTask": ServiceTask,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventBasedGateway,
}


def assemble(outline: Outline, decisions: Mapping[str, Decision]) -> dict[str, Process]:
    """The process and its embedded subprocesses, by name; the process itself has its own key."""
    scopes = {"", *(e.id for e in outline.elements.values() if e.kind == "subProcess")}
    return {spec_name(outline.key, scope): _scope(outline, scope, decisions) for scope in scopes}


def spec_name(process: str, scope: str) -> str:
    return f"{process}/{scope}" if scope else process


def _scope(outline: Outline, scope: str, decisions: Mapping[str, Decision]) -> Process:
    process = Process(spec_name(outline.key, scope))
    elements = [e for e in outline.elements.values() if e.scope == scope]
    entries = {e.id: _node(process, e, decisions) for e in elements}
    end = EndGate(process, "#end")
    for element in elements:
        _attach(process, element, entries)
    _connect(process, outline, entries)
    for element in elements:
        node = process.task_specs[element.id]
        if element.kind == "startEvent":
            process.starts[element.id] = node
            process.start.connect(node)
        elif not node._outputs:
            node.connect(end)
    return process


def _node(process: Process, element: Element, decisions: Mapping[str, Decision]) -> Lean:
    """The node of `element`; for an activity done per item, the one that stands for all."""
    if element.repeat is None:
        return _single(process, element.id, element, decisions)
    repeated = Repeated(process, element.id, element, element.repeat)
    _single(process, repeated.each, element, decisions)
    return repeated


def _single(
    process: Process, name: str, element: Element, decisions: Mapping[str, Decision]
) -> Lean:
    if element.kind == "businessRuleTask":
        return BusinessRule(process, name, element, decisions[element.decision])
    if element.kind == "callActivity":
        return Subprocess(process, name, element, element.called)
    if element.kind == "subProcess":
        return Subprocess(process, name, element, spec_name(element.process, element.id))
    return _PLAIN[element.kind](process, name, element)


def _attach(process: Process, element: Element, entries: dict[str, Lean]) -> None:
    """Let an attached event be armed by what stands before its activity."""
    if element.kind != "boundaryEvent":
        return
    name = f"#{element.attached_to}"
    split = process.task_specs.get(name)
    if split is None:
        split = Split(process, name)
        split.connect(process.task_specs[element.attached_to])
        entries[element.attached_to] = split
    split.connect(process.task_specs[element.id])


def _connect(process: Process, outline: Outline, entries: Mapping[str, Lean]) -> None:
    for flow in outline.flows:
        if flow.source not in entries:
            continue
        source: Any = process.task_specs[flow.source]
        target = entries[flow.target]
        conditional = isinstance(source, ExclusiveGateway | InclusiveGateway)
        is_default = outline.elements[flow.source].default == flow.id
        if conditional and flow.condition and not is_default:
            source.connect_outgoing_if(flow.condition, target)
        else:
            source.connect(target)
