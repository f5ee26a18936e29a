"""Which expressions are so plain that no worker is needed for them."""

import ast

from app.workflow.spiff.sandbox.contract import EXACT_KINDS

PLAIN = frozenset({str, int, float, bool, type(None), *EXACT_KINDS})
_MOST_PARTS = 80  # `a in xs` read a hundred thousand values; not many of them in one text
_COMPARED = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_LINKS = (ast.And, ast.Or, ast.Not, ast.Load, ast.USub, ast.Is, ast.IsNot, *_COMPARED)
_HOLDERS = (ast.Name, ast.BoolOp, ast.IfExp, ast.Tuple, ast.List, ast.Subscript)
_OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)


def is_plain(expression: ast.expr) -> bool:
    """Names, fields, constants, comparisons, logic, arithmetic, and calls of names or `.get`.

    Whether an arithmetic or a call is really harmless shows with its values only.
    """
    parts = list(ast.walk(expression))
    return len(parts) <= _MOST_PARTS and all(_is_plain_part(part) for part in parts)


def _is_plain_part(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=constant):
            return type(constant) in PLAIN
        case ast.Compare():
            return _is_plain_comparison(node)
        case ast.UnaryOp(op=op):
            return isinstance(op, ast.Not | ast.USub)
        case ast.Call(func=function, keywords=keywords):
            return not keywords and isinstance(function, ast.Name | ast.Attribute)
        case ast.Attribute(attr=name):
            return name == "get"
    return isinstance(node, (*_LINKS, *_HOLDERS, *_OPERATORS, ast.BinOp))


def _is_plain_comparison(node: ast.Compare) -> bool:
    """`is` only with None; what else it means is the interpreter's affair."""
    return all(
        not isinstance(op, ast.Is | ast.IsNot)
        or (isinstance(other, ast.Constant) and other.value is None)
        for op, other in zip(node.ops, node.comparators, strict=True)
    )
