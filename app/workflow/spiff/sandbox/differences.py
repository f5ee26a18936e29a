"""Where the worker would run the text and quietly mean something else than Python: refused."""

import ast
import re
from collections.abc import Iterator

from app.kernel.errors import N_
from app.workflow.spiff.sandbox.names import Names

Complaints = Iterator[tuple[str, str]]

# Measured with pydantic-monty 1.4.0 against the C library's strftime.
_OTHER_FORMAT = re.compile(r"%(?:[_^#]|-[^degjklmsuwyCGHIMSUVWY]|[qv])")
_INEXACT = frozenset({"cbrt", "gamma", "lgamma"})
_SETS = frozenset({"set", "frozenset"})
_SET_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference"})
_ORDERED = frozenset(
    [
        "list",
        "tuple",
        "enumerate",
        "iter",
        "map",
        "filter",
        "zip",
        "str",
        "repr",
        "print",
        "next",
        "reversed",
    ]
)
_UNORDERED = frozenset(["sum", "any", "all", "min", "max", "set", "frozenset", "sorted", "len"])


def of_formats(node: ast.AST) -> Complaints:
    """Date formats only the C library knows."""
    match node:
        case ast.Call(
            func=ast.Attribute(attr="strftime"), args=[*_, ast.Constant(value=str(text))]
        ):
            texts = [text]
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=parts)):
            texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
        case _:
            return
    for text in texts:
        if found := _OTHER_FORMAT.search(text):
            yield f"the date format `{found[0]}` is not available in scripts", ""


def of_identity(node: ast.AST) -> Complaints:
    """`is` with a number or a text, which Python itself warns about."""
    if not isinstance(node, ast.Compare):
        return
    sides = [node.left, *node.comparators]
    if any(isinstance(op, ast.Is | ast.IsNot) for op in node.ops) and any(
        isinstance(side, ast.Constant)
        and isinstance(side.value, str | int | float)
        and not isinstance(side.value, bool)
        for side in sides
    ):
        yield N_("`is` with a number or a text means nothing reliable"), N_("use `==`")


def of_mathematics(node: ast.AST) -> Complaints:
    """Functions whose last digit differs."""
    match node:
        case ast.Attribute(attr=name) if name in _INEXACT:
            yield f"`.{name}` is not available in scripts", N_("use `** (1 / 3)` for a root")
        case ast.ImportFrom(module="math") if _INEXACT & {alias.name for alias in node.names}:
            yield N_("this function is not available in scripts"), ""
        case ast.ImportFrom(module="re") if {"findall", "finditer", "split", "sub"} & {
            alias.name for alias in node.names
        }:
            yield N_("these functions have to be called by their module"), N_("write `import re`")


class SetOrder:
    """A set has no order to rely on, and the worker's is not CPython's."""

    def __init__(self, tree: ast.AST, names: Names) -> None:
        self._names = names
        self._variables: set[str] = set()
        self._harmless = {id(part) for node in ast.walk(tree) for part in self._unordered(node)}
        self._variables = self._holding_sets(tree)

    def complaints(self, node: ast.AST) -> Complaints:
        for part in self._reads_in_order(node):
            if self._is_set(part):
                yield N_("the order of a set is not defined"), N_("use `sorted(…)`")
                return

    def _unordered(self, node: ast.AST) -> list[ast.expr]:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _UNORDERED - self._names.bound:
                return node.args
        return []

    def _reads_in_order(self, node: ast.AST) -> Iterator[ast.expr]:
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _ORDERED - self._names.bound:
                yield from node.args
            case ast.Call(func=ast.Attribute(attr="join" | "extend")):
                yield from node.args
            case ast.Call(func=ast.Attribute(value=held, attr="pop"), args=[]):
                yield held
            case (
                ast.For(iter=things) | ast.Starred(value=things) | ast.FormattedValue(value=things)
            ):
                yield things
            case ast.ListComp(generators=loops) | ast.GeneratorExp(generators=loops):
                if id(node) not in self._harmless:
                    yield from (loop.iter for loop in loops)
            case ast.Assign(targets=[ast.Tuple() | ast.List()], value=things):
                yield things

    def _is_set(self, node: ast.expr) -> bool:
        match node:
            case ast.Set() | ast.SetComp():
                return not (isinstance(node, ast.Set) and len(node.elts) == 1)
            case ast.Name(id=name):
                return name in self._variables
            case ast.Call(func=ast.Name(id=name), args=[_]):
                return name in _SETS - self._names.bound
            case ast.Call(func=ast.Attribute(value=held, attr=name)) if name in _SET_METHODS:
                return self._is_set(held)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr() | ast.Sub() | ast.BitXor()):
                return self._is_set(node.left) or self._is_set(node.right)
        return False

    def _holding_sets(self, tree: ast.AST) -> set[str]:
        sets, others = set[str](), set[str]()
        for node in ast.walk(tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)]):
                    (sets if self._is_set(node.value) else others).add(name)
        return sets - others
