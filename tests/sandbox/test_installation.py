"""No way is left by which SpiffWorkflow would evaluate text itself."""

import builtins
import json
from collections.abc import Callable
from typing import Any

import pytest
import SpiffWorkflow.bpmn.script_engine.python_environment as library
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from app.workflow.spiff.sandbox.engine import ScriptEngine
from app.workflow.spiff.sandbox.install import ForeignState, install
from tests.sandbox.doors import doors


def test_a_workflow_without_an_engine_gets_ours() -> None:
    case = BpmnWorkflow(doors()[0]._spec)

    assert isinstance(case.script_engine, ScriptEngine)


def test_the_librarys_environment_is_switched_off() -> None:
    off = library.TaskDataEnvironment()

    with pytest.raises(RuntimeError):
        off.evaluate("1", {})
    with pytest.raises(RuntimeError):
        off.execute("x = 1", {})


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.4", "9", None])
def test_states_of_other_versions_are_refused(version: str | None) -> None:
    with pytest.raises(ForeignState):
        BpmnWorkflowSerializer().deserialize_json(json.dumps({"serializer_version": version}))


def test_installing_twice_changes_nothing_more() -> None:
    install()

    assert doors()[2].enter("> 2", {"limit": 3}).data == {"limit": 3, "r": 1}


def test_no_text_reaches_eval_exec_or_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[object] = []
    real: dict[str, Callable[..., Any]] = {n: getattr(builtins, n) for n in ("eval", "exec")}

    def watch(name: str) -> Callable[..., Any]:
        def watched(text: object, *rest: Any, **named: Any) -> Any:
            reached.append(text)
            return real[name](text, *rest, **named)

        return watched

    every = doors()
    for name in real:
        monkeypatch.setattr(builtins, name, watch(name))
    for door in every:
        door.enter("limit + 1", {"limit": 3})

    assert not [text for text in reached if isinstance(text, str) and "limit" in text]
