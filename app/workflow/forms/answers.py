"""Answers as browsers and programs send them, brought into one shape: rows are lists."""

from collections.abc import Mapping
from typing import Any

from app.kernel.errors import N_
from app.workflow.forms import pasting, paths
from app.workflow.forms.components import MOST_ROWS, Component, in_scope
from app.workflow.forms.errors import Complaint

FROM = "_from"
PASTE = "_paste"
NOT_A_ROW = ""
UNKNOWN = N_("This form has no such field.")
MOST_NAMES = 20_000
_LONGEST_NAME = 200
_INDEX_DIGITS = 6
_DEEPEST = 6

Raw = dict[str, Any]


def nested(answers: Mapping[str, object]) -> Raw:
    """Flat names like `lines.0.counted` laid out as objects; what is nested already stays."""
    tree: Raw = {}
    for name, value in list(answers.items())[:MOST_NAMES]:
        if len(name) <= _LONGEST_NAME:
            _lay(tree, name, value)
    return tree


def expanded(
    components: tuple[Component, ...], given: Raw, base: Mapping[str, object]
) -> tuple[Raw, dict[str, Complaint]]:
    """`given` with every list as a list of rows, pasted text unfolded into rows.

    Fixed lists get one row per row of `base`; blank rows of free lists are dropped.
    """
    tree, complaints = dict(given), dict[str, Complaint]()
    for part in in_scope(components):
        if part.kind != "dynamiclist":
            continue
        rows, found = _rows(part, paths.found(given, part.path), base_rows(part, base))
        paths.put(tree, part.path, rows)
        complaints.update({paths.joined(part.path, path): said for path, said in found.items()})
    return tree, complaints


def base_rows(part: Component, base: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The rows the case has for the list `part`."""
    rows = paths.found(base, part.path)
    if not isinstance(rows, list):
        return []
    return [row if isinstance(row, Mapping) else {} for row in rows[:MOST_ROWS]]


def base_row(
    part: Component, row: Raw, at: int, known: list[Mapping[str, object]]
) -> Mapping[str, object]:
    """The row of the case that the row of answers at `at` belongs to."""
    came_from = place(part, row, at)
    return known[came_from] if came_from is not None and came_from < len(known) else {}


def place(part: Component, row: Mapping[str, Any], at: int) -> int | None:
    """Its number among the rows of the case: free rows say it, fixed rows stand there."""
    return _place(row) if part.free_rows else at


def _lay(tree: Raw, name: str, value: object) -> None:
    *way, last = name.split(".")
    here = tree
    for step in way:
        inner = here.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        here = inner
    before = here.get(last)
    both = isinstance(before, dict) and isinstance(value, dict)
    here[last] = _joined(before, value) if both else value


def _joined(first: Any, second: Any) -> Raw:
    return {**first, **second}


def _rows(
    part: Component, given: object, known: list[Mapping[str, object]]
) -> tuple[list[Raw], dict[str, Complaint]]:
    listed = _listed(given)
    complaints = _strangers(given)
    rows = (
        _free(listed) if part.free_rows else [dict(listed.pop(at, {})) for at in range(len(known))]
    )
    if not _are_known(rows, len(known)) or (listed and not part.free_rows):
        complaints[""] = Complaint(N_("Some rows are no longer on this list. Look at it again."))
    text = _pasted(given)
    if text:
        rows, said = pasting.unfolded(part, text, rows, known)
        complaints.update(said)
    if part.free_rows:
        rows = [row for row in rows if not _is_blank(part, row)]
    for at, row in enumerate(rows):
        base = base_row(part, row, at, known)
        rows[at], said = expanded(part.children, row, base)
        complaints.update({f"{at}.{path}": sentence for path, sentence in said.items()})
    return rows, complaints


def _listed(given: object) -> dict[int, Raw]:
    """Rows by their number; what is no row becomes one that nobody knows."""
    if isinstance(given, dict):
        rows = {int(key): row for key, row in given.items() if _is_index(key)}
    else:
        rows = dict(enumerate(given[: MOST_ROWS + 1])) if isinstance(given, list) else {}
    return {at: row if isinstance(row, dict) else {NOT_A_ROW: row} for at, row in rows.items()}


def _strangers(given: object) -> dict[str, Complaint]:
    if given in (None, "", [""]) or isinstance(given, list):
        return {}
    if not isinstance(given, dict):
        return {"": Complaint(UNKNOWN)}
    known = (PASTE, *filter(_is_index, given))
    return {str(key): Complaint(UNKNOWN) for key in given if key not in known}


def _free(listed: dict[int, Raw]) -> list[Raw]:
    return [dict(listed[at]) for at in sorted(listed)][: MOST_ROWS + 1]


def _are_known(rows: list[Raw], count: int) -> bool:
    """Whether each row that says where it comes from says so truly, and alone."""
    claimed = [_place(row) for row in rows if FROM in row]
    return all(place is not None and place < count for place in claimed) and len(
        set(claimed)
    ) == len(claimed)


def _place(row: Mapping[str, Any]) -> int | None:
    told = _plain(row.get(FROM))
    if isinstance(told, int) and not isinstance(told, bool) and told >= 0:
        return told
    return int(told) if isinstance(told, str) and _is_index(told) else None


def _pasted(given: object) -> str:
    text = given.get(PASTE) if isinstance(given, dict) else None
    text = _plain(text)
    return text.strip("\r\n") if isinstance(text, str) and text.strip() else ""


def _is_index(key: object) -> bool:
    return isinstance(key, str) and key.isascii() and key.isdecimal() and len(key) <= _INDEX_DIGITS


def _is_blank(part: Component, row: Raw) -> bool:
    """Whether nobody touched the row: a spare one, with at most what stood there at first."""
    if FROM in row or NOT_A_ROW in row:
        return False
    touched = dict(row)
    for child in in_scope(part.children):
        if child.default is not None and _plain(paths.found(row, child.path)) == child.default:
            paths.put(touched, child.path, None)
    return _is_empty(touched, _DEEPEST)


def _plain(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _is_empty(value: object, depth: int) -> bool:
    if isinstance(value, dict | list) and depth:
        inner = value.values() if isinstance(value, dict) else value
        return all(_is_empty(item, depth - 1) for item in inner)
    return value is None or value is False or (isinstance(value, str) and not value.strip())
