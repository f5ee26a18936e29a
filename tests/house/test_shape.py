"""Rooms stay small and named after things, and one function commits."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.config import ROOT

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 40
# A test module is one subject told from beginning to end; it is read through, not searched.
MOST_LINES_OF_A_TEST = 450
ROOMS = ("app", "bench", "scripts", "tests")
ENGINE_ROOM = "app/workflow/spiff/"
NAMELESS = {"util", "helper", "service", "manager", "common", "base"}

MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def test_modules_are_short() -> None:
    lengths = {_name(path): len(path.read_bytes().splitlines()) for path in MODULES}

    assert {name: n for name, n in lengths.items() if n > _most_lines(name)} == {}


def test_functions_fit_on_a_screen() -> None:
    lengths = {
        f"{_name(path)}: {each.name}": _length(each)
        for path in MODULES
        for each in _functions(path)
    }

    assert {name: n for name, n in lengths.items() if n > MOST_LINES_OF_A_FUNCTION} == {}


def test_a_module_opens_with_a_sentence() -> None:
    silent = [
        _name(path)
        for path in MODULES
        if _tree(path).body and not _opening(path).endswith((".", "?"))
    ]

    assert silent == []


@pytest.mark.parametrize("room", ["app", "tests"])
def test_a_room_is_named_after_a_thing(room: str) -> None:
    names = {part for path in (ROOT / room).rglob("*") for part in path.stem.split("_")}

    assert {name for name in names if name.rstrip("s") in NAMELESS} == set()


def test_types_are_ignored_in_the_engine_room_alone() -> None:
    found = [_name(path) for path in MODULES if "# type: ignore" in path.read_text("utf-8")]
    product = [name for name in found if name.startswith("app/")]

    assert [name for name in product if not name.startswith(ENGINE_ROOM)] == []


def test_the_product_raises_instead_of_asserting() -> None:
    found = [
        _name(path)
        for path in MODULES
        if path.is_relative_to(ROOT / "app")
        and any(isinstance(node, ast.Assert) for node in ast.walk(_tree(path)))
    ]

    assert found == []


def test_exactly_one_function_commits() -> None:
    """Besides the end of a look, which the database let write nothing."""
    end_of_a_look = ("app/kernel/looks.py", "_end")
    assert _who_says("commit") - {end_of_a_look} == {("app/kernel/db.py", "_committed")}


def test_only_the_database_room_rolls_back() -> None:
    assert {module for module, _ in _who_says("rollback")} == {"app/kernel/db.py"}


def _who_says(attribute: str) -> set[tuple[str, str]]:
    """Module and function of every `….attribute` in the product."""
    return {
        (_name(path), each.name)
        for path in MODULES
        if path.is_relative_to(ROOT / "app")
        for each in _functions(path)
        for node in ast.walk(each)
        if isinstance(node, ast.Attribute) and node.attr == attribute
    }


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _opening(path: Path) -> str:
    return (ast.get_docstring(_tree(path)) or "").partition("\n\n")[0]


def _most_lines(name: str) -> int:
    return MOST_LINES_OF_A_TEST if name.startswith("tests/") else MOST_LINES


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_bytes())
