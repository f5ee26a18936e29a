"""Nodes that work without a person: scripts, effects and decisions."""

import copy
import time
from typing import Any

from app.kernel.errors import Refusal
from app.workflow.spiff.calls import EffectCall
from app.workflow.spiff.decisions import Decision
from app.workflow.spiff.faults import EffectFailed, EngineFault, failed_text, fault_at
from app.workflow.spiff.merging import merged
from app.workflow.spiff.nodes.events import catching
from app.workflow.spiff.nodes.lean import Lean
from app.workflow.spiff.outline import Element, Service
from app.workflow.spiff.sandbox.contract import check_value
from app.workflow.spiff.sandbox.errors import UnkeepableValue
from app.workflow.spiff.tokens import Token


class Script(Lean):
    """A script task; the sandbox runs it."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if self.element is not None and self.element.script.strip():
            my_task.workflow.script_engine.execute(my_task, self.element.script)
        return True


class ServiceTask(Lean):
    """Asks the host for an effect."""

    def __init__(self, wf_spec: Any, name: str, element: Element) -> None:
        super().__init__(wf_spec, name, element)
        self.service = element.service or Service("", {})

    def _run_hook(self, my_task: Token) -> bool | None:
        values = _arguments(my_task, self.service)
        call = EffectCall(
            self.service.name, values, my_task.element_id, my_task.path, my_task.visit
        )
        try:
            result = _call(my_task, call)
        except Refusal as refusal:
            return _take_error_path(my_task, refusal)
        if self.service.result:
            my_task.data = {**my_task.data, self.service.result: result}
        return True


class BusinessRule(Lean):
    """Asks a decision table; its outputs become data."""

    def __init__(self, wf_spec: Any, name: str, element: Element, decision: Decision) -> None:
        super().__init__(wf_spec, name, element)
        self.decision = decision

    def _run_hook(self, my_task: Token) -> bool | None:
        outputs = self.decision.outputs(my_task)
        my_task.data = merged({}, my_task.data, outputs)
        return True


def _arguments(token: Token, service: Service) -> dict[str, Any]:
    engine = token.workflow.script_engine
    try:
        return {
            name: copy.deepcopy(engine.evaluate(token, expression))
            for name, expression in service.parameters.items()
        }
    except Refusal as refusal:  # of a host function: nothing to do with the effect
        raise failed_text(token, refusal) from refusal


def _take_error_path(token: Token, refusal: Refusal) -> bool:
    caught = catching(token, refusal.code)
    if caught is None:
        raise refusal
    caught.task_spec.fire(caught, {"code": refusal.code, "message": str(refusal)})
    return False


def _call(token: Token, call: EffectCall) -> object:
    """Time spent in effects is not the engine's: they may wait for a lock."""
    case, began = token.workflow.top_workflow, time.perf_counter()
    try:
        result = case.host.call(call)
    except (Refusal, EngineFault):
        raise
    except Exception as fault:
        raise _effect_failed(token, call, fault) from fault
    finally:
        case.outside_seconds += time.perf_counter() - began
    try:
        return check_value(result, call.name)
    except UnkeepableValue as fault:
        raise _effect_failed(token, call, fault) from fault


def _effect_failed(token: Token, call: EffectCall, cause: Exception) -> EffectFailed:
    failed = fault_at(token, f"{call.name} failed: {cause!r}", EffectFailed)
    failed.cause = cause
    return failed
