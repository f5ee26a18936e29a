"""Regular expressions of forms: a subset whose worst search is short, on texts that are short."""

import re
from collections.abc import Callable
from re import Pattern

LONGEST_TEXT = 200
MOST_STEPS = 100_000
LONGEST_PATTERN = 200

_CLASS_ESCAPES = "dDwWsS"
_LITERAL_ESCAPES = r"\.^$*+?{}[]()|/-&#~ "
_COUNT = re.compile(r"\{([0-9]{1,3})(,([0-9]{0,3}))?\}", re.ASCII)
_DEEPEST = 5


class PatternRefused(ValueError):
    """The pattern is not one of the kind we search with; the text says why."""


def compiled(source: str, longest_text: int = LONGEST_TEXT) -> Pattern[str]:
    """`source`, ready to search texts of at most `longest_text` characters.

    The worst number of steps is counted from the repetitions; groups are not repeated.
    """
    if len(source) > LONGEST_PATTERN:
        raise PatternRefused(f"the pattern is longer than {LONGEST_PATTERN} characters")
    anchored = source.startswith("^")
    steps = _Reader(source, longest_text).steps() * (1 if anchored else longest_text)
    if steps > MOST_STEPS:
        raise PatternRefused("the pattern may search too long; start it with ^, repeat less")
    try:
        return re.compile(source, re.ASCII)
    except re.error as error:
        raise PatternRefused(f"the pattern is broken: {error}") from error


class _Reader:
    """Reads a pattern once and counts how often the search may have to go back."""

    def __init__(self, source: str, longest_text: int) -> None:
        self._source = source
        self._at = 0
        self._longest = longest_text
        self._depth = 0

    def steps(self) -> int:
        total = self._choices()
        if self._at < len(self._source):
            raise PatternRefused("a bracket is closed that was not opened")
        return total

    def _choices(self) -> int:
        total = self._sequence()
        while self._peek() == "|":
            self._at += 1
            total += self._sequence()
        return total

    def _sequence(self) -> int:
        product = 1
        while self._peek() not in ("", "|", ")"):
            product = min(product * self._term(), MOST_STEPS + 1)
        return product

    def _term(self) -> int:
        start = self._peek()
        readers: dict[str, Callable[[], int]] = {
            "(": self._group,
            "[": self._set,
            "\\": self._escape,
            "^": self._edge,
            "$": self._edge,
        }
        if start in "*+?{":
            raise PatternRefused(f"“{start}” repeats nothing; write \\{start} for the character")
        inner = readers.get(start, self._character)()
        return inner * self._repetition(of_group=start == "(", of_edge=start in "^$")

    def _group(self) -> int:
        self._at += 3 if self._source.startswith("(?:", self._at) else 1
        if self._peek() == "?":
            raise PatternRefused("look-around and named groups are not offered")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise PatternRefused("groups stand too deep in each other")
        inner = self._choices()
        self._depth -= 1
        if self._peek() != ")":
            raise PatternRefused("a group is not closed")
        self._at += 1
        return inner

    def _set(self) -> int:
        end = self._at + 1
        end += self._source.startswith("^", end)
        end += self._source.startswith("]", end)
        while end < len(self._source) and self._source[end] != "]":
            end += 2 if self._source[end] == "\\" else 1
        if end >= len(self._source):
            raise PatternRefused("a set [ is not closed")
        inside = self._source[self._at + 1 : end].replace("\\[", "")
        if any(pair in inside for pair in ("[", "&&", "--", "||", "~~")):
            raise PatternRefused("this kind of set is not offered")
        self._at = end + 1
        return 1

    def _escape(self) -> int:
        escaped = self._source[self._at + 1 : self._at + 2]
        if not escaped or escaped not in _CLASS_ESCAPES + _LITERAL_ESCAPES:
            raise PatternRefused(f"\\{escaped} is not offered")
        self._at += 2
        return 1

    def _edge(self) -> int:
        self._at += 1
        return 1

    def _character(self) -> int:
        self._at += 1
        return 1

    def _repetition(self, *, of_group: bool, of_edge: bool) -> int:
        mark = self._peek()
        if mark not in ("*", "+", "?", "{"):
            return 1
        if of_edge or (of_group and mark != "?"):
            raise PatternRefused("only characters and sets may be repeated, groups may be optional")
        times = self._counted() if mark == "{" else 2 if mark == "?" else self._longest
        if mark != "{":
            self._at += 1
        if self._peek() in ("*", "+", "?", "{"):
            raise PatternRefused("a repetition cannot be repeated")
        return times

    def _counted(self) -> int:
        match = _COUNT.match(self._source, self._at)
        if not match:
            raise PatternRefused("write a count as {3}, {2,5} or {2,}; \\{ for the character")
        self._at = match.end()
        if not match[2]:
            return 1
        most = int(match[3]) if match[3] else self._longest
        return max(most - int(match[1]) + 1, 1)

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]
