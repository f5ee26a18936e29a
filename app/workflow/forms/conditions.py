"""When a component is hidden: fields, comparisons, literals, and, or, not; nothing else."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.workflow.forms import decimals

LONGEST = 500
_DEEPEST = 20
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?[0-9]{1,15}(?:\.[0-9]{1,6})?)
    |(?P<text>"(?:[^"\\]|\\["\\])*")
    |(?P<name>[A-Za-z_]\w*(?:\.\w+)*)
    |(?P<sign>!=|<=|>=|=|<|>|\(|\)))""",
    re.VERBOSE | re.ASCII,
)
_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORDS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_RESERVED = frozenset({"and", "or", "not", "if", "then", "else", "in", "for", "some", "every"})


class ConditionRefused(ValueError):
    """The condition is outside what is offered; the text says where."""


@dataclass(frozen=True)
class Literal:
    value: object


@dataclass(frozen=True)
class Name:
    path: str


@dataclass(frozen=True)
class Operation:
    sign: str
    inner: tuple["Condition", ...]


Condition = Literal | Name | Operation
Values = Callable[[str], object]


def parse(source: str) -> Condition:
    """The condition written in `source`, as form-js keeps it: `=reason = "other"`."""
    if len(source) > LONGEST:
        raise ConditionRefused(f"a condition has at most {LONGEST} characters")
    if not source.strip().startswith("="):
        raise ConditionRefused("a condition starts with =")
    return _Reader(_tokens(source.strip()[1:])).condition()


def holds(condition: Condition, values: Values) -> bool:
    """Whether `condition` is true; `values` gives what a name stands for, or None."""
    return _value(condition, values) is True


def names(condition: Condition) -> frozenset[str]:
    """Every name the condition looks at."""
    if isinstance(condition, Name):
        return frozenset({condition.path})
    if isinstance(condition, Operation):
        return frozenset[str]().union(*(names(part) for part in condition.inner))
    return frozenset()


def for_browser(condition: Condition, field: Callable[[str], str | None], values: Values) -> object:
    """The condition as JSON: fields of the page by input name, everything else as its value."""
    if isinstance(condition, Literal):
        return ["value", _plain(condition.value)]
    if isinstance(condition, Name):
        name = field(condition.path)
        return ["value", _plain(values(condition.path))] if name is None else ["field", name]
    return [condition.sign, *(for_browser(part, field, values) for part in condition.inner)]


def _value(condition: Condition, values: Values) -> object:
    if isinstance(condition, Literal):
        return condition.value
    if isinstance(condition, Name):
        return values(condition.path)
    inner = (_value(part, values) for part in condition.inner)
    if condition.sign == "and":
        return all(value is True for value in inner)
    if condition.sign == "or":
        return any(value is True for value in inner)
    if condition.sign == "not":
        return next(inner) is not True
    return _compared(condition.sign, next(inner), next(inner))


def _compared(sign: str, left: object, right: object) -> bool:
    left, right = _aligned(left, right)
    if sign in ("=", "!="):
        same = left == right and isinstance(left, bool) is isinstance(right, bool)
        return same is (sign == "=")
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        return _ordered(sign, left < right, left == right)
    if isinstance(left, str) and isinstance(right, str):
        return _ordered(sign, left < right, left == right)
    return False


def _ordered(sign: str, less: bool, same: bool) -> bool:  # noqa: FBT001 - two facts of one pair
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]


def _aligned(left: object, right: object) -> tuple[object, object]:
    """Both as numbers where both read as numbers; an empty text is nothing."""
    numbers = _number(left), _number(right)
    if None not in numbers:
        return numbers
    return (None if left == "" else left), (None if right == "" else right)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str) and decimals.is_canonical(value):
        return Decimal(value)
    return None


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return decimals.canonical(value)
    return value if isinstance(value, str | bool | int | float | None) else True


def _tokens(source: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while source[at:].strip():
        match = _TOKEN.match(source, at)
        if not match or not match.lastgroup:
            raise ConditionRefused(f"“{source[at:].strip()[:20]}” is not understood here")
        tokens.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Reader:
    """Reads tokens: or, then and, then not, then a comparison, then a value."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = [*tokens, ("end", "")]
        self._at = 0
        self._depth = 0

    def condition(self) -> Condition:
        condition = self._chain("or")
        if self._tokens[self._at][0] != "end":
            raise ConditionRefused(f"“{self._tokens[self._at][1]}” is not expected here")
        return condition

    def _chain(self, word: str) -> Condition:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ConditionRefused("the condition is nested too deep")
        parts = [self._part(word)]
        while self._taken("name", word):
            parts.append(self._part(word))
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Operation(word, tuple(parts))

    def _part(self, word: str) -> Condition:
        return self._chain("and") if word == "or" else self._comparison()

    def _comparison(self) -> Condition:
        if self._taken("name", "not"):
            return Operation("not", (self._bracketed(),))
        left = self._operand()
        kind, sign = self._tokens[self._at]
        if kind != "sign" or sign not in _SIGNS:
            return left
        self._at += 1
        return Operation(sign, (left, self._operand()))

    def _operand(self) -> Condition:
        kind, text = self._tokens[self._at]
        if (kind, text) == ("sign", "("):
            return self._bracketed()
        self._at += 1
        if kind == "number":
            return Literal(Decimal(text))
        if kind == "text":
            return Literal(re.sub(r'\\(["\\])', r"\1", text[1:-1]))
        if kind == "name" and text not in _RESERVED:
            return Literal(_WORDS[text]) if text in _WORDS else Name(text)
        raise ConditionRefused(f"a field or a value is missing before “{text or 'the end'}”")

    def _bracketed(self) -> Condition:
        if not self._taken("sign", "("):
            raise ConditionRefused("write not(…) with brackets")
        inner = self._chain("or")
        if not self._taken("sign", ")"):
            raise ConditionRefused("a bracket is not closed")
        return inner

    def _taken(self, kind: str, text: str) -> bool:
        found = self._tokens[self._at] == (kind, text)
        self._at += found
        return found
