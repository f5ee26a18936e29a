"""Reads a form from its JSON, or refuses it with every reason at once."""

import json
import keyword
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from app.workflow.forms import dialect, reach
from app.workflow.forms.building import component
from app.workflow.forms.components import CONTAINERS, SHOWN_ONLY, Component, everywhere, in_scope
from app.workflow.forms.errors import Finding, FormRefused
from app.workflow.forms.form import Form
from app.workflow.forms.reading import Reading

MOST_BYTES = 256_000
MOST_COMPONENTS = 300
DEEPEST = 6
_LONGEST_PATH = 100
# Columns of the grid on which forms are laid out: the editor's, and ours.
_EDITORS, _OURS = 16, 12


@lru_cache(maxsize=1024)
def load(content: bytes) -> Form:
    """The form in `content`, parsed once per process and text."""
    return parse(content)


def parse(content: bytes) -> Form:
    """The form in `content`.

    Raises:
        FormRefused: with one finding per mistake, by component id.
    """
    findings: list[Finding] = []
    raw = _object(content)
    root = Reading(raw, str(raw.get("id", "form"))[:80], findings)
    _check_root(root)
    components = _components(root, depth=1)
    _check_ids(components, findings)
    _check_paths(components, findings)
    reach.check(components, findings)
    if findings:
        raise FormRefused(findings)
    own = root.own()
    return Form(
        id=root.element, components=components, action=root.translated("action", own.text("action"))
    )


def _object(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise _refused(f"the form is larger than {MOST_BYTES} bytes")
    try:
        raw = json.loads(content, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refused(f"this is not the JSON of a form: {error}") from error
    if not isinstance(raw, dict):
        raise _refused("the form must be a JSON object")
    return raw


def _refused(message: str) -> FormRefused:
    return FormRefused([Finding("form", message)])


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for key, _ in pairs if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"“{twice}” stands twice in one object")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not a number")


def _check_root(root: Reading) -> None:
    for key in sorted(root.raw.keys() - dialect.ROOT_KEYS):
        root.refuse(f"“{key}” is not known here")
    if root.raw.get("type", "default") != "default":
        root.refuse("the type of a form is “default”")
    for key in root.properties:
        if key not in dialect.ROOT_PROPERTIES and not dialect.ROOT_TRANSLATED.fullmatch(key):
            root.refuse(f"the property “{key}” is not known here", "use action, action.zh_Hant …")


def _components(parent: Reading, *, depth: int, prefix: str = "") -> tuple[Component, ...]:
    items = parent.items("components")
    if depth > DEEPEST or len(items) > MOST_COMPONENTS:
        parent.refuse(f"at most {MOST_COMPONENTS} components, at most {DEEPEST} deep")
        return ()
    readings = [_reading(item, parent) for item in items]
    spans = _spans(items)
    return tuple(
        _component(reading, depth=depth, prefix=prefix, span=span)
        for reading, span in zip(readings, spans, strict=True)
        if reading
    )


def _component(reading: Reading, *, depth: int, prefix: str, span: int) -> Component:
    part = replace(component(reading, prefix), span=span)
    if part.kind not in CONTAINERS:
        return part
    inner = part.path if part.kind == "group" else ""
    return replace(part, children=_components(reading, depth=depth + 1, prefix=inner))


def _reading(item: object, parent: Reading) -> Reading | None:
    if not isinstance(item, dict):
        parent.refuse("every component must be an object")
        return None
    name = item.get("id") or item.get("key") or item.get("path") or item.get("type")
    reading = Reading(item, str(name)[:80], parent.findings)
    kind = item.get("type")
    if not isinstance(kind, str) or kind not in dialect.TYPES:
        reading.refuse(
            f"the type “{str(kind)[:40]}” is not offered", dialect.HINTS.get(str(kind), "")
        )
        return None
    return reading


def _spans(items: list[Any]) -> list[int]:
    """How many twelfths of the width each takes: told, or its share of its row."""
    layouts = [_layout(item) for item in items]
    rows = [layout.get("row") for layout in layouts]
    return [
        _told(layout) or (12 // min(rows.count(row), 4) if row is not None else 12)
        for layout, row in zip(layouts, rows, strict=True)
    ]


def _layout(item: object) -> Mapping[str, Any]:
    layout = item.get("layout") if isinstance(item, dict) else None
    return layout if isinstance(layout, dict) else {}


def _told(layout: Mapping[str, Any]) -> int:
    """How many of our columns a field takes of the editor's; nothing when it does not say."""
    columns = layout.get("columns")
    if not isinstance(columns, int) or isinstance(columns, bool):
        return 0
    return max(round(columns * _OURS / _EDITORS), 1) if 1 <= columns <= _EDITORS else 0


def _check_ids(components: tuple[Component, ...], findings: list[Finding]) -> None:
    seen: set[str] = set()
    every = list(everywhere(components))
    if len(every) > MOST_COMPONENTS:
        findings.append(Finding("form", f"the form has more than {MOST_COMPONENTS} components"))
    for part in every:
        if part.id in seen:
            findings.append(Finding(part.id, "the id is used twice"))
        seen.add(part.id)


def _check_paths(components: tuple[Component, ...], findings: list[Finding]) -> None:
    """Every answer has a place of its own; no place lies inside another."""
    taken: list[str] = []
    for part in in_scope(components):
        if part.kind == "dynamiclist":
            _check_paths(part.children, findings)
        if part.path and part.kind != "group" and part.kind not in SHOWN_ONLY:
            _check_path(part, taken, findings)
            taken.append(part.path)


def _check_path(part: Component, taken: list[str], findings: list[Finding]) -> None:
    wrong = [word for word in part.path.split(".") if keyword.iskeyword(word)]
    if len(part.path) > _LONGEST_PATH or not dialect.PATH.fullmatch(part.path) or wrong:
        hint = "letters, digits and _ only, no word of Python; parts joined by dots"
        findings.append(Finding(part.id, f"“{part.path[:40]}” cannot be a key", hint))
    elif dialect.RESERVED & set(part.path.split(".")) or any(
        word.startswith("_") for word in part.path.split(".")
    ):
        findings.append(Finding(part.id, f"the key “{part.path}” is reserved"))
    findings += [
        Finding(part.id, f"the key “{part.path}” is used twice ({other})")
        for other in taken
        if f"{part.path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{part.path}.")
    ]
