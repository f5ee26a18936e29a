"""The statements behind the inbox's views; each shape is built once, since building costs most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    literal,
    select,
    tuple_,
    union_all,
)

from app.identity.memberships import EVERYWHERE
from app.kernel import clock
from app.workflow.records import Task
from app.workflow.rows import columns

MINE, ROLES, DUE_TODAY, BREACHED = VIEWS = ("mine", "roles", "due_today", "breached")
BY_DUE = frozenset({DUE_TODAY, BREACHED})

Branches = Sequence[tuple[str, str]]
_ONE_DAY = timedelta(days=1)
_MOST: BindParameter[int] = bindparam("most", type_=Integer)


@dataclass(frozen=True)
class Shape:
    """What the text of a view's statement depends on: for each branch, whether it has a scope."""

    view: str
    scoped: tuple[bool, ...]
    goes_on: bool = False


def scoped(branches: Branches) -> tuple[bool, ...]:
    """For each (role, scope) pair whether it is bound to one place."""
    return tuple(scope != EVERYWHERE for _, scope in branches)


def values(branches: Branches, *, holder_id: int, today_ends: datetime | None) -> dict[str, object]:
    """What a statement of these branches is run with."""
    now = clock.now()
    found: dict[str, object] = {
        "holder": holder_id,
        _before(BREACHED): now,
        _before(DUE_TODAY): today_ends or now + _ONE_DAY,
    }
    for number, (role, scope) in enumerate(branches):
        found[f"role_{number}"] = role
        found[f"scope_{number}"] = scope
    return found


@lru_cache(maxsize=256)
def page(shape: Shape) -> Select[*tuple[Any, ...]]:
    """Each branch reads at most `most` rows of its index; the few that remain are merged."""
    order = (Task.due_at if shape.view in BY_DUE else Task.rank, Task.id)
    more = [_beyond(order)] if shape.goes_on else []
    parts = [
        columns().where(*branch, *more).order_by(*order).limit(_MOST)
        for branch in _branches(shape.view, shape.scoped)
    ]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    names = [merged.c[column.key] for column in order]
    return select(merged).order_by(*names).limit(_MOST)


@lru_cache(maxsize=256)
def counts(scoped: tuple[bool, ...]) -> CompoundSelect[*tuple[Any, ...]]:
    """How many tasks each view holds, counted to `most` over all its branches."""
    return union_all(
        *(
            select(literal(view).label("view"), _count(branches).label("number"))
            for view in VIEWS
            if (branches := _branches(view, scoped))
        )
    )


def _branches(view: str, scoped: tuple[bool, ...]) -> list[list[ColumnElement[bool]]]:
    if view == MINE:
        return [[Task.holder_id == bindparam("holder")]]
    due = [Task.due_at < bindparam(_before(view))] if view in BY_DUE else []
    return [_within(number, has_scope) + due for number, has_scope in enumerate(scoped)]


def _within(number: int, has_scope: bool) -> list[ColumnElement[bool]]:  # noqa: FBT001
    """The tasks of one (role, scope) pair: one range of one index."""
    role = [Task.role == bindparam(f"role_{number}")]
    return role + ([Task.scope == bindparam(f"scope_{number}")] if has_scope else [])


def _beyond(order: tuple[Any, Any]) -> ColumnElement[bool]:
    bound = (bindparam("first", type_=order[0].type), bindparam("last", type_=Task.id.type))
    return tuple_(*order) > tuple_(*bound)


def _before(view: str) -> str:
    return f"before_{view}"


def _count(branches: list[list[ColumnElement[bool]]]) -> Any:
    parts = [select(Task.id).where(*branch) for branch in branches]
    few = union_all(*parts).limit(_MOST).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
