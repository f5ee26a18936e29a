"""Where type-ahead fields look things up; the rooms that own the things offer them at start."""

from collections.abc import Callable
from dataclasses import dataclass

MOST_FOUND = 20


@dataclass(frozen=True)
class Match:
    """One thing found: what is kept, and what a person reads."""

    value: str
    label: str


@dataclass(frozen=True)
class Lookup:
    """How one kind of thing is found by text, and which values are no such thing."""

    find: Callable[[str, int], list[Match]]
    unknown: Callable[[frozenset[str]], frozenset[str]]


_offered: dict[str, Lookup] = {}


def offer(kind: str, lookup: Lookup) -> None:
    """Let fields with the property lookup = `kind` use `lookup`."""
    _offered[kind] = lookup


def found(kind: str, text: str) -> list[Match]:
    """What matches `text`, best first; nothing when `kind` is not offered."""
    lookup = _offered.get(kind)
    return lookup.find(text.strip(), MOST_FOUND) if lookup and text.strip() else []


def unknown(kind: str, values: frozenset[str]) -> frozenset[str]:
    """Those of `values` that name nothing; a kind nobody offers is left to the effects."""
    lookup = _offered.get(kind)
    return lookup.unknown(values) if lookup else frozenset()
