"""How values leave the worker: as one JSON text, made inside it.

Live results could be alias bombs, cycles, or dictionaries whose integer keys all collide
(60,000 keys of k * (2**61 - 1) hang the server); of a text the size is known before it is read.
"""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.errors import (
    NestedTooDeeply,
    NotFinite,
    TooMuchText,
    UnkeepableValue,
    UnknownKind,
)

# The text asks the worker for no builtin by name: analyst text may have used any of them up.
# A dictionary with other keys than text, or a tuple, is not equal to what JSON makes of it.
_TELL = """
import json as __sw_json
__sw_t = ''
try:
    __sw_t = __sw_json.dumps(__sw_r, allow_nan=False)
    if __sw_json.loads(__sw_t) != __sw_r: __sw_t = ''
except: pass
__sw_t
"""
OPEN_EXPRESSION = "__sw_r = (\n"
CLOSE_EXPRESSION = f"\n){_TELL}"

# Names the second question needs; kept before the analyst's text when it uses them up.
BUILTINS = frozenset({"str", "type", "ValueError", "TypeError"})
KEEP_BUILTINS = """
from json import dumps as __sw_dumps
__sw_str = str
__sw_type = type
__sw_VE = ValueError
__sw_TE = TypeError
"""
ENCODE = """
def __sw_enc(v, at, d):
    if d > 45: raise __sw_VE(at + ' is nested too deeply, or contains itself')
    t = __sw_str(__sw_type(v))[8:-2]
    if t in ('dict', 'collections.defaultdict', 'collections.Counter'):
        r = {}
        for k in v:
            if __sw_str(__sw_type(k)) != "<class 'str'>":
                k = __sw_str(k)
                raise __sw_TE(at + ' holds the field name ' + k + ', which is not text; use str()')
            if k == '__sw': raise __sw_TE(at + ' holds a reserved field name')
            r[k] = __sw_enc(v[k], at + '.' + k, d + 1)
        return r
    if t in ('list', 'tuple'): return [__sw_enc(x, at, d + 1) for x in v]
    if v is None or t in ('str', 'int', 'bool'): return v
    if t == 'float':
        if v - v != 0: raise __sw_VE(at + ' is not a finite number')
        return v
    if t in ('datetime.datetime', 'datetime.date', 'datetime.time'):
        return {'__sw': t[9:], 'v': v.isoformat()}
    if t == 'datetime.timedelta':
        return {'__sw': 'timedelta', 'v': [v.days, v.seconds, v.microseconds]}
    if t == 'decimal.Decimal': return {'__sw': 'Decimal', 'v': __sw_str(v)}
    raise __sw_TE(at + ' is a ' + t + ', which cannot be kept with the case')
"""
_CALLABLES = """
for __sw_k in [k for k in __sw_r]:
    if __sw_str(__sw_type(__sw_r[__sw_k]))[8:-2] in (
        'function', 'builtin_function_or_method', 'builtin_function', 'type', 'module', 'method',
        'functools.partial'
    ): __sw_r.pop(__sw_k)
"""
_DUMP = "import json as __sw_json\n__sw_json.dumps(%s)\n"
_EACH_NAME = "{k: __sw_enc(__sw_r[k], k, 0) for k in __sw_r}"
_READERS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda parts: timedelta(*parts),
    "Decimal": Decimal,
}


@lru_cache(maxsize=1024)
def close_script(names: tuple[str, ...]) -> str:
    """Worker text that tells the values of `names`, of those that are still bound."""
    each = "".join(f"try: __sw_r[{name!r}] = {name}\nexcept: pass\n" for name in names)
    return f"\n__sw_r = {{}}\n{each}{_TELL}"


def slowly(*, script: bool, kept: bool) -> str:
    """The second question, asked when plain JSON cannot hold the answer to the first."""
    keep = "" if kept else KEEP_BUILTINS
    if script:
        return keep + ENCODE + _CALLABLES + _DUMP % _EACH_NAME
    return keep + ENCODE + _DUMP % "__sw_enc(__sw_r, 'the result', 0)"


def read(text: Any, *, exact: bool) -> Any:
    """The values in `text`, which came out of a worker and is trusted for nothing.

    `exact`: it answers the second question, so dates, times and Decimals stand in it.
    """
    if type(text) is not str:
        raise UnknownKind(where="the result", kind=type(text).__name__)
    if len(text) > 2 * limits.DATA_CHARS:
        raise TooMuchText(where="the result", limit=limits.DATA_CHARS)
    try:
        return json.loads(text, parse_constant=_not_finite, object_hook=_value if exact else None)
    except RecursionError:
        raise NestedTooDeeply(where="the result") from None
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise UnkeepableValue(where="the result") from None


def _not_finite(_: str) -> NoReturn:
    raise NotFinite(where="the result")


def _value(holder: dict[str, Any]) -> Any:
    kind = holder.get("__sw")
    return holder if kind is None else _READERS[kind](holder["v"])
