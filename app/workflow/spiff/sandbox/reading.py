"""Analyst text into a syntax tree: sized and measured first, so that reading it is safe."""

import ast
import re
from typing import Literal

from app.kernel.errors import N_
from app.workflow.spiff.sandbox import limits
from app.workflow.spiff.sandbox.errors import ScriptRefused

Mode = Literal["eval", "exec"]

_MANY = f"{{{limits.PREFIX_RUN}}}"
_RUNS = (
    re.compile(rf"(?:[-+~]\s*){_MANY}"),
    re.compile(rf"(?:\bnot\s+){_MANY}"),
    re.compile(rf"(?:\blambda\s*:\s*){_MANY}"),
)
_DEPTH_STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def tree_of(text: object, mode: Mode) -> ast.Module | ast.Expression:
    """The tree of `text`; nothing of it is compiled or run.

    Raises:
        SyntaxError: as CPython says it, so that a decision cell like `> 5` is recognised.
        ScriptRefused: too long or too deep to be read.
    """
    if not isinstance(text, str):
        raise ScriptRefused(N_("this is not text"))
    _measure(text)
    try:
        tree: ast.Module | ast.Expression = ast.parse(text, mode=mode)  # type: ignore[assignment]
    except (RecursionError, MemoryError):
        raise _too_deep() from None
    except ValueError as error:
        raise SyntaxError(str(error)) from None
    if _depth(tree) > limits.TREE_DEPTH:
        raise _too_deep()
    return tree


def _measure(text: str) -> None:
    if len(text) > limits.SOURCE_CHARS:
        raise ScriptRefused(
            f"the text is {len(text)} characters long; the limit is {limits.SOURCE_CHARS}",
            hint=N_("split it into several steps"),
        )
    if "\x00" in text:
        raise ScriptRefused(N_("the text holds a NUL character"), hint=N_("remove it"))
    if _brackets(text) > limits.BRACKETS or any(run.search(text) for run in _RUNS):
        raise _too_deep()


def _brackets(text: str) -> int:
    """The deepest nesting, brackets inside texts included: rather one too many."""
    depth = deepest = 0
    for letter in text:
        depth = max(0, depth + _DEPTH_STEP.get(letter, 0))
        deepest = max(deepest, depth)
    return deepest


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [part for node in level for part in ast.iter_child_nodes(node)]
    return depth


def _too_deep() -> ScriptRefused:
    return ScriptRefused(
        N_("the text is nested too deeply"), hint=N_("give the inner parts names of their own")
    )
