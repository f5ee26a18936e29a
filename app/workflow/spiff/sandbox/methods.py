"""Methods used as values, such as `key=str.lower`: the worker only knows them called."""

import ast

from app.workflow.spiff.sandbox.names import Names
from app.workflow.spiff.sandbox.trees import expression

_KINDS = {"str": str, "list": list, "dict": dict, "set": set}
_OF_CLASSES = frozenset({"fromkeys", "maketrans"})
_METHODS = frozenset(
    name for kind in _KINDS.values() for name in dir(kind) if not name.startswith("_")
)


def is_method_value(node: ast.Attribute, names: Names) -> bool:
    """Whether `node`, which is not called, reads a method."""
    if not isinstance(node.ctx, ast.Load) or node.attr not in _METHODS - _OF_CLASSES:
        return False
    return not (isinstance(node.value, ast.Name) and node.value.id in names.modules)


def is_unbound_method(node: ast.expr, names: Names) -> bool:
    """Whether `node` is a method read from its class, as in `str.upper(name)`."""
    match node:
        case ast.Attribute(value=ast.Name(id=kind), attr=name) if kind in _KINDS:
            return kind not in names.bound and name in _METHODS - _OF_CLASSES
    return False


def as_function(node: ast.expr, names: Names) -> ast.expr:
    """`str.lower` as `lambda o, *a: o.lower(*a)`; `d.get` the same, with `d` read now."""
    if not isinstance(node, ast.Attribute):
        return node
    if is_unbound_method(node, names):
        return expression(f"lambda __sw_o, *__sw_a: __sw_o.{node.attr}(*__sw_a)")
    bound = expression(
        f"(lambda __sw_o: lambda *__sw_a, **__sw_k: __sw_o.{node.attr}(*__sw_a, **__sw_k))(0)"
    )
    if isinstance(bound, ast.Call):
        bound.args = [node.value]
    return bound
