"""What is read once and remembered: until the transaction ends, or until its stamp changes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from app.kernel.db import db

T = TypeVar("T")
_KEPT = "kept in this transaction"
_CHANGED = "changed in this transaction"
_stamped: WeakKeyDictionary[Engine, dict[Hashable, tuple[object, Any]]] = WeakKeyDictionary()


def per_transaction(key: Hashable, load: Callable[[], T]) -> T:
    """The result of `load`, which runs at most once in the open transaction."""
    kept = _kept()
    if key not in kept:
        value = load()  # opens the transaction when none is
        _kept()[key] = value
        return value
    found: T = kept[key]
    return found


def forget(key: Hashable) -> None:
    """Let the next `per_transaction(key, …)` load again, because this transaction changed it."""
    _kept().pop(key, None)
    _kept()[_CHANGED, key] = True


def while_same(key: Hashable, stamp: object, load: Callable[[], T]) -> T:
    """The result of `load`, kept by this process for as long as `stamp` stays the same.

    The stamp is read in the transaction that uses the result, so that every
    process sees a change with the commit that made it; what a transaction
    changed itself (and may yet undo) is not kept.
    """
    if (_CHANGED, key) in _kept():
        return load()
    memory = _stamped.setdefault(db.engine, {})
    kept = memory.get(key)
    if kept is None or kept[0] != stamp:
        kept = memory[key] = (stamp, load())
    found: T = kept[1]
    return found


def _kept() -> dict[Hashable, Any]:
    """The memory of the open transaction; that of an ended one is dropped."""
    session = db.session()
    transaction = session.get_transaction()
    owner, memory = session.info.get(_KEPT, (None, {}))
    if owner is not transaction or transaction is None:
        memory = {}
        session.info[_KEPT] = (transaction, memory)
    kept: dict[Hashable, Any] = memory
    return kept
