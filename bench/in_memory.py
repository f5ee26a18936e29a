"""The engine alone: the standard case without database, forms, rights or history.

SpiffWorkflow as it comes, the diagram left out of the state, runs in a process of its own (ours
closes the doors through which the library runs scripts).
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

_WARM_UP = 5


@contextmanager
def library() -> Iterator[Callable[[], list[float]]]:
    """Runs a case of SpiffWorkflow as it comes when called: milliseconds of each of its steps."""
    command = [sys.executable, "-m", "bench.library"]
    root, pipe = Path(__file__).resolve().parent.parent, subprocess.PIPE
    with subprocess.Popen(command, cwd=root, stdin=pipe, stdout=pipe, text=True) as child:
        if child.stdin is None or child.stdout is None:
            raise AssertionError("unreachable")
        asking, answers = child.stdin, child.stdout

        def one_case() -> list[float]:
            print(flush=True, file=asking)
            steps: list[float] = json.loads(answers.readline())
            return steps

        yield one_case
        asking.close()


def of_ours(cases: int) -> float:
    """Milliseconds of one step of our own engine: load, run, save."""
    from app.workflow.spiff.execution import Execution  # noqa: PLC0415 - the library's run must not
    from app.workflow.spiff.parsing import parse  # noqa: PLC0415
    from bench import company  # noqa: PLC0415
    from bench.meters import timed  # noqa: PLC0415

    diagram = Path(__file__).parent / "diagrams" / f"{company.ORDER}.bpmn"
    process, world, steps = parse({diagram.name: diagram.read_bytes()}), _World(), []
    given = {step: {"verdict": "agreed", "remark": "Checked."} for step in company.STEPS}

    def one(state: bytes, step: str) -> bytes:
        execution = Execution.load(process, state, world)
        execution.complete(execution.waiting_people()[0].token, given[step])
        execution.advance()
        return execution.save()

    for number in range(cases + _WARM_UP):
        begun = Execution.start(process, at=None, data=company.order(number), host=world)
        begun.advance()
        state = begun.save()
        for step in company.STEPS:
            state, took = timed(lambda state=state, step=step: one(state, step))  # type: ignore[misc]
            steps.append(took.cpu)
    return median(steps[_WARM_UP * 3 :])


class _World:
    """A host without effects, where every hour is a working hour."""

    def call(self, _call: object) -> object:
        raise NotImplementedError

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {}

    def due(self, _duration: str, *, data: Mapping[str, Any]) -> datetime:  # noqa: ARG002
        return datetime.now(UTC)
