"""The script engine SpiffWorkflow is given: every text goes through the sandbox."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.exceptions import SpiffWorkflowException

from app.kernel.errors import N_, Refusal
from app.workflow.spiff.sandbox import contract, limits
from app.workflow.spiff.sandbox.environment import Environment
from app.workflow.spiff.sandbox.errors import ScriptError
from app.workflow.spiff.sandbox.reading import tree_of

Service = Callable[[Any, str, dict[str, Any]], object]


class ScriptEngine(PythonScriptEngine):
    """SpiffWorkflow's engine without `eval`, with lines in its errors and a cap on instances.

    A failed text raises `WorkflowTaskException` whose `__cause__` is the `ScriptError`;
    refusals and faults of host functions and services come through as they are.
    """

    environment: Environment

    def __init__(
        self, environment: Environment | None = None, *, service: Service | None = None
    ) -> None:
        super().__init__(environment or Environment())
        self._service = service

    def validate(self, expression: str) -> None:
        """Raise SyntaxError if `expression` is not Python; like the library, statements pass."""
        tree_of(expression, "exec")

    def evaluate(
        self, task: Any, expression: str, external_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            value = self.environment.evaluate(expression, task.data, external_context)
        except ScriptError as error:
            raise failure(task, error, expression) from error
        if expression == getattr(task.task_spec, "cardinality", None):
            _check_instances(task, value, expression)
        return value

    def execute(
        self, task: Any, script: str, external_context: Mapping[str, Any] | None = None
    ) -> bool:
        try:
            return self.environment.execute(script, task.data, external_context)
        except ScriptError as error:
            raise failure(task, error, script) from error

    # The library's own (3.2.0) reads an undefined name when a service fails and so hides the
    # real error; it also adds the arguments of any error to a text, a TypeError for `{}[1]`.
    def call_service(self, task: Any, **kwargs: Any) -> str:
        """The JSON of what the service gave for a service task.

        Raises:
            Refusal: the service's own, or its result cannot enter process data.
        """
        if self._service is None:
            raise WorkflowTaskException("no services are offered here", task=task)
        given = {
            name: contract.plain(parameter["value"])
            for name, parameter in kwargs["operation_params"].items()
        }
        result = self._service(task, kwargs["operation_name"], given)
        return json.dumps(contract.check_value(result, kwargs["operation_name"]))

    def create_task_exec_exception(
        self, task: Any, script: str, err: Exception
    ) -> SpiffWorkflowException:
        return failure(task, err, script)


def script_engine(
    functions: Mapping[str, Any] | None = None,
    *,
    owner: str = "",
    service: Service | None = None,
) -> ScriptEngine:
    """An engine for one step.

    `functions` are the host functions (and values) texts may use; `owner` names the person on
    whose behalf they run, so that nobody occupies all workers; `service(task, name, arguments)`
    does service tasks and gives what the process data keeps.
    """
    return ScriptEngine(Environment(functions, owner=owner), service=service)


def failure(task: Any, error: Exception, text: str) -> SpiffWorkflowException:
    """SpiffWorkflow's wrapping of `error` in `text`."""
    if isinstance(error, SpiffWorkflowException | Refusal):
        return error
    line = getattr(error, "line", 0) or getattr(error, "lineno", 0) or 0
    rows = text.splitlines() if isinstance(text, str) else []
    row = rows[line - 1].strip() if 0 < line <= len(rows) else ""
    sentence = str(error) if isinstance(error, ScriptError) else f"{type(error).__name__}: {error}"
    return WorkflowTaskException(
        sentence, task=task, exception=error, line_number=line, error_line=row
    )


def _check_instances(task: Any, count: Any, expression: str) -> None:
    if isinstance(count, int) and count > limits.INSTANCES:
        error = ScriptError(
            f"`{expression}` asks for {count} instances; the limit is {limits.INSTANCES}",
            hint=N_("go through a collection, or split the work"),
        )
        raise failure(task, error, expression) from error
