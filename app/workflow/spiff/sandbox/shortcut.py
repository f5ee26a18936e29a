"""Plain expressions, answered here: most conditions and parameters never need a worker.

They mean the same by construction: CPython itself compares and adds the values. What turns out
not to be plain, is not found, or fails, is left to the worker, which also words the error.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.contract import check_value
from app.workflow.spiff.sandbox.plainness import PLAIN

_BITS = 1_000
_MISSED = (LookupError, TypeError, ArithmeticError)
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda part, whole: part in whole,
    ast.NotIn: lambda part, whole: part not in whole,
    ast.Is: lambda left, right: left is right,
    ast.IsNot: lambda left, right: left is not right,
}
_COMPUTED: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


@dataclass(frozen=True)
class Known:
    """The case's data, which hides what is offered beside it."""

    data: Mapping[str, Any]
    offered: Mapping[str, Any]


class _NotPlain(LookupError):
    """A worker is needed after all."""


def value(expression: ast.expr | None, known: Known) -> tuple[bool, Any]:
    """Whether `expression` could be answered here, and a copy of its value."""
    if expression is None:
        return False, None
    try:
        _check_calls(expression, known)
        return True, _copy(_value(expression, known), limits.DATA_DEPTH)
    except _MISSED:
        return False, None


def _value(node: ast.expr, known: Known) -> Any:
    answer = _ANSWERS.get(type(node))
    if answer is None:
        raise _NotPlain
    return answer(node, known)


def _name(node: ast.Name, known: Known) -> Any:
    found = known.data if node.id in known.data else known.offered
    return _checked(found[node.id])


def _item(node: ast.Subscript, known: Known) -> Any:
    return _checked(_value(node.value, known)[_value(node.slice, known)])


def _choice(node: ast.IfExp, known: Known) -> Any:
    return _value(node.body if _value(node.test, known) else node.orelse, known)


def _sequence(node: ast.Tuple | ast.List, known: Known) -> Any:
    parts = [_value(part, known) for part in node.elts]
    return tuple(parts) if isinstance(node, ast.Tuple) else parts


def _of_sign(node: ast.UnaryOp, known: Known) -> Any:
    operand = _value(node.operand, known)
    return not operand if isinstance(node.op, ast.Not) else -_number(operand)


def _of_parts(node: ast.BoolOp, known: Known) -> Any:
    result: Any = None
    for part in node.values:
        result = _value(part, known)
        if bool(result) is isinstance(node.op, ast.Or):
            break
    return result


def _compared(node: ast.Compare, known: Known) -> Any:
    left, result = _value(node.left, known), True
    for op, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, known)
        result = _COMPARED[type(op)](left, right)
        if not result:
            break
        left = right
    return result


def _computed(node: ast.BinOp, known: Known) -> Any:
    compute = _COMPUTED.get(type(node.op))
    if compute is None:
        raise _NotPlain
    return _number(compute(_number(_value(node.left, known)), _number(_value(node.right, known))))


def _called(node: ast.Call, known: Known) -> Any:
    arguments = [_value(part, known) for part in node.args]
    match node.func:
        case ast.Attribute(value=holder, attr="get"):
            held = _value(holder, known)
            if type(held) is not dict:
                raise _NotPlain
            return _checked(held.get(*arguments))
        case ast.Name(id=name):
            return _from_function(name, arguments, known)
    raise _NotPlain


def _check_calls(expression: ast.expr, known: Known) -> None:
    """Before anything is called, so that no function is called here and again in the worker."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            _function(node.func.id, known)


def _function(name: str, known: Known) -> Callable[..., Any]:
    function = known.offered.get(name, len if name == "len" else None)
    if name in known.data or not callable(function) or isinstance(function, type):
        raise _NotPlain
    return function


def _from_function(name: str, arguments: list[Any], known: Known) -> Any:
    function = _function(name, known)
    if function is len:
        return len(*arguments)
    check_value(arguments, f"the arguments of {name}()", exact=True)
    given = _copy(arguments, limits.DATA_DEPTH)
    return check_value(function(*given), f"what {name}() gave", exact=True)


def _number(found: Any) -> Any:
    """Finite floats and whole numbers only, not so large that computing with them takes long."""
    if type(found) is int and found.bit_length() < _BITS:
        return found
    if type(found) is float and math.isfinite(found):
        return found
    raise _NotPlain


def _checked(found: Any) -> Any:
    """Only plain data is touched: another object's `==` could run any code."""
    if type(found) in PLAIN or type(found) in (dict, list):
        return found
    raise _NotPlain


def _copy(found: Any, depth: int) -> Any:
    if type(found) in PLAIN:
        return found
    if not depth:
        raise _NotPlain
    if type(found) is dict:
        return {name: _copy(part, depth - 1) for name, part in found.items()}
    if type(found) in (list, tuple):
        return [_copy(part, depth - 1) for part in found]
    raise _NotPlain


_ANSWERS: dict[type[ast.expr], Callable[[Any, Known], Any]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: _name,
    ast.Subscript: _item,
    ast.IfExp: _choice,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.UnaryOp: _of_sign,
    ast.BoolOp: _of_parts,
    ast.Compare: _compared,
    ast.BinOp: _computed,
    ast.Call: _called,
}
