"""The facts to decide on, as rows or pairs with words for their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.web.fact_words import named
from app.web.reading import readable

_QUIET = frozenset({"scope", "site", "ordered_by", "effect_key", "id"})


@dataclass(frozen=True)
class Facts:
    """Pairs, or a small table."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    numeric: frozenset[str] = frozenset()
    rows: list[dict[str, str]] = field(default_factory=list)


def of(found: object) -> Facts | None:
    """What the diagram names as facts, if there is anything."""
    if isinstance(found, Mapping) and found:
        return _pairs(found)
    if isinstance(found, Sequence) and not isinstance(found, str) and found:
        return _table([one for one in found if isinstance(one, Mapping)])
    return None


def pairs(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Plain values with words for their names; nested ones are left to their own pages."""
    return [
        (named(key), readable(value))
        for key, value in data.items()
        if key not in _QUIET and _is_plain(value)
    ]


def _pairs(found: Mapping[str, Any]) -> Facts:
    lists = [value for value in found.values() if isinstance(value, list) and value]
    table = _table([one for one in lists[0] if isinstance(one, Mapping)]) if lists else Facts()
    return Facts(pairs(found), table.columns, table.numeric, table.rows)


def _table(rows: Sequence[Mapping[str, Any]]) -> Facts:
    keys = [key for key in dict.fromkeys(key for row in rows for key in row) if key not in _QUIET]
    keys = [key for key in keys if any(_is_plain(row.get(key)) for row in rows)]
    columns = {key: named(key) for key in keys}
    return Facts(
        columns=list(columns.values()),
        numeric=frozenset(
            columns[key] for key in keys if all(_is_number(row.get(key)) for row in rows)
        ),
        rows=[{columns[key]: readable(row.get(key)) for key in keys} for row in rows],
    )


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    return not isinstance(value, Mapping) and value not in (None, "")


def _is_number(value: object) -> bool:
    text = str(value).strip()
    return bool(text) and text.lstrip("-").replace(".", "", 1).isdigit()
