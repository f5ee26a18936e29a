"""What CPython itself makes of a text, in the form process data takes."""

import copy
import types
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from app.workflow.spiff.sandbox import shortcut
from app.workflow.spiff.sandbox.environment import Environment
from app.workflow.spiff.sandbox.errors import ScriptError

OFFERED: dict[str, Any] = {
    kind.__name__: kind for kind in (date, datetime, timedelta, timezone, Decimal)
}
_LEAVES = (str, int, float, bool, type(None), date, datetime, time, timedelta, Decimal)


@dataclass(frozen=True)
class Outcome:
    """A value or data; or, when it failed, the sentence that says why."""

    value: Any = None
    failure: str = ""

    @property
    def shown(self) -> str:
        """With types, so that 1, 1.0 and True differ."""
        return repr(self.value)


def cpython_value(expression: str, data: Mapping[str, Any]) -> Outcome:
    try:
        value = eval(expression, {**OFFERED, **copy.deepcopy(dict(data))})
    except Exception as error:  # noqa: BLE001 - any failure is an outcome
        return Outcome(failure=repr(error))
    return Outcome(_json_like(value))


def cpython_data(script: str, data: Mapping[str, Any]) -> Outcome:
    """The data SpiffWorkflow would keep: what was named, without functions and modules."""
    scope = {**OFFERED, **copy.deepcopy(dict(data))}
    try:
        exec(script, scope)
    except Exception as error:  # noqa: BLE001 - any failure is an outcome
        return Outcome(failure=repr(error))
    left = {name: value for name, value in scope.items() if _is_data(name, value)}
    if not all(_can_be_kept(value) for value in left.values()):
        return Outcome(failure="something is left that cannot be kept")
    return Outcome(dict(sorted(_json_like(left).items())))


def our_value(expression: str, data: Mapping[str, Any]) -> Outcome:
    """What we make of it: in a worker, and the same without one where none is needed."""
    given = copy.deepcopy(dict(data))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shortcut, "value", lambda *_: (False, None))
        worked = _evaluated(expression, given)
    quick = _evaluated(expression, given)
    assert given == data
    assert (quick.shown, bool(quick.failure)) == (worked.shown, bool(worked.failure))
    return worked


def our_data(script: str, data: Mapping[str, Any]) -> Outcome:
    given = copy.deepcopy(dict(data))
    try:
        Environment().execute(script, given)
    except ScriptError as error:
        assert given == data
        return Outcome(failure=str(error))
    return Outcome(dict(sorted(given.items())))


def _evaluated(expression: str, data: Mapping[str, Any]) -> Outcome:
    try:
        return Outcome(Environment().evaluate(expression, data))
    except ScriptError as error:
        return Outcome(failure=str(error))


def _is_data(name: str, value: object) -> bool:
    return not (name.startswith("__") or callable(value) or isinstance(value, types.ModuleType))


def _can_be_kept(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(n) is str and _can_be_kept(part) for n, part in value.items())
    if isinstance(value, list | tuple):
        return all(_can_be_kept(part) for part in value)
    return type(value) in _LEAVES


def _json_like(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_json_like(part) for part in value]
    if isinstance(value, dict):
        return {name: _json_like(part) for name, part in value.items()}
    return value
