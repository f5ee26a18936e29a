"""Lists page by page: where a page begins is a key of its first row, never a count."""

from collections.abc import Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def page(items: Sequence[Any], following: object) -> dict[str, Any]:
    """One page and where the next one begins."""
    return {"items": items, "next": following}


def cut(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The page itself of `limit` + 1 rows, and its last row when there are more."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None
