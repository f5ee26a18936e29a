"""Moves the tokens of a case, one after another, until nothing moves by itself."""

import time

from SpiffWorkflow.util.task import TaskState

from app.kernel.errors import Refusal
from app.workflow.spiff.cases import Case
from app.workflow.spiff.faults import TEXT_ERRORS, Runaway, Stuck, failed_text, fault_at
from app.workflow.spiff.nodes.events import Catch
from app.workflow.spiff.nodes.work import ServiceTask
from app.workflow.spiff.tokens import Token

MAX_STEPS = 400
MAX_SECONDS = 5.0


def drive(case: Case, halt_before: frozenset[str]) -> None:
    """Run everything that needs nobody. See `Execution.advance`."""
    steps, until, halted = 0, time.perf_counter() + MAX_SECONDS, False
    while _has_more(case):
        token = case.queue.popleft()
        if not _can_move(token):
            continue
        if token.visit < 0:
            token.workflow.number(token)
        if token.element_id in halt_before or token.key in halt_before:
            halted = True
            continue
        steps += token.state == TaskState.READY
        if steps > MAX_STEPS or time.perf_counter() - case.outside_seconds > until:
            raise fault_at(token, "the step does not come to an end; look for a loop", Runaway)
        _move(token)
    if not halted:
        _check_not_stuck(case)


def _has_more(case: Case) -> bool:
    if not case.queue and not case.completed:
        case.rest()
    return bool(case.queue)


def _can_move(token: Token) -> bool:
    if token.workflow.completed:
        return False
    if token.state == TaskState.FUTURE:
        return True
    return token.state == TaskState.READY and (token.answered or not token.task_spec.manual)


def _move(token: Token) -> None:
    try:
        if token.state == TaskState.FUTURE:
            token.task_spec._update(token)
        else:
            token.run()
    except TEXT_ERRORS as error:
        raise failed_text(token, error) from error
    except Refusal as refusal:
        if isinstance(token.task_spec, ServiceTask):
            raise
        raise failed_text(token, refusal) from refusal


def _check_not_stuck(case: Case) -> None:
    if case.completed:
        return
    gates = []
    for part in case.parts():
        for token in part.live():
            waits = isinstance(token.task_spec, Catch) and not _is_error_event(token)
            if waits or (token.task_spec.manual and token.state == TaskState.READY):
                return
            if token.state == TaskState.WAITING:
                gates.append(token)
    if not gates:
        raise Stuck("the case has no token left, and no end was reached")
    raise fault_at(gates[0], "waits for a branch that can no longer come", Stuck)


def _is_error_event(token: Token) -> bool:
    return bool(token.task_spec.event.kind == "error")
