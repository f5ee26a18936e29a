"""Where SpiffWorkflow evaluates and executes: copies go out, and come back only on success."""

import builtins
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment

from app.kernel.errors import N_
from app.workflow.spiff.sandbox import results, shortcut
from app.workflow.spiff.sandbox.contract import Allowance, check_value
from app.workflow.spiff.sandbox.errors import ScriptError, ScriptRefused, UnkeepableValue
from app.workflow.spiff.sandbox.reading import Mode
from app.workflow.spiff.sandbox.run import Job, run
from app.workflow.spiff.sandbox.source import Source, analyse

VALUES: Mapping[str, Any] = {
    kind.__name__: kind for kind in (date, datetime, timedelta, timezone, Decimal)
}

_BUILTINS = frozenset(dir(builtins))


class Environment(BasePythonScriptEngineEnvironment):
    """Stands in for SpiffWorkflow's `TaskDataEnvironment`, which would call `eval` and `exec`."""

    def __init__(self, functions: Mapping[str, Any] | None = None, *, owner: str = "") -> None:
        super().__init__({**VALUES, **(functions or {})})
        self._owner = owner

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value of `expression`; the data it reads cannot be changed by it.

        Raises:
            ScriptError: it cannot be run, failed, or gave what cannot be kept.
        """
        source = _ready(expression, "eval", context)
        offered = {**self.globals, **(external_context or {})}
        found, value = shortcut.value(source.expression, shortcut.Known(context, offered))
        if found:
            return value
        job = _job(source, context, offered)
        return _kept(run(job, owner=self._owner), "the result", Allowance())

    def execute(
        self,
        script: str,
        context: dict[str, Any],
        external_context: Mapping[str, Any] | None = None,
    ) -> bool:
        """Run `script` and put what it left into `context`: all of it, or nothing.

        Raises:
            ScriptError: it cannot be run, failed, or left what cannot be kept.
        """
        source = _ready(script, "exec", context)
        job = _job(source, context, {**self.globals, **(external_context or {})}, is_script=True)
        left, allowance = run(job, owner=self._owner), Allowance()
        for name, value in left.items():
            _kept(value, name, allowance)
        for name in _touched(source, context) - left.keys():
            context.pop(name, None)
        context.update(left)
        return True


def _ready(text: str, mode: Mode, context: Mapping[str, Any]) -> Source:
    if not isinstance(text, str):
        raise ScriptRefused(N_("this is not text"))
    try:
        return analyse(str.__str__(text), mode, frozenset(_BUILTINS & context.keys()))
    except SyntaxError as error:
        raise ScriptError(
            f"this is not valid: {error.msg}", line=error.lineno or 0, kind="SyntaxError"
        ) from None


def _job(
    source: Source,
    context: Mapping[str, Any],
    offered: Mapping[str, Any],
    *,
    is_script: bool = False,
) -> Job:
    used = source.names.loads | source.names.bound
    functions = {
        name: offered[name] for name in used & offered.keys() if _is_function(name, offered)
    }
    for name in functions.keys() & context.keys():
        raise ScriptRefused(
            f"`{name}` is both a function and a field of the case", hint=N_("rename the field")
        )
    visible = {name: value for name, value in offered.items() if not _is_function(name, offered)}
    every = {**visible, **context}
    closing = results.CLOSE_EXPRESSION
    if is_script:
        closing = results.close_script(tuple(sorted(_touched(source, context))))
    return Job(
        source=source,
        closing=closing,
        inputs={name: every[name] for name in (every if source.sees_all else used & every.keys())},
        functions=functions,
        known=frozenset(every),
        is_script=is_script,
    )


def _is_function(name: str, offered: Mapping[str, Any]) -> bool:
    return callable(offered[name]) and offered[name] is not VALUES.get(name)


def _touched(source: Source, context: Mapping[str, Any]) -> set[str]:
    """The names a script binds, and those it reads whose value it could change in place."""
    read = {name for name in source.names.loads if isinstance(context.get(name), dict | list)}
    return {*source.names.bound, *read} - source.names.modules


def _kept(value: Any, where: str, allowance: Allowance) -> Any:
    try:
        return check_value(value, where, exact=True, allowance=allowance)
    except UnkeepableValue as refusal:
        raise ScriptError(str(refusal).rstrip("."), kind="UnkeepableValue") from None
