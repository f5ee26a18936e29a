"""The company that is measured: its people, its processes, and the standard case."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import completion, definitions, instances
from app.workflow.completion import Completion
from app.workflow.records import Task

ORDER, MANY, LOOP, WAITING = "bench_order", "bench_many", "bench_loop", "bench_waiting"
BRUNO, PASSWORD = "bruno", "counts every box twice"
STEPS = ("count_lines", "approve_count", "file_papers")
CREW, COLLEAGUES = 10, 100
PLACE = "site:MAIN"
_DIAGRAMS = Path(__file__).parent / "diagrams"
_numbers = count(1)


def found() -> None:
    """Bruno with the two roles of the standard case, his colleagues, and the four processes."""
    deploy()
    bruno = people.add(BRUNO, name="Bruno", password=PASSWORD)
    for role in ("warehouse_keeper", "buyer"):
        memberships.grant(bruno, role)
    for number in range(COLLEAGUES):
        password = PASSWORD if number < CREW else None
        one = people.add(f"crew{number}", name=f"Crew {number}", password=password)
        memberships.grant(one, "warehouse_keeper")


def deploy() -> None:
    """Publish the diagrams of this folder, each with the forms of its tasks."""
    forms = {
        ORDER: dict(zip(STEPS, (_lines_form(), _verdict_form(), _place_form()), strict=True)),
        LOOP: {"look_again": _verdict_form()},
        MANY: {"weigh_item": _place_form()},
    }
    for key in (ORDER, MANY, LOOP, WAITING):
        files = {f"{key}.bpmn": (_DIAGRAMS / f"{key}.bpmn").read_bytes()}
        for element, form in forms.get(key, {}).items():
            files[f"forms/{key}/{element}.json"] = form
        definitions.deploy(key, files, by=None)


def bruno() -> Person:
    """Bruno as a request knows him: read once, in no transaction's hands."""
    person = people.named(BRUNO)
    db.session.expunge(person)
    return person


def order(number: int) -> dict[str, Any]:
    """An order of twenty lines."""
    lines = [
        {"sku": f"{number % 97:02}-{line:02}", "name": f"Tea {line} 150 g", "quantity": 6 + line}
        for line in range(20)
    ]
    head = {"order_no": f"SO-{number:07}", "customer": "Borea Foods", "scope": PLACE}
    return {**head, "lines": lines}


def answers(element_id: str) -> dict[str, str]:
    """What a person types into the form of a step, as a browser posts it."""
    if element_id == "count_lines":
        return {f"lines.{line}.counted": str(6 + line) for line in range(20)}
    if element_id in {"approve_count", "look_again"}:
        return {"verdict": "agreed", "remark": "Checked against the paper."}
    return {"folder": "2026-A-17"}


def start(key: str = ORDER, data: Mapping[str, Any] | None = None) -> int:
    """Begin a case in a step of its own; its number."""
    given = order(next(_numbers)) if data is None else data
    return in_transaction(lambda: instances.start(key, given).id)


def complete(task_id: int, element_id: str, by: Person) -> Completion:
    """Complete a task as the pages do, without the pages."""
    given = answers(element_id)
    return in_transaction(lambda: completion.complete_task(task_id, given, by=by))


def task_of(case_id: int) -> tuple[int, str]:
    """The first open task of a case: its number and element."""
    return tasks_of(case_id)[0]


def tasks_of(case_id: int) -> list[tuple[int, str]]:
    """The open tasks of a case."""
    query = select(Task.id, Task.element_id).where(Task.instance_id == case_id).order_by(Task.id)
    found_ones = [(row.id, row.element_id) for row in db.session.execute(query)]
    db.session.rollback()
    return found_ones


def _lines_form() -> bytes:
    columns = [
        _field("textfield", "sku", "SKU", readonly=True),
        _field("textfield", "name", "Name", readonly=True),
        _field("number", "counted", "Counted", validate={"required": True, "min": 0}),
    ]
    table = {"type": "dynamiclist", "path": "lines", "id": "lines", "label": "Lines"}
    return _form({**table, "components": columns})


def _verdict_form() -> bytes:
    values = [{"value": each, "label": each.title()} for each in ("agreed", "rejected", "enough")]
    verdict = _field("select", "verdict", "Verdict", values=values, validate={"required": True})
    return _form(verdict, _field("textarea", "remark", "Remark", validate={"maxLength": 500}))


def _place_form() -> bytes:
    return _form(_field("textfield", "folder", "Folder", validate={"required": True}))


def _field(kind: str, key: str, label: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "key": key, "id": f"{key}_field", "label": label, **more}


def _form(*components: dict[str, Any]) -> bytes:
    return json.dumps({"type": "default", "id": "form", "components": components}).encode()
