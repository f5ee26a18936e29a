"""Looking into a case without changing it."""

from typing import Any

from app.kernel import clock
from app.workflow import packing
from app.workflow.cases import Case
from app.workflow.host import CaseHost
from app.workflow.spiff.execution import Execution
from app.workflow.steps import Step, Trigger
from app.workflow.waiting import Waiting

_LOOK = Trigger("look")


def loaded(case: Case, host: CaseHost) -> Execution:
    """The engine as the case left it, for a step that brings nothing."""
    return Execution.load(case.blueprint.parsed, case.state or b"", host)


def execution(case: Case) -> Execution:
    """The engine's view of an open case; it is not run and not saved."""
    step = Step(case, _LOOK, clock.now(), Waiting())
    return loaded(case, CaseHost(step))


def data(case: Case) -> dict[str, Any]:
    """The data of the case: the engine's while open, what was kept afterwards."""
    if case.is_open:
        return dict(execution(case).data)
    return packing.unpacked(case.state) if case.state else {}
