"""A case as a test plays it: deployed, started, completed by people, looked at."""

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.workflow import completion, definitions, history, instances, messages, timers
from app.workflow.completion import Completion
from app.workflow.records import Incident, MessageWait, ProcessInstance, Task, TimerDue

_keys = count()


def form(*fields: str) -> bytes:
    """A form with these text fields."""
    components = [{"id": name, "key": name, "label": name, "type": "textfield"} for name in fields]
    return json.dumps({"id": "form", "type": "default", "components": components}).encode()


def deploy(
    diagram: bytes, key: str, forms: Mapping[str, str] | None = None, **files: bytes
) -> None:
    """Publish a diagram; `forms` gives each task its fields: {"count": "counted damaged"}."""
    all_files = {
        f"{key}.bpmn": diagram,
        **{name.replace("__", "."): f for name, f in files.items()},
    }
    for element, fields in (forms or {}).items():
        all_files[f"forms/{key}/{element}.json"] = form(*fields.split())
    in_transaction(lambda: definitions.deploy(key, all_files, by=None))


def tell(
    name: str, correlation: str, payload: Mapping[str, Any] | None = None, *, key: str = ""
) -> bool:
    """Send a message; with a `key` of its own unless one is given."""
    key = key or f"test:{next(_keys)}"
    return in_transaction(lambda: messages.send(name, correlation, payload or {}, key=key))


class Case:
    """One case."""

    def __init__(self, instance_id: int) -> None:
        self.id = instance_id

    @classmethod
    def start(
        cls, key: str, data: Mapping[str, Any] | None = None, *, by: int | None = None
    ) -> "Case":
        return cls(in_transaction(lambda: instances.start(key, data or {}, by=by).id))

    def complete(self, element_id: str, *, by: Person, **answers: object) -> Completion:
        """Complete the open task (the first, where there are several)."""
        task_id = self.task(element_id)
        return in_transaction(lambda: completion.complete_task(task_id, answers, by=by))

    def tell(self, name: str, correlation: str, payload: Mapping[str, Any] | None = None) -> bool:
        """Send a message, as another case would."""
        return tell(name, correlation, payload)

    def pass_time(self) -> None:
        """Let the next timer of this case come due."""
        with clock.turned_to(min(self.timers) + timedelta(seconds=1)):
            timers.fire_due()

    def task(self, element_id: str) -> int:
        return self.tasks(element_id)[0]

    def tasks(self, element_id: str) -> list[int]:
        query = select(Task.id).where(Task.instance_id == self.id, Task.element_id == element_id)
        return self._read(query.order_by(Task.id))

    @property
    def open(self) -> list[str]:
        """Open tasks, by element."""
        query = select(Task.element_id).where(Task.instance_id == self.id)
        return sorted(self._read(query))

    @property
    def timers(self) -> list[Any]:
        return self._read(select(TimerDue.due_at).where(TimerDue.instance_id == self.id))

    @property
    def waits(self) -> list[str]:
        return self._read(select(MessageWait.name).where(MessageWait.instance_id == self.id))

    @property
    def incidents(self) -> list[Incident]:
        """Open incidents."""
        own = (Incident.instance_id == self.id, Incident.resolved_at.is_(None))
        return self._read(select(Incident).where(*own).order_by(Incident.id))

    @property
    def status(self) -> str:
        found: list[str] = self._read(
            select(ProcessInstance.status).where(ProcessInstance.id == self.id)
        )
        return found[0]

    @property
    def data(self) -> dict[str, Any]:
        db.session.rollback()
        return instances.data(self.id)

    @property
    def story(self) -> list[tuple[str, str | None]]:
        db.session.rollback()
        return [(moment.kind, moment.element_id) for moment in history.of(self.id)]

    def _read(self, query: Any) -> list[Any]:
        db.session.rollback()
        return list(db.session.scalars(query))
