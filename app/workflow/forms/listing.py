"""Lists of rows as templates take them: one dictionary per row, one blank row to copy."""

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from app.workflow.forms import answers, faces, paths, values
from app.workflow.forms.components import CONTAINERS, MOST_ROWS, SHOWN_ONLY, Component
from app.workflow.forms.scopes import Scope
from app.workflow.forms.showing import Parts, Showing, Tree, dom_id

Render = Callable[[Scope, Showing, Tree], Parts]
_NUMBER = re.compile(r"[+-]?(\d{1,12}|\d{1,3}(,\d{3})+)(\.\d+)?( ?%| [A-Z]{3})?")
_NOTHING = ("", "–")
# Digits that name a thing, and do not count it.
_CODES = frozenset({"lot", "serial", "serials", "sku"})
# The name of goods stands beneath their SKU: a table is wide enough without it.
_GOODS = ("sku", "name")
_WIDEST = 6
_NO_CELLS = CONTAINERS | SHOWN_ONLY | {"textarea", "checklist", "taglist", "filepicker", "radio"}
_MOST_TABLE_ROWS = 200


def listed(
    part: Component, scope: Scope, how: Showing, tree: Tree, render: Render
) -> dict[str, Any]:
    """The rows of the list `part`, a blank one, and how they are laid out."""
    where = paths.joined(scope.prefix, part.path)
    visible = [child for child in part.children if not (scope.blind and child.is_expected)]
    error = how.error(where, how.face(part)["label"])
    how.depth += 1
    given = _given(part, scope, tree)
    rows = [
        _row(part, scope, how, each, (render, f"{where}.{at}", at)) for at, each in enumerate(given)
    ]
    if part.free_rows and len(rows) < part.limits.most_rows:
        at = len(rows)
        spare = _row(part, scope, how, (None, None), (render, f"{where}.{at}", at))
        rows.append({**spare, "is_spare": True})
    mark = f"__row{how.depth}__"
    blank = _row(part, scope, how, (None, None), (render, f"{where}.{mark}", mark))
    how.depth -= 1
    return {
        "name": where,
        "id": dom_id(where),
        "error": error,
        "rows": rows,
        "blank": blank if part.free_rows else None,
        "mark": mark,
        "free": part.free_rows,
        "most": part.limits.most_rows,
        "columns": [how.face(child) for child in visible],
        "is_table": _is_table(visible),
        "scan": part.scan,
        "paste": f"{where}.{answers.PASTE}" if _is_pasted(part) else "",
    }


def tabled(part: Component, scope: Scope, how: Showing) -> dict[str, Any]:
    """The cells of a read-only table; expected columns are left out while a task is blind."""
    secret = part.expected if scope.blind else frozenset()
    columns = [column for column in part.columns if column.key not in secret]
    held = paths.found(how.data, part.path)
    rows = held[:_MOST_TABLE_ROWS] if isinstance(held, list) else []
    cells = [[values.plain(paths.found(row, column.key)) for column in columns] for row in rows]
    keys = [column.key for column in columns]
    return {
        "columns": [faces.words_of(column.label, how.data, how.locale) for column in columns],
        "numeric": [_is_numeric([row[at] for row in cells]) for at in range(len(columns))],
        "counts": [key not in _CODES for key in keys],
        "names": ["" if scope.blind else key for key in keys],
        "beneath": next((at for at, pair in enumerate(pairwise(keys), 1) if pair == _GOODS), None),
        "rows": cells,
    }


def _is_numeric(column: list[str]) -> bool:
    """Whether a column holds numbers, shares or amounts, so that their digits belong in a row."""
    said = [one for one in column if one not in _NOTHING]
    return bool(said) and all(_NUMBER.fullmatch(one) for one in said)


def _given(part: Component, scope: Scope, tree: Tree) -> list[tuple[Tree, int | None]]:
    """Each row's answers (None: as the case holds it) and the row of the case it came from."""
    known = answers.base_rows(part, scope.base)
    given: list[tuple[Tree, int | None]]
    if tree is None:
        given = [(None, at) for at in range(len(known))]
        given += [(None, None)] * (0 if known or not part.free_rows else part.rows_at_first)
    else:
        rows = paths.found(tree, part.path) or []
        given = [(row, answers.place(part, row, at)) for at, row in enumerate(rows)]
    return given[:MOST_ROWS]


def _row(
    part: Component,
    scope: Scope,
    how: Showing,
    given: tuple[Tree, int | None],
    at: tuple[Render, str, int | str],
) -> dict[str, Any]:
    tree, place = given
    render, prefix, index = at
    known = answers.base_rows(part, scope.base)
    base: Mapping[str, object] = known[place] if place is not None and place < len(known) else {}
    inner = scope.row(scope.plan.lists[part.path], base, prefix)
    cells = render(inner, how, tree)
    title = next((cell["text"] for cell in cells if cell.get("text")), None)
    how.name_row(prefix, title or index)
    return {
        "cells": cells,
        "from": place if part.free_rows else None,
        "from_name": f"{prefix}.{answers.FROM}",
        "title": title,
        "is_spare": False,
        "number": index + 1 if isinstance(index, int) else "",
        "error": how.error(prefix, how.face(part)["label"]),
    }


def _is_table(children: list[Component]) -> bool:
    return len(children) <= _WIDEST and not any(
        child.kind in _NO_CELLS or child.hide for child in children
    )


def _is_pasted(part: Component) -> bool:
    return any(child.is_answered and not child.is_many for child in part.children)
