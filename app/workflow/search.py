"""Finding cases and tasks by business number, or tasks by what they are called."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from app.identity import memberships
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.kernel.db import db
from app.workflow import definitions, rights, rows
from app.workflow.reach import reach, within
from app.workflow.records import CaseNumber, Definition, ProcessInstance, Task

_MOST = 50
_LOOKED_AT = 500
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class CaseHit:
    """A case that carries the number."""

    id: int
    key: str
    titles: dict[str, str]
    business_key: str | None
    subject: str | None
    status: str


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    tasks: list[rows.Row]
    cases: list[CaseHit]


def search(text: str, by: Person, *, locale: str = "en") -> Found:
    """Cases whose number begins with `text`, their open tasks, and tasks called like it.

    Only what the person may see.
    """
    wanted = text.strip()
    if not wanted:
        return Found([], [])
    cases = _cases(wanted.upper(), by)
    tasks = _tasks_of([hit.id for hit in cases], by)
    known = {row.id for row in tasks}
    named = [row for row in _tasks_called(wanted, by, locale) if row.id not in known]
    return Found((tasks + named)[:_MOST], cases)


def may_see_case(person: Person, instance_id: int) -> bool:
    """Whether the person may read the case.

    Who works for the whole company reads every case; who works at one place, those of its
    processes in which their role has a lane.
    """
    query = select(ProcessInstance.definition_id, ProcessInstance.scope)
    row = db.session.execute(query.where(ProcessInstance.id == instance_id)).first()
    return row is not None and _sees(row.definition_id, row.scope, memberships.of(person.id))


def _cases(number: str, by: Person) -> list[CaseHit]:
    numbers = select(CaseNumber.instance_id).where(
        CaseNumber.number >= number, CaseNumber.number < number + _LAST
    )
    query = (
        select(
            ProcessInstance.id,
            Definition.key,
            Definition.titles,
            ProcessInstance.business_key,
            ProcessInstance.subject,
            ProcessInstance.status,
            ProcessInstance.definition_id,
            ProcessInstance.scope,
        )
        .join(Definition, Definition.id == ProcessInstance.definition_id)
        .where(ProcessInstance.id.in_(numbers.limit(_LOOKED_AT)))
        .order_by(ProcessInstance.id.desc())
    )
    held = memberships.of(by.id)
    seen = [row for row in db.session.execute(query) if _sees(row.definition_id, row.scope, held)]
    return [CaseHit(*row[:6]) for row in seen[:_MOST]]


def _sees(definition_id: int, scope: str, held: frozenset[tuple[str, str]]) -> bool:
    if rights.oversees(held, scope) or any(where == EVERYWHERE for _, where in held):
        return True
    roles = {lane.role for lane in definitions.blueprint(definition_id).lanes}
    return any(role in roles and memberships.covers(where, scope) for role, where in held)


def _tasks_of(instance_ids: list[int], by: Person) -> list[rows.Row]:
    if not instance_ids:
        return []
    query = rows.columns().where(Task.instance_id.in_(instance_ids)).order_by(Task.rank, Task.id)
    held = memberships.of(by.id)
    return [row for row in rows.rows_of(query, by) if rights.holds(held, row.role, row.scope)]


def _tasks_called(text: str, by: Person, locale: str) -> list[rows.Row]:
    """Tasks whose name holds `text`; of each role the most urgent ones are looked at."""
    called = [
        and_(Task.definition_id == definition.id, Task.element_id.in_(elements))
        for definition in definitions.all_live()
        if (elements := _elements_called(definition.id, text.casefold(), locale))
    ]
    if not called:
        return []
    return [
        row
        for role, scope in reach(by)
        for row in rows.rows_of(_urgent(role, scope).where(or_(*called)), by)
    ]


def _urgent(role: str, scope: str) -> Select[*tuple[Any, ...]]:
    where = within(role, scope if scope != EVERYWHERE else EVERYWHERE)
    first = select(Task.id).where(*where).order_by(Task.rank, Task.id).limit(_LOOKED_AT).subquery()
    return rows.columns().where(Task.id.in_(select(first.c.id))).limit(_MOST)


def _elements_called(definition_id: int, text: str, locale: str) -> list[str]:
    blueprint = definitions.blueprint(definition_id)
    return [
        element.id
        for element in blueprint.elements.values()
        if text in element.name.casefold() or text in element.titles.get(locale, "").casefold()
    ]
