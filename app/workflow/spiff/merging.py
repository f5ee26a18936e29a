"""Merges the data of parallel branches: what each branch changed since they parted."""

from collections.abc import Mapping
from typing import Any

from app.workflow.spiff.sameness import same

_ABSENT = object()


def merged(base: Mapping[str, Any], *branches: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with the changes of every branch; of two changes to one value the later branch wins.

    A branch that merely carries an old value along never undoes what another one changed.
    (SpiffWorkflow 3.2.0 lets the last branch win, also with values it did not touch, and drops
    doubles from lists.) Nothing given is changed; values are shared, not copied.
    """
    result = dict(base)
    for branch in branches:
        _apply(result, base, branch)
    return result


def _apply(result: dict[str, Any], base: Mapping[str, Any], branch: Mapping[str, Any]) -> None:
    for key, theirs in branch.items():
        old = base.get(key, _ABSENT)
        if theirs is old or (old is not _ABSENT and same(theirs, old)):
            continue
        result[key] = _both(old, result.get(key, _ABSENT), theirs)
    for key in base.keys() - branch.keys():
        if key in result and same(result[key], base[key]):
            del result[key]


def _both(old: Any, ours: Any, theirs: Any) -> Any:
    if ours is old or ours is _ABSENT or (old is not _ABSENT and same(ours, old)):
        return theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return merged(old if isinstance(old, dict) else {}, ours, theirs)
    if isinstance(ours, list) and isinstance(theirs, list) and isinstance(old, list):
        return _lists(old, ours, theirs)
    return theirs


def _lists(old: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
    if len(ours) == len(theirs) == len(old):
        return [
            _both(o, a, b) if not same(o, b) else a
            for o, a, b in zip(old, ours, theirs, strict=True)
        ]
    kept = len(old)
    if same(ours[:kept], old) and same(theirs[:kept], old):
        return ours + theirs[kept:]
    return theirs
