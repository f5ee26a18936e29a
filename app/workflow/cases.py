"""One case as a step holds it: its row locked, its definition at hand, its state unpacked."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.engine import Row

from app.kernel.db import connection
from app.workflow import blueprints
from app.workflow.blueprints import Blueprint
from app.workflow.records import OPEN, Definition, ProcessInstance, Task

_INSTANCE = (
    ProcessInstance.id,
    ProcessInstance.definition_id,
    ProcessInstance.status,
    ProcessInstance.edition,
    ProcessInstance.state,
    ProcessInstance.scope,
    ProcessInstance.numbers,
    Definition.key,
    Definition.digest,
)


@dataclass(frozen=True)
class Case:
    """What a step needs to know of the case it advances."""

    id: int
    definition_id: int
    status: str
    edition: int
    state: bytes | None
    scope: str
    numbers: str | None
    key: str
    digest: str

    @property
    def blueprint(self) -> Blueprint:
        return blueprints.of(self.definition_id, self.key, self.digest)

    @property
    def is_open(self) -> bool:
        return self.status == OPEN


def _query() -> Select[*tuple[Any, ...]]:
    return select(*_INSTANCE).join(Definition, Definition.id == ProcessInstance.definition_id)


_BY_ID = _query().where(ProcessInstance.id == bindparam("wanted"))
_TASK_CASE = select(Task.instance_id).where(Task.id == bindparam("wanted")).scalar_subquery()
_LOCK = _BY_ID.with_for_update(of=ProcessInstance)
_LOCK_OF_TASK = _query().where(ProcessInstance.id == _TASK_CASE).with_for_update(of=ProcessInstance)


def lock(instance_id: int) -> Case | None:
    """The case, locked until the step ends and read after the lock."""
    return _case(connection().execute(_LOCK, {"wanted": instance_id}).first())


def lock_of_task(task_id: int) -> Case | None:
    """The case an open task belongs to, locked; None when the task is over."""
    return _case(connection().execute(_LOCK_OF_TASK, {"wanted": task_id}).first())


def lock_with_task(*columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """A statement that locks the case of the task `wanted`, then the task; `of_row` reads it.

    Who waited for a lock is shown both rows as they are then, and none when the task is over.
    """
    tasks = select(*_INSTANCE, *columns).join(Task, Task.instance_id == ProcessInstance.id)
    found = tasks.join(Definition, Definition.id == ProcessInstance.definition_id)
    return found.where(Task.id == bindparam("wanted")).with_for_update(of=[ProcessInstance, Task])


def of_row(row: Row[*tuple[Any, ...]]) -> Case:
    """The case of what `lock_with_task` found."""
    return Case(*row[: len(_INSTANCE)])


def read(instance_id: int) -> Case | None:
    """The case as it stands, for reading only."""
    return _case(connection().execute(_BY_ID, {"wanted": instance_id}).first())


def _case(row: Row[*tuple[Any, ...]] | None) -> Case | None:
    return Case(*row) if row else None
