"""The functions diagrams are checked against are those a running case really has."""

from types import SimpleNamespace
from typing import cast

from app.kernel import clock
from app.workflow.host import CaseHost
from app.workflow.spiff.calls import FUNCTIONS
from app.workflow.steps import Step


def test_every_function_the_checks_know_is_offered_and_no_other() -> None:
    step = cast("Step", SimpleNamespace(at=clock.now()))

    assert set(CaseHost(step).functions()) == FUNCTIONS
