"""`del`, which the worker does not know, as statements it knows."""

import ast
from collections.abc import Iterator

from app.workflow.spiff.sandbox import shims
from app.workflow.spiff.sandbox.trees import call


def targets_of(node: ast.Delete) -> list[ast.expr]:
    """What is deleted, one by one, in order."""
    return [part for target in node.targets for part in _flat(target)]


def of_name(target: ast.expr) -> list[ast.stmt]:
    """Read the name, then let the end of an `except … as name` unbind it."""
    name = target.id if isinstance(target, ast.Name) else ""
    broken = ast.BinOp(left=ast.Constant(value=1), op=ast.Div(), right=ast.Constant(value=0))
    handler = ast.ExceptHandler(
        type=ast.Name(id="ZeroDivisionError", ctx=ast.Load()), name=name, body=[ast.Pass()]
    )
    attempt = ast.Try(body=[ast.Expr(value=broken)], handlers=[handler], orelse=[], finalbody=[])
    return [ast.Expr(value=ast.Name(id=name, ctx=ast.Load())), attempt]


def of_item(holder: ast.expr, where: ast.expr) -> ast.stmt:
    """`del d[key]` as `d.pop(key)`."""
    pop = ast.Attribute(value=holder, attr="pop", ctx=ast.Load())
    return ast.Expr(value=ast.Call(func=pop, args=[where], keywords=[]))


def of_slice(holder: ast.expr, where: ast.Slice) -> ast.stmt:
    """`del xs[a:b]` as a shim."""
    ends = [end or ast.Constant(value=None) for end in (where.lower, where.upper, where.step)]
    return ast.Expr(value=call(shims.DELETE_SLICE, holder, *ends))


def _flat(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _flat(part)
    else:
        yield target
