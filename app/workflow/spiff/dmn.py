"""Reads decision tables from DMN files; every cell is checked before it may be asked."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from app.workflow.spiff.decisions import LISTS, SINGLE, Decision, Rule
from app.workflow.spiff.findings import Finding
from app.workflow.spiff.sandbox.limits import CELL_CHARS
from app.workflow.spiff.sandbox.source import complaint
from app.workflow.spiff.xml import local, text

_LANGUAGES = ("", "python")
_ANYTHING = ("", "-")
_QUOTED_OR_MARK = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'|\?')
_RANGE = re.compile(r"[\[\](]\s*\S+?\s*\.\.")

Report = Callable[[Finding], None]


def decisions_of(root: Any, report: Report) -> list[Decision]:
    """The decisions of a DMN file; what is wrong with them goes to `report`."""
    found = [node for node in root.iter() if local(node) == "decision"]
    if not found:
        report(Finding("", "The file holds no decision.", "Add a decision table."))
    _check_language(root, report)
    return [decision for node in found if (decision := _decision(node, report)) is not None]


def condition_of(given: str, cell: str, element: str, report: Report) -> str:
    """The condition that `cell` means for the input `given`.

    A value means "is this value"; an operator comes after the input; `?` stands for it.
    """
    marked = _QUOTED_OR_MARK.sub(lambda m: f"({given})" if m[0] == "?" else m[0], cell)
    if marked != cell:
        candidate = f"({marked})"
    elif complaint(cell, "eval") is None:
        candidate = f"(({given}) == ({cell}))"
        if _is_listing(cell):
            report(Finding(element, f"{cell!r} lists values.", f"Write in ({cell})."))
    else:
        candidate = f"(({given}) {cell})"
    wrong = complaint(candidate, "eval")
    if wrong is not None:
        own = complaint(cell, "eval") or wrong
        hint = "Write 1 <= ? <= 5." if _RANGE.match(cell) else own.hint
        report(Finding(element, f"The cell {cell[:80]!r} cannot be used: {own.message}.", hint))
    return candidate


def _decision(node: Any, report: Report) -> Decision | None:
    key = node.get("id", "")
    table = next((part for part in node if local(part) == "decisionTable"), None)
    if any(local(part) == "requiredDecision" for part in node.iter()):
        report(Finding(key, "A decision that needs another one is not supported.", "Join them."))
    if table is None:
        report(Finding(key, "This decision is no decision table.", "Use a decision table."))
        return None
    policy = table.get("hitPolicy", "UNIQUE").upper()
    _check_policy(key, policy, table.get("aggregation"), report)
    inputs = [_input(part, report) for part in table if local(part) == "input"]
    names = tuple(_output(part, report) for part in table if local(part) == "output")
    rules = [part for part in table if local(part) == "rule"]
    if not names or not rules:
        report(Finding(key, "The table has no output or no rule.", "Add one."))
    return Decision(
        id=key,
        name=node.get("name") or key,
        hit_policy=policy,
        names=names,
        rules=tuple(
            _rule(number, part, inputs, names, report) for number, part in enumerate(rules, 1)
        ),
    )


def _check_policy(key: str, policy: str, aggregation: str | None, report: Report) -> None:
    if policy not in SINGLE | LISTS:
        known = ", ".join(sorted(SINGLE | LISTS))
        report(Finding(key, f"The hit policy {policy} is not supported.", f"Use one of {known}."))
    if aggregation:
        report(
            Finding(key, f"{aggregation} of hits is not supported.", "Collect, then use a script.")
        )


def _input(node: Any, report: Report) -> str:
    expression = next((part for part in node if local(part) == "inputExpression"), None)
    found = "" if expression is None else _cell_text(expression, report)
    if not found:
        report(Finding(node.get("id", ""), "The input has no expression.", "Name the data."))
    else:
        _check(found, node.get("id", ""), report)
    return found


def _output(node: Any, report: Report) -> str:
    name = str(node.get("name") or node.get("label") or "").strip()
    if not all(step.isidentifier() for step in name.split(".")):
        report(Finding(node.get("id", ""), f"{name!r} is no name for data.", "Use a_plain_name."))
    return name


def _rule(
    number: int, node: Any, inputs: list[str], names: tuple[str, ...], report: Report
) -> Rule:
    entries = [part for part in node if local(part) == "inputEntry"]
    outputs = [part for part in node if local(part) == "outputEntry"]
    if (len(entries), len(outputs)) != (len(inputs), len(names)):
        report(Finding(node.get("id", ""), f"Rule {number} has too few cells.", "Fill the row."))
        return Rule(number, "False", tuple("" for _ in names))
    tests = list(_tests(entries, inputs, report))
    return Rule(
        number,
        when=" and ".join(tests),
        outputs=tuple(_result(part, report) for part in outputs),
    )


def _tests(entries: list[Any], inputs: list[str], report: Report) -> Iterator[str]:
    for entry, given in zip(entries, inputs, strict=True):
        cell = _cell_text(entry, report)
        if cell not in _ANYTHING:
            yield condition_of(given, cell, entry.get("id", ""), report)


def _is_listing(cell: str) -> bool:
    """Whether the commas of `cell` separate values, which Python takes for one tuple."""
    return "," in cell and complaint(f"[{cell}]", "eval") is None and not _is_one_value(cell)


def _is_one_value(cell: str) -> bool:
    # As a dictionary value, several values side by side are no syntax; one value is.
    return complaint("{0: %s, 1: 1}" % cell, "eval") is None  # noqa: UP031 - braces


def _result(node: Any, report: Report) -> str:
    cell = _cell_text(node, report)
    if cell in _ANYTHING:
        return ""
    _check(cell, node.get("id", ""), report)
    return cell


def _cell_text(node: Any, report: Report) -> str:
    _check_language(node, report)
    found = text(next((part for part in node if local(part) == "text"), None))
    if len(found) > CELL_CHARS:
        limit = f"more than {CELL_CHARS} characters"
        report(Finding(node.get("id", ""), f"The cell has {limit}.", "Split the rule."))
        return ""
    return found


def _check_language(node: Any, report: Report) -> None:
    language = node.get("expressionLanguage", "").lower()
    if language not in _LANGUAGES:
        message = f"The expression language {language[:60]!r} is not supported."
        report(Finding(node.get("id", ""), message, "Write Python expressions."))


def _check(cell: str, element: str, report: Report) -> None:
    wrong = complaint(cell, "eval")
    if wrong is not None:
        message = f"The expression {cell[:80]!r} cannot be used: {wrong.message}."
        report(Finding(element, message, wrong.hint))
