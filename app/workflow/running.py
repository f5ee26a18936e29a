"""Running a step: the engine goes to its next stop, and all that follows is one change."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError

from app.kernel import clock, patience
from app.kernel.db import passes
from app.kernel.errors import Refusal
from app.kernel.writes import Writes
from app.workflow import syncing, waiting
from app.workflow.cases import Case
from app.workflow.host import CaseHost
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.faults import EffectFailed, EngineFault
from app.workflow.steps import Failure, Step, Trigger
from app.workflow.waiting import Waiting

_MOST_FAILURES = 20
Act = Callable[[CaseHost], Execution]


@dataclass(frozen=True)
class Outcome:
    """What a step led to."""

    step: Step
    execution: Execution
    changes: syncing.Changes


def run(case: Case, trigger: Trigger, act: Act, writes: Writes | None = None) -> Outcome:
    """Advance a locked case: `act` brings what happened to the engine, which runs to its stop.

    A failing effect or script is undone and the case halts before it with an incident; what
    the person did survives. A refusal that nobody would read halts it likewise. `writes` are sent
    with those of the step.
    """
    before = waiting.of(case.id) if case.edition else Waiting()
    step = Step(case, trigger, clock.now(), before)
    execution = _played(step, act)
    return Outcome(step, execution, syncing.sync(step, execution, writes or Writes()))


def _played(step: Step, act: Act) -> Execution:
    while True:
        host = CaseHost(step)
        try:
            return _one_run(step, act, host)
        except Refusal as refusal:
            if step.trigger.person_waits or host.last_call is None:
                raise
            call = host.last_call
            failure = Failure(call.element_id, host.key_of(call), refusal)
        except EngineFault as fault:
            failure = _failure(fault, host)
        if failure.element_id in {"", *step.halted} or len(step.failures) == _MOST_FAILURES:
            raise failure.error
        step.failures.append(failure)


def _one_run(step: Step, act: Act, host: CaseHost) -> Execution:
    """One try; whatever it changed is undone when it fails."""
    with host.trial():
        execution = act(host)
        execution.advance(step.halted)
    return execution


def _failure(fault: EngineFault, host: CaseHost) -> Failure:
    """The fault as an incident keeps it; what the database may do another time is none."""
    if not isinstance(fault, EffectFailed):
        return Failure(fault.element_id, None, fault)
    if isinstance(fault.cause, DBAPIError) and _is_passing(fault.cause):
        raise fault.cause
    return Failure(fault.element_id, host.full_key(fault.key), fault.cause)


def _is_passing(error: DBAPIError) -> bool:
    """A deadlock: the whole step runs again. A lock that came not: whoever waits is told."""
    return passes(error) or patience.refusal_of(error) is not None
