"""What service tasks do: functions under a name, each run of a step happening exactly once."""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import bindparam, insert, select

from app.kernel import cause
from app.kernel.db import connection, savepoint
from app.workflow.records import EffectRow
from app.workflow.spiff.sandbox import contract
from app.workflow.spiff.sandbox.errors import UnkeepableValue

EffectFunction = TypeVar("EffectFunction", bound=Callable[..., object])

_REGISTERED: dict[str, Callable[..., object]] = {}
_FIND = select(EffectRow.result).where(EffectRow.key == bindparam("wanted"))
_KEEP = insert(EffectRow)


_UNKNOWN = "There is no effect {name}. Add it to app/effects, or mend the service task."


class UnknownEffect(LookupError):
    """A diagram names an effect that no module offers."""


class BadResult(TypeError):
    """An effect returned something that cannot enter process data."""


@dataclass(frozen=True)
class Run:
    """One run of one service step: what it is called with, when and for whom."""

    name: str
    arguments: dict[str, object]
    cause: cause.Cause
    edition: int
    at: datetime


def effect(function: EffectFunction) -> EffectFunction:
    """Offer `function` to service tasks as `<module>.<function>`."""
    room = function.__module__.rpartition(".")[2]
    _REGISTERED[f"{room}.{function.__name__}"] = function
    return function


def registered() -> Mapping[str, Callable[..., object]]:
    """Every effect by its name."""
    return _REGISTERED


def mismatches(name: str, parameters: Iterable[str]) -> list[str]:
    """Why a service task that calls `name` with `parameters` cannot work; empty when it can."""
    if nowhere := unknown(name):
        return nowhere
    given, wanted = set(parameters), inspect.signature(_function(name)).parameters
    required = {known.name for known in wanted.values() if known.default is known.empty}
    missing, extra = sorted(required - given), sorted(given - wanted.keys())
    return [f"{name} needs the parameter {each}." for each in missing] + [
        f"{name} knows no parameter {each}." for each in extra
    ]


def unknown(name: str) -> list[str]:
    """What is wrong with a name that no module offers."""
    return [] if name in _REGISTERED else [_UNKNOWN.format(name=name)]


def parameters(name: str) -> tuple[str, ...]:
    """What an effect wants to know, by name.

    Raises:
        UnknownEffect: no module offers it.
    """
    return tuple(inspect.signature(_function(name)).parameters)


def happen(run: Run) -> object:
    """The result of the step: of this run, or of an earlier one under the same key.

    A refusal or a fault undoes what the effect did, and nothing else.
    """
    found = connection().execute(_FIND, {"wanted": run.cause.effect_key}).first()
    if found is not None:
        return found[0]
    function = _function(run.name)
    with savepoint(), cause.acting(run.cause):
        result = _kept_result(run.name, function(**run.arguments))
    _keep(run, result)
    return result


def _kept_result(name: str, result: object) -> object:
    """`result` as it enters the case: an effect that returns anything else is at fault."""
    plain = contract.plain(result)
    try:
        return contract.check_value(plain, name)
    except UnkeepableValue as refused:
        raise BadResult(str(refused)) from refused


def _function(name: str) -> Callable[..., object]:
    try:
        return _REGISTERED[name]
    except KeyError:
        raise UnknownEffect(_UNKNOWN.format(name=name)) from None


def _keep(run: Run, result: object) -> None:
    row = {
        "key": run.cause.effect_key,
        "name": run.name,
        "edition": run.edition,
        "person_id": run.cause.person_id,
        "at": run.at,
        "arguments": contract.plain(run.arguments),
        "result": result,
    }
    connection().execute(_KEEP, row)
