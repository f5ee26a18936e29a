"""What scripts cannot do here though Python can, found before anything runs.

The worker (pydantic-monty 1.4.0) speaks most of Python. Where it does not, or would silently
mean something else, the text is refused with a sentence instead.
"""

import ast
import re
from itertools import chain

from app.kernel.errors import N_
from app.workflow.spiff.sandbox.differences import (
    Complaints,
    SetOrder,
    of_formats,
    of_identity,
    of_mathematics,
)
from app.workflow.spiff.sandbox.errors import ScriptRefused
from app.workflow.spiff.sandbox.names import Names
from app.workflow.spiff.sandbox.offer import (
    EXCEPTIONS,
    METHODS_OF_CLASSES,
    MISSING_ATTRIBUTES,
    MISSING_BUILTINS,
    MODULES,
    NEVER,
)

RESERVED = "__sw"
_SURROGATES = re.compile("[\ud800-\udfff]")
_VIEWS = frozenset({"locals", "globals", "vars"})


def check(tree: ast.AST, names: Names) -> None:
    """Raise on the first thing in `tree` that cannot be done here.

    Raises:
        ScriptRefused: with its line, and what to do instead.
    """
    for name in sorted(names.bound | names.loads):
        _check_name(name, names)
    inside, order = _Place(tree), SetOrder(tree, names)
    for node in ast.walk(tree):
        everything = chain(
            _complaints(node, names, inside),
            of_formats(node),
            of_identity(node),
            of_mathematics(node),
            order.complaints(node),
        )
        for message, hint in everything:
            raise ScriptRefused(message, line=getattr(node, "lineno", 0), hint=hint)


class _Place:
    """Where nodes stand: their parents, and the nodes inside functions and comprehensions."""

    def __init__(self, tree: ast.AST) -> None:
        self.parent: dict[int, ast.AST] = {}
        self.nested: set[int] = set()
        for node in ast.walk(tree):
            scope = isinstance(node, _SCOPES)
            for part in ast.iter_child_nodes(node):
                self.parent[id(part)] = node
                if scope or id(node) in self.nested:
                    self.nested.add(id(part))


_SCOPES = (
    ast.FunctionDef,
    ast.Lambda,
    ast.ClassDef,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


def _check_name(name: str, names: Names) -> None:
    if name.startswith(RESERVED) or (name in names.bound and name.startswith("__")):
        raise ScriptRefused(
            f"the name `{name}` is reserved", hint=N_("use one without leading underscores")
        )
    if name in NEVER and name in names.loads:
        raise ScriptRefused(f"`{name}` is not available in scripts", hint=NEVER[name])


def _complaints(node: ast.AST, names: Names, inside: _Place) -> Complaints:
    match node:
        case ast.ClassDef():
            yield from _of_class(node)
        case ast.FunctionDef():
            yield from _of_function(node, inside)
        case ast.Import():
            yield from (_of_module(a.name) for a in node.names if a.name not in MODULES)
        case ast.ImportFrom():
            yield from _of_import(node)
        case ast.Call():
            yield from _of_call(node, names, inside)
        case ast.Attribute():
            yield from _of_attribute(node)
        case _:
            yield from _of_syntax(node)


def _of_syntax(node: ast.AST) -> Complaints:
    match node:
        case ast.Yield() | ast.YieldFrom():
            yield N_("`yield` is not available in scripts"), N_("build a list instead")
        case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
            yield N_("`async` and `await` are not available in scripts"), ""
        case ast.comprehension(is_async=1):
            yield N_("`async` and `await` are not available in scripts"), ""
        case ast.TryStar():
            yield N_("`except*` is not available in scripts"), N_("use `except`")
        case ast.Constant(value=str(text)) if _SURROGATES.search(text):
            yield N_("the text holds a broken Unicode character"), N_("remove it")
        case ast.Attribute(ctx=ast.Del()):
            yield N_("`del` of an attribute is not available in scripts"), N_("set it to None")


def _of_function(node: ast.FunctionDef, inside: _Place) -> Complaints:
    if node.name.startswith("__") and not isinstance(inside.parent.get(id(node)), ast.ClassDef):
        yield f"the name `{node.name}` is reserved", N_("use one without leading underscores")


def _of_class(node: ast.ClassDef) -> Complaints:
    if node.bases or node.keywords:
        yield N_("classes with base classes are not available in scripts"), N_("use a plain class")
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.decorator_list:
            yield N_("decorated methods are not available in scripts"), N_("use plain methods")
        if (
            isinstance(part, ast.FunctionDef)
            and part.name.startswith("__")
            and part.name not in METHODS_OF_CLASSES
        ):
            yield f"the method `{part.name}` has no effect in scripts", N_("use a plain method")


def _of_module(name: str) -> tuple[str, str]:
    return (
        f"the module `{name}` is not available in scripts",
        f"there are {', '.join(sorted(MODULES - {'__future__'}))}",
    )


def _of_import(node: ast.ImportFrom) -> Complaints:
    if node.level or node.module not in MODULES:
        yield _of_module(node.module or ".")
    elif any(alias.name == "*" for alias in node.names):
        yield N_("`import *` is not available in scripts"), N_("name what you need")


def _of_call(node: ast.Call, names: Names, inside: _Place) -> Complaints:
    if not isinstance(node.func, ast.Name) or node.func.id in names.bound:
        return
    name = node.func.id
    if name in MISSING_BUILTINS:
        yield f"`{name}()` is not available in scripts", MISSING_BUILTINS[name]
    elif name in EXCEPTIONS and not _takes_one_text(node):
        yield f"`{name}` takes one text here", N_("put what it should say into one text")
    elif name in _VIEWS and not _is_only_read(node, inside):
        yield (
            f"`{name}()` can only be asked for a name here, outside functions",
            f"use `'x' in {name}()`, `{name}().get('x')` or `{name}()['x']`",
        )


def _takes_one_text(node: ast.Call) -> bool:
    if node.keywords or len(node.args) > 1:
        return False
    only = node.args[0] if node.args else None
    return not isinstance(only, ast.Starred) and (
        not isinstance(only, ast.Constant) or isinstance(only.value, str)
    )


def _is_only_read(node: ast.Call, inside: _Place) -> bool:
    if id(node) in inside.nested or node.args or node.keywords:
        return False
    match inside.parent.get(id(node)):
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[last]):
            return last is node
        case ast.Subscript(ctx=ast.Load()):
            return True
        case ast.Attribute(attr="get"):
            return True
    return False


def _of_attribute(node: ast.Attribute) -> Complaints:
    yield from _of_syntax(node)
    if node.attr in MISSING_ATTRIBUTES:
        yield f"`.{node.attr}` is not available in scripts", MISSING_ATTRIBUTES[node.attr]
    elif node.attr.startswith("__") and node.attr != "__name__":
        yield f"`.{node.attr}` is not available in scripts", ""
