"""A name tells whether it locks: `by_number` only reads, `locked` holds what it returns."""

import ast
from pathlib import Path

from app.config import ROOT

_LOCKS = ("lock", "with_for_update")


def test_what_is_looked_up_by_number_is_not_locked() -> None:
    rooms = (ROOT / "app" / "domain").rglob("*.py")
    found = {path.stem: _named("by_number", path) for path in rooms}
    locking = sorted(room for room, function in found.items() if function and _locks(function))

    assert sum(function is not None for function in found.values()) > 8
    assert locking == []


def test_what_is_called_locked_locks() -> None:
    rooms = (ROOT / "app" / "domain").rglob("*.py")
    found = {path.stem: _named("locked", path) for path in rooms}
    reading = sorted(room for room, function in found.items() if function and not _locks(function))

    assert sum(function is not None for function in found.values()) > 5
    assert reading == []


def _named(name: str, path: Path) -> ast.FunctionDef | None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    functions = [each for each in body if isinstance(each, ast.FunctionDef)]
    return next((each for each in functions if each.name == name), None)


def _locks(function: ast.FunctionDef) -> bool:
    """Whether anything it calls, or says to what it calls, speaks of a lock."""
    inside = [each for line in function.body for each in ast.walk(line)]
    used = [each.attr for each in inside if isinstance(each, ast.Attribute)]
    used += [each.id for each in inside if isinstance(each, ast.Name)]
    used += [each.arg or "" for each in inside if isinstance(each, ast.keyword)]
    return any(word in name for name in used for word in _LOCKS)
