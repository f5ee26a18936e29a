"""Views of the inbox that people name and keep: by role, process, due time and words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Json, Model, RowId, connection, db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import rows
from app.workflow.reach import reach, within
from app.workflow.records import Definition, Task

LATE, TODAY, LATER = DUE = ("late", "today", "later")
MOST = 12
LONGEST_NAME = 60
_LONGEST_TEXT = 100


class SavedView(Model):
    """One named view of one person; it follows them to every browser."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("person_id", "name"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    filters: Mapped[dict[str, str]] = mapped_column(Json)


@dataclass(frozen=True)
class KeptView:
    """A saved view as the list of views shows it."""

    id: int
    name: str
    filters: Mapping[str, str]


_KEPT = (
    select(SavedView.id, SavedView.name, SavedView.filters)
    .where(SavedView.person_id == bindparam("person"))
    .order_by(SavedView.name)
)


@dataclass(frozen=True)
class Filters:
    """Which of the person's tasks; an empty filter lets everything through."""

    role: str = ""
    process: str = ""
    due: str = ""
    text: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """The filters among `given`; what means nothing is left out."""
        due = given.get("due", "")
        return cls(
            role=given.get("role", "")[:60],
            process=given.get("process", "")[:100],
            due=due if due in DUE else "",
            text=given.get("text", "").strip()[:_LONGEST_TEXT],
        )

    @property
    def is_any(self) -> bool:
        return any(asdict(self).values())


class BadViewName(Refusal):
    """A view is called by a name."""

    code = "bad_view_name"
    message = N_("Give the view a name of 1 to {longest} characters, and at least one filter.")
    status = 422


class TooManyViews(Refusal):
    """More views than one glance takes in."""

    code = "too_many_views"
    message = N_("You have {most} views. Remove one before you keep another.")


def keep(name: str, filters: Filters, *, by: Person) -> int:
    """Keep a view under a name; the same name again replaces it. Returns its id."""
    called = name.strip()
    if not 0 < len(called) <= LONGEST_NAME or not filters.is_any:
        raise BadViewName(longest=LONGEST_NAME)
    found = db.session.scalar(select(SavedView).filter_by(person_id=by.id, name=called))
    if found is None:
        if len(of(by)) >= MOST:
            raise TooManyViews(most=MOST)
        found = SavedView(person_id=by.id, name=called)
        db.session.add(found)
    found.filters = asdict(filters)
    db.session.flush()
    return found.id


def of(person: Person) -> list[KeptView]:
    """The person's views, by name."""
    return [KeptView(*row) for row in connection().execute(_KEPT, {"person": person.id})]


def mine(view_id: int, person: Person) -> SavedView:
    """One of the person's views.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = db.session.get(SavedView, view_id)
    if found is None or found.person_id != person.id:
        raise NotFound
    return found


def remove(view_id: int, *, by: Person) -> None:
    """Forget a view."""
    db.session.delete(mine(view_id, by))


def tasks(
    filters: Filters, person: Person, *, today_ends: datetime, skip: int = 0, limit: int = 50
) -> list[rows.Row]:
    """The most urgent of the person's tasks that the filters let through."""
    wanted = _narrowed(rows.columns(), filters, person, today_ends)
    ordered = wanted.order_by(Task.rank, Task.id).offset(skip).limit(limit)
    return rows.rows_of(ordered, person)


def count(filters: Filters, person: Person, *, today_ends: datetime, most: int) -> int:
    """How many there are, counted to `most`."""
    some = _narrowed(select(Task.id), filters, person, today_ends).limit(most).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _narrowed(
    query: Select[Any], filters: Filters, person: Person, today_ends: datetime
) -> Select[Any]:
    pairs = [pair for pair in reach(person) if filters.role in {"", pair[0]}]
    mine = [_both(within(role, scope)) for role, scope in pairs]
    query = query.where(or_(*mine) if mine else Task.id < 0)
    if filters.process:
        versions = select(Definition.id).where(Definition.key == filters.process)
        query = query.where(Task.definition_id.in_(versions))
    if filters.due:
        query = query.where(_due(filters.due, today_ends))
    if filters.text:
        query = query.where(_says(filters.text))
    return query


def _both(parts: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    first, *rest = parts
    for one in rest:
        first = first & one
    return first


def _due(when: str, today_ends: datetime) -> ColumnElement[bool]:
    now = clock.now()
    return {
        LATE: Task.due_at < now,
        TODAY: (Task.due_at >= now) & (Task.due_at < today_ends),
        LATER: or_(Task.due_at >= today_ends, Task.due_at.is_(None)),
    }[when]


def _says(text: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = or_(
        Task.business_key.icontains(text, autoescape=True),
        Task.subject.icontains(text, autoescape=True),
    )
    return found
