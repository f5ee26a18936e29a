"""Rows pasted from a spreadsheet: cells by heading or by order, laid into the rows of a list."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.kernel.errors import N_
from app.workflow.forms import paths
from app.workflow.forms.components import MOST_ROWS, Component, in_scope
from app.workflow.forms.errors import Complaint

_MOST_CHARACTERS = 200_000
_LONGEST_SAID = 60

Raw = dict[str, Any]


def unfolded(
    part: Component, text: str, rows: list[Raw], known: Sequence[Mapping[str, object]]
) -> tuple[list[Raw], dict[str, Complaint]]:
    """`rows` with the cells of `text`: added to a free list, laid into the rows of a fixed one."""
    try:
        lines = list(_lines(text))
    except csv.Error:
        return rows, {"": Complaint(N_("The pasted text is not a table."))}
    columns, lines = _headed(part, lines)
    rows, strange = [*rows], list[str]()
    for number, cells in enumerate(lines):
        chosen = columns or _by_order(part, len(cells))
        row = _row_for(part, chosen, cells, number, (rows, known)) if chosen else None
        if row is None:
            strange.append(" ".join(cells))
        else:
            _fill(row, chosen, cells)
    return rows, _told(strange)


def _lines(text: str) -> Iterator[list[str]]:
    if len(text) > _MOST_CHARACTERS:
        raise csv.Error
    first = text.splitlines()[0]
    mark = next((mark for mark in "\t;," if mark in first), "\t")
    for cells in csv.reader(text.splitlines(), delimiter=mark):
        if any(cell.strip() for cell in cells):
            yield [cell.strip() for cell in cells]


def _headed(
    part: Component, lines: list[list[str]]
) -> tuple[list[Component | None], list[list[str]]]:
    """The columns the first line names, if it is a line of headings, and the lines below it."""
    names = {
        name.casefold(): child
        for child in _columns(part)
        for name in (child.path, *child.label.values())
    }
    named = [names.get(cell.casefold()) for cell in lines[0]] if lines else []
    return (named, lines[1:]) if any(named) else ([], lines)


def _by_order(part: Component, count: int) -> list[Component | None]:
    """All columns when all are given, else those people fill in."""
    every = _columns(part)
    asked = [child for child in every if child.is_answered]
    if count == len(every):
        return [*every]
    return [*asked[:count]] if count <= len(asked) else []


def _columns(part: Component) -> list[Component]:
    return [child for child in in_scope(part.children) if child.is_answered or child.readonly]


def _row_for(
    part: Component,
    columns: list[Component | None],
    cells: list[str],
    number: int,
    lists: tuple[list[Raw], Sequence[Mapping[str, object]]],
) -> Raw | None:
    rows, known = lists
    if part.free_rows:
        if len(rows) > MOST_ROWS:
            return None
        rows.append({})
        return rows[-1]
    told = {
        column.path: cell
        for column, cell in zip(columns, cells, strict=False)
        if column and column.readonly
    }
    at = _place(told, known) if told else number
    return rows[at] if at is not None and at < len(rows) else None


def _place(told: Mapping[str, str], known: Sequence[Mapping[str, object]]) -> int | None:
    for at, row in enumerate(known):
        if all(str(paths.found(row, path)) == cell for path, cell in told.items()):
            return at
    return None


def _fill(row: Raw, columns: list[Component | None], cells: list[str]) -> None:
    for column, cell in zip(columns, cells, strict=False):
        if column and column.is_answered:
            paths.put(row, column.path, cell)


def _told(strange: list[str]) -> dict[str, Complaint]:
    if not strange:
        return {}
    message = N_("Pasted lines that are not of this list: {count}; the first is “{first}”.")
    return {"": Complaint(message, count=len(strange), first=strange[0][:_LONGEST_SAID])}
