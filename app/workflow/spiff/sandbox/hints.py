"""A worker's error, told to the analyst: the line, the cause, what to do."""

import builtins
import difflib
import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

from pydantic_monty import Frame, MontyRuntimeError

from app.kernel.errors import N_
from app.workflow.spiff.sandbox.errors import ScriptError, ScriptStopped
from app.workflow.spiff.sandbox.source import Source

_UNKNOWN = re.compile(r"name '(\w+)' is not defined")
_NO_ATTRIBUTE = re.compile(r"(?:type object )?'([\w.]+)' object has no attribute '(\w+)'")
_NO_NAME = re.compile(r"cannot import name '(\w+)' from '(\w+)'")
_KINDS = {
    kind.__name__: kind
    for kind in (str, int, float, bool, list, dict, set, tuple, date, datetime, timedelta, Decimal)
}
_STOPS = (
    ("time limit exceeded", N_("it ran too long"), N_("look for a loop without an end")),
    ("exceeded its memory limit", N_("it used too much memory"), N_("keep less at once")),
    ("memory limit exceeded", N_("it used too much memory"), N_("keep less at once")),
    ("suspension", N_("it called too many functions"), N_("call them outside of loops")),
    ("recursion", N_("it called itself too deeply"), N_("use a loop")),
)
_OTHERS = (
    (
        "'datetime.timedelta' and 'float'",
        N_("multiply a duration by whole numbers, or build it with `timedelta(hours=…)`"),
    ),
    ("callable replacement", N_("replace with a text, or in a loop over `re.finditer`")),
    ("exceptions can only be called", N_("give an exception one text")),
    ("invalid literal for int()", N_("check the text before making it a number")),
)


def told(error: MontyRuntimeError, source: Source, known: Collection[str]) -> ScriptError:
    """The error as a sentence about the text of `source`, whose data holds the names `known`."""
    kind, _, message = error.display("type-msg").partition(": ")
    line = _line(error.traceback(), source)
    for sign, cause, hint in _STOPS:
        if sign in message.lower():
            return ScriptStopped(cause, line=line, hint=hint, kind=kind)
    sentence, hint = _explained(message, known)
    return ScriptError(sentence or kind, line=line, hint=hint, kind=kind)


def _line(frames: Iterable[Frame], source: Source) -> int:
    """The line of the innermost frame that is the analyst's own."""
    for frame in reversed(list(frames)):
        if frame.line in source.lines:
            return source.lines[frame.line]
    return 0


def _explained(message: str, known: Collection[str]) -> tuple[str, str]:
    if unknown := _UNKNOWN.search(message):
        return _of_name(unknown[1], known)
    if missing := _NO_NAME.search(message):
        return f"`{missing[1]}` of `{missing[2]}` is not available in scripts", ""
    if attribute := _NO_ATTRIBUTE.search(message):
        return _of_attribute(attribute[1], attribute[2], message)
    return message, next((hint for sign, hint in _OTHERS if sign in message), "")


def _of_name(name: str, known: Collection[str]) -> tuple[str, str]:
    if hasattr(builtins, name):
        return f"`{name}` is not available in scripts", ""
    near = difflib.get_close_matches(name, [str(one) for one in known], 1)
    sentence = f"`{name}` is not known here"
    return sentence, f"did you mean `{near[0]}`?" if near else N_("the case holds no such field")


def _of_attribute(kind: str, name: str, message: str) -> tuple[str, str]:
    known = _KINDS.get(kind.rpartition(".")[2])
    if known is None:
        return message, ""
    if hasattr(known, name):
        return f"`.{name}` of `{kind}` is not available in scripts", ""
    return message, f"read a field as `['{name}']`" if known is dict else ""
