"""Lists page by page: where a page begins is a key of its first row, never a count."""

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from app.web.addresses import row_number
from app.web.api.problem import NotUnderstood

T = TypeVar("T")
_TASK_CURSOR = re.compile(r"-?\d{1,16}\.\d{1,16}", re.ASCII)


def page(items: Sequence[Any], following: str | None) -> dict[str, Any]:
    """One page and where the next one begins."""
    return {"items": items, "next": following}


def cut(found: Sequence[T], limit: int) -> tuple[Sequence[T], T | None]:
    """The page itself of `limit` + 1 rows, and its last row when there are more."""
    shown = found[:limit]
    return shown, shown[-1] if len(found) > limit else None


def row_after(text: str | None) -> int | None:
    """The row a page goes on from.

    Raises:
        NotUnderstood: no page ever said so.
    """
    try:
        return None if text is None else row_number(text)
    except ValueError:
        raise _unknown() from None


def task_after(text: str | None) -> str | None:
    """The place in the inbox a page goes on from."""
    if text is not None and not _TASK_CURSOR.fullmatch(text):
        raise _unknown()
    return text


def _unknown() -> NotUnderstood:
    return NotUnderstood([{"where": "after", "sentence": "Take the `next` of the page before."}])
