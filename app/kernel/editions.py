"""What rarely changes is read again only when its edition did; one statement asks for them all."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel import once
from app.kernel.db import connection

T = TypeVar("T")
_KEY = "editions"
_watched: dict[str, tuple[ColumnElement[Any], ...]] = {}
_statements: dict[int, Select[*tuple[Any, ...]]] = {}


def watch(key: str, *stamp: ColumnElement[Any]) -> None:
    """Let `key` change with these aggregates of its table; said once, where the table is."""
    _watched[key] = stamp


def raised(edition: InstrumentedAttribute[int]) -> tuple[ColumnElement[Any], ...]:
    """The stamp of a table whose rows count their own changes and are never deleted."""
    return func.count(edition), func.sum(edition)


def kept(key: str, load: Callable[[], T]) -> T:
    """The result of `load`, read anew when the table of `key` has changed.

    Who changes the table calls `once.forget(key)`, to see it in the same transaction.
    """
    return once.per_transaction(key, lambda: once.while_same(key, _stamps()[key], load))


def _stamps() -> Mapping[str, tuple[Any, ...]]:
    return once.per_transaction(_KEY, _read)


def _read() -> dict[str, tuple[Any, ...]]:
    values = iter(connection().execute(_statement()).one())
    return {key: tuple(next(values) for _ in stamp) for key, stamp in _watched.items()}


def _statement() -> Select[*tuple[Any, ...]]:
    number = len(_watched)
    if number not in _statements:
        parts = [part for stamp in _watched.values() for part in stamp]
        _statements[number] = select(
            *(select(part).scalar_subquery().label(f"part_{n}") for n, part in enumerate(parts))
        )
    return _statements[number]
