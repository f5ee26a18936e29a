"""Closes every way by which SpiffWorkflow 3.2.0 would hand text to CPython."""

from typing import Any, NoReturn

import SpiffWorkflow.bpmn.script_engine as package
import SpiffWorkflow.bpmn.script_engine.python_engine as library_engine
import SpiffWorkflow.bpmn.script_engine.python_environment as library_environment
import SpiffWorkflow.bpmn.serializer.workflow as serializer
from SpiffWorkflow.bpmn import workflow
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.engine import ScriptEngine
from app.workflow.spiff.sandbox.environment import Environment
from app.workflow.spiff.sandbox.errors import ScriptRefused


class ForeignState(ValueError):
    """A saved state that this version of the engine has not written."""


def install() -> None:
    """Replace the unsafe parts; doing it twice does nothing more."""
    library_environment.TaskDataEnvironment.evaluate = _refuse
    library_environment.TaskDataEnvironment.execute = _refuse
    package.TaskDataEnvironment = Environment
    library_engine.TaskDataEnvironment = Environment
    # BpmnWorkflow() and deserialize_json() attach this one when none is given.
    workflow.PythonScriptEngine = ScriptEngine
    # Migrations from 1.0 and 1.1 call eval() on the state; unknown versions pass silently.
    serializer.BpmnWorkflowSerializer.migrate = _accept_only_our_version
    # The engine runs a quadratic regex over a cell before anyone sees it.
    if not hasattr(DMNEngine, "_unsized_evaluate"):
        DMNEngine._unsized_evaluate = DMNEngine.evaluate
        DMNEngine.evaluate = _evaluate_sized_cell


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise RuntimeError("TaskDataEnvironment is switched off: texts run in the sandbox only")


def _accept_only_our_version(self: Any, state: dict[str, Any]) -> None:
    if state.pop(self.VERSION_KEY, None) != serializer.VERSION:
        raise ForeignState("the state was written by another version of the engine")


def _evaluate_sized_cell(self: Any, input_expr: Any, match_expr: Any, task: Any) -> Any:
    for text in (input_expr, match_expr):
        if isinstance(text, str) and len(text) > limits.CELL_CHARS:
            raise ScriptRefused(
                f"a cell is {len(text)} characters long; the limit is {limits.CELL_CHARS}"
            )
    return self._unsized_evaluate(input_expr, match_expr, task)
