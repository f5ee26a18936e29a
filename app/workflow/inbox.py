"""The inbox: what a person can do now, as short merged ranges of one index each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_, union_all

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db
from app.workflow.claims import claim, claim_next, release
from app.workflow.opened import OpenTask, task
from app.workflow.reach import reach, within
from app.workflow.records import Task
from app.workflow.rows import Row, columns, rows
from app.workflow.search import Found, search

__all__ = [
    "BREACHED",
    "COUNTED_TO",
    "DUE_TODAY",
    "MINE",
    "ROLES",
    "VIEWS",
    "Found",
    "OpenTask",
    "Page",
    "Row",
    "claim",
    "claim_next",
    "counts",
    "page",
    "release",
    "search",
    "task",
]

MINE, ROLES, DUE_TODAY, BREACHED = VIEWS = ("mine", "roles", "due_today", "breached")
COUNTED_TO = 1_000
_BY_DUE = frozenset({DUE_TODAY, BREACHED})


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page begins; `after` is None at the end."""

    rows: list[Row]
    after: str | None


def page(
    person: Person,
    *,
    view: str = ROLES,
    after: str | None = None,
    limit: int = 50,
    today_ends: datetime | None = None,
) -> Page:
    """One page of a view; `today_ends` is the end of the reader's day."""
    branches = _branches(person, view=view, today_ends=today_ends)
    if not branches:
        return Page([], None)
    order = (Task.due_at if view in _BY_DUE else Task.rank, Task.id)
    beyond = _beyond(order, after) if after else None
    query = _merged(branches, order=order, beyond=beyond, limit=limit + 1)
    found = list(db.session.execute(query))
    shown = found[:limit]
    following = _cursor(shown[-1], view) if len(found) > limit else None
    return Page(rows(shown, person), following)


def counts(person: Person, *, today_ends: datetime | None = None) -> dict[str, int]:
    """How many tasks each view holds, counted to `COUNTED_TO`, in one statement."""
    parts = [
        select(literal(view).label("view"), _count(branch).label("count"))
        for view in VIEWS
        for branch in _branches(person, view=view, today_ends=today_ends)
    ]
    totals = dict.fromkeys(VIEWS, 0)
    for view, number in db.session.execute(union_all(*parts)):
        totals[view] = min(totals[view] + number, COUNTED_TO)
    return totals


def _branches(
    person: Person, *, view: str, today_ends: datetime | None
) -> list[list[ColumnElement[bool]]]:
    if view == MINE:
        return [[Task.holder_id == person.id]]
    extra: list[ColumnElement[bool]] = []
    if view in _BY_DUE:
        now = clock.now()
        extra = [Task.due_at < (now if view == BREACHED else today_ends or now + timedelta(days=1))]
    return [within(role, scope) + extra for role, scope in reach(person)]


def _merged(
    branches: list[list[ColumnElement[bool]]],
    *,
    order: tuple[Any, Any],
    beyond: ColumnElement[bool] | None,
    limit: int,
) -> Select[*tuple[Any, ...]]:
    """Each branch reads at most `limit` rows of its index; the few that remain are merged."""
    more = [] if beyond is None else [beyond]
    parts = [columns().where(*each, *more).order_by(*order).limit(limit) for each in branches]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    names = [merged.c[column.key] for column in order]
    return select(merged).order_by(*names).limit(limit)


def _beyond(order: tuple[Any, Any], after: str) -> ColumnElement[bool]:
    first, _, last = after.partition(".")
    value: object = int(first)
    if order[0] is Task.due_at:
        value = datetime.fromtimestamp(0, clock.now().tzinfo) + timedelta(microseconds=int(first))
    bound = tuple_(literal(value, order[0].type), literal(int(last), Task.id.type))
    return tuple_(*order) > bound


def _cursor(row: Any, view: str) -> str:
    if view not in _BY_DUE:
        return f"{row.rank}.{row.id}"
    since = row.due_at - datetime.fromtimestamp(0, row.due_at.tzinfo)
    return f"{since // timedelta(microseconds=1)}.{row.id}"


def _count(branch: list[ColumnElement[bool]]) -> Any:
    few = select(literal(1)).where(*branch).select_from(Task).limit(COUNTED_TO).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
