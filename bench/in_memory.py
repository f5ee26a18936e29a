"""The bare in-memory engine on the standard case: what a completion can never beat."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.workflow.spiff.execution import EffectCall, Execution
from app.workflow.spiff.parsing import ParsedProcess, parse

_OPEN = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' targetNamespace="http://houtai.bench"><bpmn:process id="%s" isExecutable="true">'
)
_CLOSE = "</bpmn:process></bpmn:definitions>"

STANDARD = (
    _OPEN % "standard"
    + """
<bpmn:startEvent id="begin" />
<bpmn:scriptTask id="add_up"><bpmn:script>
total = sum(line["quantity"] * line["price"] for line in lines)
</bpmn:script></bpmn:scriptTask>
<bpmn:userTask id="check" name="Check the order" />
<bpmn:exclusiveGateway id="large" default="to_pack" />
<bpmn:userTask id="pack" name="Pack it" />
<bpmn:userTask id="hand_over" name="Hand it over" />
<bpmn:endEvent id="done" />
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="add_up" />
<bpmn:sequenceFlow id="f2" sourceRef="add_up" targetRef="check" />
<bpmn:sequenceFlow id="f3" sourceRef="check" targetRef="large" />
<bpmn:sequenceFlow id="to_end" sourceRef="large" targetRef="done">
<bpmn:conditionExpression>not approved</bpmn:conditionExpression></bpmn:sequenceFlow>
<bpmn:sequenceFlow id="to_pack" sourceRef="large" targetRef="pack" />
<bpmn:sequenceFlow id="f5" sourceRef="pack" targetRef="hand_over" />
<bpmn:sequenceFlow id="f6" sourceRef="hand_over" targetRef="done" />
"""
    + _CLOSE
)
MANY = (
    _OPEN % "many"
    + """
<bpmn:startEvent id="begin" />
<bpmn:userTask id="count"><bpmn:multiInstanceLoopCharacteristics>
<bpmn:loopCardinality>200</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>
</bpmn:userTask>
<bpmn:endEvent id="done" />
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="count" />
<bpmn:sequenceFlow id="f2" sourceRef="count" targetRef="done" />
"""
    + _CLOSE
)
ROUNDS = (
    _OPEN % "rounds"
    + """
<bpmn:startEvent id="begin" />
<bpmn:exclusiveGateway id="again" />
<bpmn:userTask id="look" />
<bpmn:exclusiveGateway id="enough" default="back" />
<bpmn:endEvent id="done" />
<bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="again" />
<bpmn:sequenceFlow id="f2" sourceRef="again" targetRef="look" />
<bpmn:sequenceFlow id="f3" sourceRef="look" targetRef="enough" />
<bpmn:sequenceFlow id="back" sourceRef="enough" targetRef="again" />
<bpmn:sequenceFlow id="f5" sourceRef="enough" targetRef="done">
<bpmn:conditionExpression>tired</bpmn:conditionExpression></bpmn:sequenceFlow>
"""
    + _CLOSE
)
LINES = [
    {"sku": f"SKU-{n:03}", "name": f"Article {n}", "quantity": n, "price": 100 + n}
    for n in range(20)
]


class NoWorld:
    """A host for processes that need nothing of the world."""

    def call(self, call: EffectCall) -> object:
        raise LookupError(call.name)

    def functions(self) -> dict[str, Callable[..., Any]]:
        return {}

    def due(self, duration: str, *, data: Mapping[str, Any]) -> datetime:
        raise LookupError(duration, data)


def measure(rounds: int = 300) -> dict[str, float]:
    """Milliseconds of CPU per step, and bytes per state."""
    standard = parse({"standard.bpmn": STANDARD.encode()})
    state = _begun(standard, {"lines": LINES, "approved": True})
    seconds: list[float] = []
    for _ in range(rounds):
        seconds += _played(standard, state)
    many = parse({"many.bpmn": MANY.encode()})
    steps = _played(many, _begun(many, {"lines": LINES}))
    loop = parse({"rounds.bpmn": ROUNDS.encode()})
    looped = _played(loop, _begun(loop, {"lines": LINES, "tired": False}), most=200)
    return {
        "step_ms": _median(seconds),
        "load_ms": _median(_timed(standard, state, rounds)),
        "state_bytes": len(state),
        "first_of_200_ms": _median(steps[:20]),
        "last_of_200_ms": _median(steps[-20:]),
        "round_200_ms": _median(looped[-20:]),
    }


def _begun(process: ParsedProcess, data: dict[str, Any]) -> bytes:
    execution = Execution.start(process, at=None, data=data, host=NoWorld())
    execution.advance()
    return execution.save()


def _played(process: ParsedProcess, state: bytes, most: int = 1_000) -> list[float]:
    seconds: list[float] = []
    while len(seconds) < most:
        began = time.process_time()
        execution = Execution.load(process, state, NoWorld())
        people = execution.waiting_people()
        if not people:
            break
        execution.complete(people[0].token, {"answer": len(seconds)})
        execution.advance()
        execution.waiting_people()
        execution.waiting_timers()
        execution.waiting_messages()
        state = execution.save()
        seconds.append(time.process_time() - began)
    return seconds


def _timed(process: ParsedProcess, state: bytes, rounds: int) -> list[float]:
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        Execution.load(process, state, NoWorld())
        seconds.append(time.process_time() - began)
    return seconds


def _median(seconds: list[float]) -> float:
    return round(sorted(seconds)[len(seconds) // 2] * 1000, 3)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:20} {figure}")
