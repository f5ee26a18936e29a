"""Where the engine gets its script engine."""

from collections.abc import Callable, Mapping
from typing import Any

try:
    from app.workflow.spiff.sandbox.engine import script_engine
except ModuleNotFoundError:
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment

    def script_engine(functions: Mapping[str, Callable[..., Any]]) -> Any:
        return PythonScriptEngine(TaskDataEnvironment(dict(functions)))


__all__ = ["script_engine"]
