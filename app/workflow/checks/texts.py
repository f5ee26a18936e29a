"""Every text of a diagram that will be run: whether the sandbox can read it and knows its words."""

import ast
import builtins
from collections.abc import Iterator

from app.workflow.spiff import timing
from app.workflow.spiff.calls import FUNCTIONS
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.outline import Element, Event, Outline, Repeat
from app.workflow.spiff.sandbox.environment import VALUES
from app.workflow.spiff.sandbox.names import names_in
from app.workflow.spiff.sandbox.reading import Mode, tree_of
from app.workflow.spiff.sandbox.source import complaint

_BUILTINS = frozenset(dir(builtins))
KNOWN_WORDS = frozenset({*_BUILTINS, *FUNCTIONS, *VALUES})
"""Names every text may use that are no data."""
_SHOWN = 60


def unusable_texts(outline: Outline) -> Iterator[Finding]:
    """What is wrong with scripts, conditions, parameters, timers and numbers of instances."""
    for element in outline.elements.values():
        if element.kind == "scriptTask":
            yield from _script(element)
        for text in _expressions(element):
            yield from _text(element.id, text, "eval")
        if element.event is not None and element.event.kind == "timer":
            yield from _timer(element.id, element.event)
    for flow in outline.flows:
        if flow.condition:
            yield from _text(flow.id, flow.condition, "eval")


def _script(element: Element) -> Iterator[Finding]:
    if not element.script.strip():
        yield Finding(element.id, "The script is empty.", "Write it, or remove the task.")
    yield from _text(element.id, element.script, "exec")


def _expressions(element: Element) -> Iterator[str]:
    if element.service is not None:
        yield from element.service.parameters.values()
    if element.event is not None and element.event.kind == "message" and element.event.expression:
        yield element.event.expression
    yield from _of_repeat(element.repeat)


def _of_repeat(repeat: Repeat | None) -> Iterator[str]:
    if repeat is not None:
        yield from filter(None, (repeat.cardinality, repeat.until))


def _text(where: str, text: str, mode: Mode) -> Iterator[Finding]:
    wrong = complaint(text, mode)
    if wrong is not None:
        line = f" (line {wrong.line})" if wrong.line and mode == "exec" else ""
        message = f"{_short(text)} cannot be used{line}: {wrong.message}."
        yield Finding(where, message, _sentence(wrong.hint))
    else:
        yield from _unknown_functions(where, text, mode)


def _unknown_functions(where: str, text: str, mode: Mode) -> Iterator[Finding]:
    """Data are no functions, so a function nobody offers is certainly a mistake."""
    tree = tree_of(text.strip() if mode == "eval" else text, mode)
    names = names_in(tree)
    known = names.bound | names.modules | FUNCTIONS | _BUILTINS
    called = [
        n.func.id
        for n in ast.walk(tree)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    ]
    for name in sorted(set(called) - known):
        yield Finding(
            where, f"There is no function {name}.", f"Known: {', '.join(sorted(FUNCTIONS))}."
        )


def _timer(where: str, event: Event) -> Iterator[Finding]:
    text = event.expression
    if _is_unquoted(text):
        yield Finding(
            where, f"{text} is read as the name of a value.", f'Write "{text}" in quotes.'
        )
        return
    yield from _text(where, text, "eval")
    if complaint(text, "eval") is None:
        tree = tree_of(text.strip(), "eval")
        value = getattr(getattr(tree, "body", None), "value", None)
        if isinstance(getattr(tree, "body", None), ast.Constant):
            yield from _fixed_timer(where, event.timer, value)


def _is_unquoted(text: str) -> bool:
    repeated = text.startswith("R") and "/" in text
    dated = text[:4].isdigit() and text[4:5] == "-"
    return repeated or dated or timing.duration_problem(text) is None


def _fixed_timer(where: str, kind: str, value: object) -> Iterator[Finding]:
    problem = timing.problem_of(kind, value)
    if problem is not None:
        yield Finding(where, f"The timer cannot work: {problem}.", 'Write "PT2H" or "R3/PT4H".')


def _short(text: str) -> str:
    first = text.strip().splitlines()[0] if text.strip() else ""
    return f"“{first[:_SHOWN]}…”" if len(text.strip()) > _SHOWN else f"“{first}”"


def _sentence(hint: str) -> str:
    return f"{hint[0].upper()}{hint[1:]}." if hint else ""
