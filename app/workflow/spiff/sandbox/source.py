"""Analyst text made ready to run: read, checked against the dialect, rewritten where needed."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from app.kernel.errors import N_
from app.workflow.spiff.sandbox import dialect, shims
from app.workflow.spiff.sandbox.errors import ScriptError, ScriptRefused
from app.workflow.spiff.sandbox.names import Names, names_in
from app.workflow.spiff.sandbox.plainness import is_plain
from app.workflow.spiff.sandbox.reading import Mode, tree_of
from app.workflow.spiff.sandbox.results import OPEN_EXPRESSION
from app.workflow.spiff.sandbox.rewrite import Rewriter

_VIEWS = frozenset({"locals", "globals", "vars"})


@dataclass(frozen=True)
class Source:
    """What the worker is given for one text.

    `head` and `text` follow each other; `lines` leads from a line of both back to the analyst's.
    `expression` is the tree of a condition so plain that no worker is needed for it.
    """

    names: Names
    head: str
    text: str
    lines: Mapping[int, int]
    expression: ast.expr | None

    @property
    def sees_all(self) -> bool:
        """Whether it asks for names by text, so that it must be given all of them."""
        return bool(_VIEWS & self.names.loads)


@dataclass(frozen=True)
class Complaint:
    """Why a text cannot be used, where, and what to do about it."""

    line: int
    message: str
    hint: str


@lru_cache(maxsize=4096)
def analyse(text: str, mode: Mode, fields: frozenset[str] = frozenset()) -> Source:
    """What to run for `text`, when `fields` of the case are named like Python's own functions.

    Raises:
        SyntaxError: it is not Python.
        ScriptRefused: it is too large, or asks for something scripts cannot do here.
    """
    tidy = text.strip() if mode == "eval" else text
    tree = _tree(tidy, mode)
    names = names_in(tree)
    taken = replace(names, bound=names.bound | fields)
    dialect.check(tree, taken)
    rewriter = Rewriter(tree, taken)
    skipped = text[: len(text) - len(text.lstrip())].count("\n") if mode == "eval" else 0
    return _prepared(tidy, tree, rewriter, skipped)


def names(expression: str) -> frozenset[str]:
    """The names `expression` reads from outside itself.

    Raises:
        SyntaxError: it is not Python.
        ScriptRefused: as `analyse`.
    """
    found = analyse(expression, "eval").names
    return found.loads - found.bound


def complaint(text: str, mode: Mode) -> Complaint | None:
    """Why `text` could not be used here; None when it could."""
    try:
        analyse(text, mode)
    except SyntaxError as error:
        return Complaint(error.lineno or 0, f"this is not valid: {error.msg}", _syntax_hint(text))
    except ScriptError as error:
        return Complaint(error.line, error.message, error.hint)
    return None


def _syntax_hint(text: str) -> str:
    if " = " in text and "==" not in text:
        return N_("to compare, write `==`")
    if "&&" in text or "||" in text:
        return N_("write `and`, `or`, `not`")
    return ""


def _tree(text: str, mode: Mode) -> ast.Module | ast.Expression:
    try:
        return tree_of(text, mode)
    except SyntaxError:
        if mode == "exec" or "\n" not in text:
            raise
        return tree_of(f"({text}\n)", mode)  # a condition written over several lines


def _prepared(
    text: str, tree: ast.Module | ast.Expression, rewriter: Rewriter, skipped: int
) -> Source:
    names = names_in(tree)
    expression = tree.body if isinstance(tree, ast.Expression) else None
    head = OPEN_EXPRESSION if expression is not None else ""
    if expression is not None and not is_plain(expression):
        expression = None
    rewriter.visit(tree)
    if rewriter.changed:
        before = shims.before(frozenset(rewriter.needed))
        helpers, known = _written(ast.Module(body=rewriter.hoisted, type_ignores=[]), before)
        head = f"{before}{helpers}\n{head}"
        text, lines = _written(tree, head)
        lines = known | lines
    else:
        lines = {head.count("\n") + at: at for at in range(1, text.count("\n") + 2)}
    origin = MappingProxyType({at: line + skipped for at, line in lines.items()})
    return Source(names, head, text, origin, expression)


def _written(tree: ast.AST, before: str) -> tuple[str, dict[int, int]]:
    """`tree` as text, and which line of it, after `before`, stands for which line it had."""
    ast.fix_missing_locations(tree)
    mode: Mode = "eval" if isinstance(tree, ast.Expression) else "exec"
    try:
        text = ast.unparse(tree)
        again = ast.parse(text, mode=mode)
    except (ValueError, SyntaxError, RecursionError):
        raise ScriptRefused(
            N_("the text is too intricate"), hint=N_("give the parts of f-strings names")
        ) from None
    pairs = zip(_places(again), _places(tree), strict=True)
    starts = {new.lineno: old.lineno for new, old in pairs}
    lines, line = dict[int, int](), 1
    for at in range(1, text.count("\n") + 2):
        line = starts.get(at, line)
        lines[before.count("\n") + at] = line
    return text, lines


def _places(tree: ast.AST) -> Iterator[ast.stmt | ast.expr]:
    if isinstance(tree, ast.Expression):
        yield tree.body
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.stmt))
