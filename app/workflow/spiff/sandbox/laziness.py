"""Where Python would compute a sequence step by step, and the worker computes it at once.

In pydantic-monty 1.4.0 generator expressions, `map`, `filter`, `zip`, `enumerate` and
`reversed` give finished lists. Where that shows, the text is rewritten, or refused.
"""

import ast
from collections.abc import Iterator

from app.kernel.errors import N_
from app.workflow.spiff.sandbox import shims
from app.workflow.spiff.sandbox.errors import ScriptRefused
from app.workflow.spiff.sandbox.names import Names

LAZY = frozenset({"map", "filter", "zip", "enumerate", "reversed"})
_CONSUMERS = frozenset(
    [
        "list",
        "tuple",
        "set",
        "frozenset",
        "dict",
        "sum",
        "sorted",
        "min",
        "max",
        "any",
        "all",
        "iter",
        "len",
        "Counter",
        "deque",
    ]
)
_CONSUMING_METHODS = frozenset(
    ["join", "extend", "update", "union", "intersection", "difference", "fromkeys", "fsum", "prod"]
)
_CHANGES = frozenset(
    [
        "append",
        "extend",
        "insert",
        "remove",
        "pop",
        "popitem",
        "clear",
        "update",
        "setdefault",
        "add",
        "discard",
        "sort",
        "reverse",
        "appendleft",
        "popleft",
        "write",
    ]
)


def is_lazy(node: ast.AST, names: Names) -> bool:
    """Whether CPython would give a generator or a one-pass iterator here."""
    return isinstance(node, ast.GeneratorExp) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in LAZY - names.bound
    )


def consumed_in(tree: ast.AST, names: Names) -> dict[int, bool]:
    """Ids of the nodes read to their end where they stand: True if at once, False if by a loop."""
    found: dict[int, bool] = {}
    for node in ast.walk(tree):
        for part, at_once in _consumes(node, names):
            found[id(part)] = at_once
    return found


def refuse_effects(node: ast.AST, tree: ast.AST) -> None:
    """Raise if computing `node` at once, not step by step, could be noticed.

    Raises:
        ScriptRefused: an element changes something while it is computed.
    """
    if _changes_something(node, _functions(tree)):
        raise ScriptRefused(
            N_("this would be computed at once, not step by step"),
            line=getattr(node, "lineno", 0),
            hint=N_("write a loop, or a list in square brackets"),
        )


def refuse_moving_ground(loop: ast.For, names: Names) -> None:
    """Raise if a loop over `enumerate(xs)` and its like changes `xs` on the way.

    Raises:
        ScriptRefused: CPython would see the change, the worker goes through a snapshot.
    """
    if not is_lazy(loop.iter, names):
        return
    read = _read_on_the_way(loop.iter)
    for part in (part for statement in loop.body for part in ast.walk(statement)):
        if _is_change(part) and read & _roots(part):
            raise ScriptRefused(
                N_("the loop changes what it goes through"),
                line=loop.lineno,
                hint=N_("go through a copy, as in `list(xs)`"),
            )


def _consumes(node: ast.AST, names: Names) -> Iterator[tuple[ast.AST, bool]]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in _CONSUMERS and name not in names.bound:
            yield from ((part, True) for part in node.args)
        case ast.Call(func=ast.Attribute(attr=name)) if name in _CONSUMING_METHODS:
            yield from ((part, True) for part in node.args)
        case ast.Call(func=ast.Name(id=name)) if name in LAZY - names.bound:
            yield from ((part, False) for part in node.args)
        case ast.Starred():
            yield node.value, True
        case ast.Assign(targets=[ast.Tuple() | ast.List()]):
            yield node.value, True
        case ast.For() | ast.comprehension():
            yield node.iter, False


def _read_on_the_way(node: ast.AST) -> set[str]:
    """The names CPython would look at again with each step; a copy is looked at once."""
    if isinstance(node, ast.GeneratorExp | ast.Lambda):
        return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LAZY:
        return set().union(*map(_read_on_the_way, node.args))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return set()
    return _roots(node)


def _roots(node: ast.AST) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


def _functions(tree: ast.AST) -> dict[str, ast.AST]:
    found: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            found.update({t.id: node.value for t in node.targets if isinstance(t, ast.Name)})
    return found


def _changes_something(node: ast.AST, functions: dict[str, ast.AST]) -> bool:
    """Whether `node`, or a function of the text it names, changes what others can see."""
    todo, seen = [node], set[str]()
    while todo:
        for part in ast.walk(todo.pop()):
            if _is_change(part):
                return True
            if isinstance(part, ast.Name) and part.id in functions and part.id not in seen:
                seen.add(part.id)
                todo.append(functions[part.id])
    return False


def _is_change(node: ast.AST) -> bool:
    match node:
        case ast.Global() | ast.Nonlocal() | ast.NamedExpr():
            return True
        case ast.Attribute(attr=name) if name in _CHANGES:
            return True
        case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store()):
            return True
        case ast.Call(func=ast.Name(id="next" | "print" | shims.DELETE_SLICE)):
            return True
    return False
