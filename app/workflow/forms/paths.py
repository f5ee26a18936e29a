"""Dotted paths into process data and answers: `delivery.lines.2.counted`."""

from collections.abc import Mapping
from typing import Any


def found(data: object, path: str) -> Any:
    """What lies at `path` in `data`, or None."""
    here = data
    for part in path.split("."):
        here = _step(here, part)
        if here is None:
            return None
    return here


def put(
    data: dict[str, Any], path: str, value: object, *, over: Mapping[str, Any] | None = None
) -> None:
    """Lay `value` at `path` of `data`, copying the objects on the way, or those of `over`."""
    *way, last = path.split(".")
    here, below = data, over
    for part in way:
        below = _object(below, part)
        inner = here.get(part, below)
        here[part] = here = dict(inner) if isinstance(inner, Mapping) else {}
    here[last] = value


def joined(*parts: str) -> str:
    """The path of `parts`, empty ones left out."""
    return ".".join(part for part in parts if part)


def _step(here: object, part: str) -> object:
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list) and part.isdecimal() and len(part) < 6:  # noqa: PLR2004 - an index
        return here[int(part)] if int(part) < len(here) else None
    return None


def _object(here: Mapping[str, Any] | None, part: str) -> Mapping[str, Any] | None:
    inner = here.get(part) if here else None
    return inner if isinstance(inner, Mapping) else None
