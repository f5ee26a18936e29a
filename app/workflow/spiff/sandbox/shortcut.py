"""Conditions that are only names, fields and comparisons, answered without a worker.

They mean the same here by construction: CPython itself compares the values. Whatever is not
plain, is not found, or fails, is left to the worker, which also words the error.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.contract import EXACT_KINDS

_PLAIN = frozenset({str, int, float, bool, type(None), *EXACT_KINDS})
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
}


class _NotPlain(LookupError):
    """A worker is needed after all."""


def value(expression: ast.expr | None, known: Mapping[str, Any]) -> tuple[bool, Any]:
    """Whether `expression` could be answered here, and a copy of its value."""
    if expression is None:
        return False, None
    try:
        return True, _copy(_value(expression, known), limits.DATA_DEPTH)
    except _MISSED:
        return False, None


def is_plain(node: ast.expr) -> bool:
    """Whether `node` is made of what can be answered here only."""
    return all(_is_plain_part(part) for part in ast.walk(node))


def _is_plain_part(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=constant):
            return type(constant) in _PLAIN
        case ast.Subscript(slice=ast.Constant(value=str() | int())):
            return True
        case ast.Compare(ops=ops, comparators=others):
            return all(
                _is_plain_comparison(op, other) for op, other in zip(ops, others, strict=True)
            )
        case ast.Name() | ast.BoolOp() | ast.And() | ast.Or() | ast.Not() | ast.Load():
            return True
        case ast.UnaryOp(op=ast.Not()) | ast.IfExp() | ast.Tuple() | ast.List() | ast.cmpop():
            return not _has_star(node)
    return False


def _is_plain_comparison(op: ast.cmpop, other: ast.expr) -> bool:
    if isinstance(op, ast.Is | ast.IsNot):
        return isinstance(other, ast.Constant) and other.value is None
    return True


def _has_star(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Starred) for part in ast.iter_child_nodes(node))


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    return _ANSWERS[type(node)](node, known)


def _item(node: ast.Subscript, known: Mapping[str, Any]) -> Any:
    if not isinstance(node.slice, ast.Constant):
        raise _NotPlain
    return _checked(_value(node.value, known)[node.slice.value])


def _choice(node: ast.IfExp, known: Mapping[str, Any]) -> Any:
    return _value(node.body if _value(node.test, known) else node.orelse, known)


def _sequence(node: ast.Tuple | ast.List, known: Mapping[str, Any]) -> Any:
    parts = [_value(part, known) for part in node.elts]
    return tuple(parts) if isinstance(node, ast.Tuple) else parts


def _of_parts(node: ast.BoolOp, known: Mapping[str, Any]) -> Any:
    result: Any = None
    for part in node.values:
        result = _value(part, known)
        if bool(result) is isinstance(node.op, ast.Or):
            break
    return result


def _compared(node: ast.Compare, known: Mapping[str, Any]) -> Any:
    left, result = _value(node.left, known), True
    for op, other in zip(node.ops, node.comparators, strict=True):
        right = _value(other, known)
        if isinstance(op, ast.Is | ast.IsNot):
            result = (left is None) is isinstance(op, ast.Is)
        else:
            result = _COMPARED[type(op)](left, right)
        if not result:
            break
        left = right
    return result


def _checked(found: Any) -> Any:
    """Only plain data is touched: another object's `==` could run any code."""
    if type(found) in _PLAIN or type(found) in (dict, list):
        return found
    raise _NotPlain


def _copy(found: Any, depth: int) -> Any:
    if type(found) in _PLAIN:
        return found
    if not depth:
        raise _NotPlain
    if type(found) is dict:
        return {name: _copy(part, depth - 1) for name, part in found.items()}
    if type(found) in (list, tuple):
        return [_copy(part, depth - 1) for part in found]
    raise _NotPlain


_ANSWERS: dict[type[ast.expr], Callable[[Any, Mapping[str, Any]], Any]] = {
    ast.Constant: lambda node, _: node.value,
    ast.Name: lambda node, known: _checked(known[node.id]),
    ast.UnaryOp: lambda node, known: not _value(node.operand, known),
    ast.Subscript: _item,
    ast.IfExp: _choice,
    ast.Tuple: _sequence,
    ast.List: _sequence,
    ast.BoolOp: _of_parts,
    ast.Compare: _compared,
}
