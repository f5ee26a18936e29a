"""Which names a text reads and binds."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_FOR_TYPES = frozenset({"__future__", "dataclasses", "typing"})


@dataclass(frozen=True)
class Names:
    """`loads` are read, `bound` given a meaning, at any level of the text.

    `modules` are those of the bound that never become data: modules and names for types.
    """

    loads: frozenset[str]
    bound: frozenset[str]
    modules: frozenset[str]


def names_in(tree: ast.AST) -> Names:
    loads, bound, modules = set[str](), set[str](), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            loads.add(node.id)
        bound.update(_binds(node))
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom) and node.module in _FOR_TYPES
        ):
            modules.update(_binds_of_import(node))
    return Names(frozenset(loads), frozenset(bound), frozenset(modules))


def names_of(node: ast.AST) -> set[str]:
    """Every name that stands in `node`; in a target, those it binds."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def arguments_of(node: ast.arguments) -> set[str]:
    every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
    return {argument.arg for argument in every if argument is not None}


def modules_in(tree: ast.AST) -> dict[str, str]:
    """What `import` calls each module, and which it is."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.Import))
    return {alias.asname or alias.name: alias.name for node in imports for alias in node.names}


def _binds_of_import(node: ast.Import | ast.ImportFrom) -> set[str]:
    return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}


def _binds(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            if not node.name.startswith("__"):  # the methods Python itself calls
                yield node.name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.arg():
            yield node.arg
        case ast.alias():
            yield (node.asname or node.name).partition(".")[0]
        case _:
            return
