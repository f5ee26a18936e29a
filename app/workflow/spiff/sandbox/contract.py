"""The data contract: what may enter process data, from whichever door."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.errors import (
    BrokenText,
    NameIsNotText,
    NestedTooDeeply,
    NotFinite,
    NumberTooLarge,
    ReservedName,
    TooManyValues,
    TooMuchText,
    UnknownKind,
)

EXACT_KINDS = (Decimal, datetime, date, time, timedelta)
_RESERVED = frozenset(
    {"typename", "__sw"}
)  # SpiffWorkflow 3.2.0 saves `typename`, then cannot load
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_BITS = int(limits.NUMBER_DIGITS * 3.33)


class Allowance:
    """How many values and characters are still allowed; shared by all parts of one change."""

    def __init__(self) -> None:
        self.nodes, self.chars = limits.DATA_NODES, limits.DATA_CHARS

    def spend(self, *, chars: int, where: str) -> None:
        self.nodes -= 1
        self.chars -= chars
        if self.nodes < 0:
            raise TooManyValues(where=where, limit=limits.DATA_NODES)
        if self.chars < 0:
            raise TooMuchText(where=where, limit=limits.DATA_CHARS)


def check_value(
    value: Any, where: str = "value", *, exact: bool = False, allowance: Allowance | None = None
) -> Any:
    """`value` itself, if it is finite, acyclic, bounded and survives JSON and PostgreSQL.

    `exact` also lets dates, times, durations and Decimals pass, which only case data keeps
    (see `CONVERTERS`); everywhere else they travel as the text `plain` makes of them.

    Raises:
        UnkeepableValue: it does not; the refusal names the place inside the value.
    """
    left = allowance or Allowance()
    todo = [(value, where, 0)]
    while todo:
        one, place, depth = todo.pop()
        left.spend(chars=len(one) if type(one) is str else 0, where=where)
        if type(one) in (dict, list):
            if depth >= limits.DATA_DEPTH:
                raise NestedTooDeeply(where=where)
            todo.extend((part, at, depth + 1) for part, at in _parts(one, place, left))
        else:
            _check_leaf(one, place, exact=exact)
    return value


def plain(value: Any) -> Any:
    """`value` with dates, times, durations and Decimals as their agreed text."""
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    for kind, as_text, _ in CONVERTERS:
        if type(value) is kind:
            return as_text(value)
    return value


def _parts(holder: Any, place: str, left: Allowance) -> Iterator[tuple[Any, str]]:
    if type(holder) is list:
        yield from ((part, f"{place}[{at}]") for at, part in enumerate(holder))
        return
    for name, part in holder.items():
        if type(name) is not str:
            raise NameIsNotText(where=place, name=str(name)[:40])
        if name in _RESERVED:
            raise ReservedName(where=place, name=name)
        left.spend(chars=len(name), where=place)
        if _BROKEN.search(name):
            raise BrokenText(where=place)
        yield part, f"{place}.{name[:40]}"


def _check_leaf(value: Any, place: str, *, exact: bool) -> None:
    kind = type(value)
    check = _CHECKS.get(kind)
    if check is None or (kind in EXACT_KINDS and not exact):
        raise UnknownKind(where=place, kind=kind.__name__)
    check(value, place)


def _check_nothing(_: object, __: str) -> None:
    """Every value of this kind is fine."""


def _check_text(value: str, place: str) -> None:
    if _BROKEN.search(value):
        raise BrokenText(where=place)


def _check_whole(value: int, place: str) -> None:
    if value.bit_length() > _BITS:
        raise NumberTooLarge(where=place, limit=limits.NUMBER_DIGITS)


def _check_float(value: float, place: str) -> None:
    if not math.isfinite(value):
        raise NotFinite(where=place)


def _check_decimal(value: Decimal, place: str) -> None:
    if not value.is_finite():
        raise NotFinite(where=place)
    digits = max(abs(value.adjusted()), len(value.as_tuple().digits))
    if digits > limits.NUMBER_DIGITS:
        raise NumberTooLarge(where=place, limit=limits.NUMBER_DIGITS)


def _duration_text(length: timedelta) -> str:
    """ISO 8601, exact to the microsecond: `P1DT2.5S`, and `-PT1H` as `-P1DT82800S`."""
    seconds = f"{length.seconds}.{length.microseconds:06d}".rstrip("0").rstrip(".")
    return f"P{length.days}DT{seconds}S"


def _duration(text: str) -> timedelta:
    days, _, seconds = text.removeprefix("P").removesuffix("S").partition("DT")
    whole, _, micros = seconds.partition(".")
    return timedelta(
        days=int(days), seconds=int(whole), microseconds=int(micros.ljust(6, "0") or 0)
    )


_CHECKS: dict[type, Callable[[Any, str], None]] = {
    str: _check_text,
    int: _check_whole,
    float: _check_float,
    Decimal: _check_decimal,
    **dict.fromkeys((bool, type(None), datetime, date, time, timedelta), _check_nothing),
}

# Kind, to text, from text: for SpiffWorkflow's data registry, whose own `timedelta` (3.2.0)
# forgets the microseconds and which knows no date, time or Decimal.
CONVERTERS: tuple[tuple[type, Callable[[Any], str], Callable[[str], Any]], ...] = (
    (datetime, datetime.isoformat, datetime.fromisoformat),
    (date, date.isoformat, date.fromisoformat),
    (time, time.isoformat, time.fromisoformat),
    (timedelta, _duration_text, _duration),
    (Decimal, str, Decimal),
)
