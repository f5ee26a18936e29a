"""Which names of the case's data a form shows and which it answers, read from its JSON alone.

The checker looks at a thousand diagrams in a moment, so it does not load what shows forms.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# What a condition says, and which of its words are no names.
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*", re.ASCII)
_NO_NAMES = frozenset({"and", "or", "not", "true", "false", "null"})


@dataclass(frozen=True)
class FormNames:
    """Names of data, not whole paths: `receipt` of `receipt.lines`."""

    reads: frozenset[str]
    writes: frozenset[str]


def names_in_form(content: bytes) -> FormNames:
    """The names of the form in `content`; none of what is no form."""
    try:
        form = json.loads(content)
    except (ValueError, RecursionError):
        form = None
    parts = list(_parts(form, ""))
    reads = {head(path) for kind, path in parts if kind == "reads"}
    writes = {head(path) for kind, path in parts if kind == "writes"}
    return FormNames(frozenset(reads - {""}), frozenset(writes - {""}))


def head(path: str) -> str:
    """The name a path begins with."""
    return path.removeprefix("data.").partition(".")[0].strip()


def _parts(holder: object, prefix: str) -> Iterator[tuple[str, str]]:
    """Each path with what is done to it; rows of a list keep their own names."""
    components = holder.get("components") if isinstance(holder, Mapping) else None
    for part in components if isinstance(components, list) else ():
        if not isinstance(part, Mapping):
            continue
        if not prefix:
            yield from (("reads", path) for path in _looked_at(part))
        if part.get("type") == "group":
            yield from _parts(part, prefix or _text(part, "path"))
        else:
            yield from _part(part, prefix)


def _part(part: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    yield "reads", _text(part, "valuesKey")
    yield "reads", _text(part, "dataSource").removeprefix("=")
    if part.get("type") == "dynamiclist":
        yield "writes", prefix or _text(part, "path")
    elif _text(part, "key"):
        yield "reads" if _is_shown(part) else "writes", prefix or _text(part, "key")


def _looked_at(part: Mapping[str, Any]) -> list[str]:
    """The paths on which it depends whether the part is hidden."""
    conditional = part.get("conditional")
    hide = _text(conditional, "hide") if isinstance(conditional, Mapping) else ""
    return [path for path in _NAME.findall(_TEXT.sub("", hide)) if path not in _NO_NAMES]


def _is_shown(part: Mapping[str, Any]) -> bool:
    properties = part.get("properties")
    own = properties.get("readonly") if isinstance(properties, Mapping) else None
    return any(
        value in (True, "true") for value in (part.get("readonly"), part.get("disabled"), own)
    )


def _text(part: Mapping[str, Any], key: str) -> str:
    value = part.get(key)
    return value if isinstance(value, str) else ""
