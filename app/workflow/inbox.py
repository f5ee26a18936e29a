"""The inbox: what a person can do now, as short merged ranges of one index each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import connection
from app.workflow import views
from app.workflow.claims import claim, claim_next, release
from app.workflow.opened import OpenTask, task
from app.workflow.reach import reach
from app.workflow.rows import Row, rows
from app.workflow.search import Found, search
from app.workflow.views import BREACHED, BY_DUE, DUE_TODAY, MINE, ROLES, VIEWS

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


COUNTED_TO = 1_000


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
    branches = [] if view == MINE else reach(person)
    if view != MINE and not branches:
        return Page([], None)
    query = views.page(views.Shape(view, views.scoped(branches), bool(after)))
    given = views.values(branches, holder_id=person.id, today_ends=today_ends)
    bounds = _bounds(view, after) if after else {}
    found = list(connection().execute(query, {**given, **bounds, "most": limit + 1}))
    shown = found[:limit]
    following = _cursor(shown[-1], view) if len(found) > limit else None
    return Page(rows(shown, person), following)


def counts(person: Person, *, today_ends: datetime | None = None) -> dict[str, int]:
    """How many tasks each view holds, counted to `COUNTED_TO`, in one statement."""
    branches = reach(person)
    query = views.counts(views.scoped(branches))
    given = views.values(branches, holder_id=person.id, today_ends=today_ends)
    counted = connection().execute(query, {**given, "most": COUNTED_TO})
    return {**dict.fromkeys(VIEWS, 0), **{row.view: row.number for row in counted}}


def _bounds(view: str, after: str) -> dict[str, object]:
    first, _, last = after.partition(".")
    value: object = int(first)
    if view in BY_DUE:
        value = datetime.fromtimestamp(0, clock.now().tzinfo) + timedelta(microseconds=int(first))
    return {"first": value, "last": int(last)}


def _cursor(row: Any, view: str) -> str:
    if view not in BY_DUE:
        return f"{row.rank}.{row.id}"
    since = row.due_at - datetime.fromtimestamp(0, row.due_at.tzinfo)
    return f"{since // timedelta(microseconds=1)}.{row.id}"
