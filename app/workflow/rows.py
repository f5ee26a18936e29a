"""Open tasks as lists show them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from app.identity.people import Person
from app.kernel.db import db
from app.workflow import definitions, rights
from app.workflow.records import Task

_COLUMNS = (
    Task.id,
    Task.instance_id,
    Task.definition_id,
    Task.element_id,
    Task.role,
    Task.scope,
    Task.holder_id,
    Task.priority,
    Task.due_at,
    Task.opened_at,
    Task.business_key,
    Task.subject,
)
_BESIDE = (Task.excluded, Task.rank)


class Row(NamedTuple):
    """One open task as a list shows it: its columns, then what they say to the reader."""

    id: int
    instance_id: int
    definition_id: int
    element_id: str
    role: str
    scope: str
    holder_id: int | None
    priority: int
    due_at: datetime | None
    opened_at: datetime
    business_key: str | None
    subject: str | None
    holder: str | None
    excluded_me: bool

    def title(self, locale: str) -> str:
        """What there is to do, in the reader's language, from the definition it was frozen in."""
        return definitions.title(self.definition_id, self.element_id, locale)


def rows_of(query: Select[*tuple[Any, ...]], person: Person) -> list[Row]:
    """Tasks found in another way than by a view, as rows."""
    return rows(db.session.execute(query), person)


def rows(found: Iterable[Any], person: Person) -> list[Row]:
    """What was selected, with the names of the holders."""
    listed = list(found)
    names = rights.names_of(row.holder_id for row in listed if row.holder_id)
    return [_row(row, names, person) for row in listed]


def columns() -> Select[*tuple[Any, ...]]:
    """What a row is made of."""
    return select(*_COLUMNS, *_BESIDE)


def _row(found: Any, names: Mapping[int, str], person: Person) -> Row:
    holder = names.get(found.holder_id) if names else None
    excluded = rights.is_excluded(found.excluded, person.id)
    return Row._make((*found[: len(_COLUMNS)], holder, excluded))
