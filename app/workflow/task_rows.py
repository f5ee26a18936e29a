"""Inbox rows of a case: opened when the engine waits for a person, gone when it no longer does."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.sql import func

from app.kernel.db import db
from app.kernel.writes import Writes
from app.workflow import facts, history, rights
from app.workflow.facts import CaseFacts
from app.workflow.host import CaseHost
from app.workflow.records import HistoryRow, Task
from app.workflow.spiff.calls import ReadyTask
from app.workflow.steps import COMPLETED, GIVEN_BACK, Step

_ADD = insert(Task).inline()
_DROP = delete(Task).where(Task.id == bindparam("gone"))
_DATA = "data."
_NO_DUE = 99_999_999_999
_USUAL_PRIORITY, _HIGHEST_PRIORITY = 50, 100


def sync(
    step: Step, ready: Iterable[ReadyTask], found: CaseFacts, writes: Writes
) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """Open and close rows; the new rows, and (id, element) of those that went without an answer."""
    now = {each.token: each for each in ready}
    known = step.before.tasks
    gone = [row_id for token, row_id in known.items() if token not in now]
    withdrawn = _elements([row_id for row_id in gone if row_id != step.trigger.task_id])
    new = [_row(step, each, found) for token, each in now.items() if token not in known]
    if gone:
        writes.note(_DROP, [{"gone": row_id} for row_id in gone])
    if new:
        writes.note(_ADD, new)
    _exclude(step, writes)
    return new, withdrawn


def rank_of(priority: int, due_at: datetime | None) -> int:
    """The order of the inbox as one number: urgent first, then due first."""
    seconds = _NO_DUE if due_at is None else int(due_at.astimezone(UTC).timestamp())
    return (_HIGHEST_PRIORITY - priority) * (_NO_DUE + 1) + seconds


def _elements(task_ids: list[int]) -> list[tuple[int, str]]:
    if not task_ids:
        return []
    query = select(Task.id, Task.element_id).where(Task.id.in_(task_ids))
    return [(row.id, row.element_id) for row in db.session.execute(query)]


def _row(step: Step, ready: ReadyTask, found: CaseFacts) -> dict[str, Any]:
    properties = ready.element.properties
    scope = (
        facts.place_at(ready.data, properties["scope"]) if "scope" in properties else found.scope
    )
    due = properties.get("due", "")
    if due.startswith(_DATA):
        due = facts.text_at(ready.data, due.removeprefix(_DATA))
    due_at = CaseHost(step).due_at(due, scope) if due else None
    priority = int(properties.get("priority") or _USUAL_PRIORITY)
    return {
        "instance_id": step.case.id,
        "definition_id": step.case.definition_id,
        "token": ready.token,
        "element_id": ready.element.id,
        "role": ready.element.lane or "",
        "scope": scope,
        "holder_id": None,
        "excluded": _excluded(step, ready),
        "priority": priority,
        "rank": rank_of(priority, due_at),
        "due_at": due_at,
        "opened_at": step.at,
        "claimed_at": None,
        "business_key": facts.number(properties, ready.data) or found.business_key,
        "subject": facts.subject(properties, ready.data) or found.subject,
    }


def _excluded(step: Step, ready: ReadyTask) -> str | None:
    """Those who did a step that this one excludes, or whom the case's data names."""
    names = ready.element.properties.get("not_by", "").split()
    if not names:
        return None
    paths = [name.removeprefix(_DATA) for name in names if name.startswith(_DATA)]
    earlier = [name for name in names if not name.startswith(_DATA)]
    people = rights.ids_of(text for path in paths for text in facts.texts_at(ready.data, path))
    return rights.excluded_text([*people, *_who_did(step, earlier)])


def _who_did(step: Step, element_ids: list[str]) -> list[int]:
    if not element_ids:
        return []
    query = select(HistoryRow.person_id).where(
        HistoryRow.instance_id == step.case.id,
        HistoryRow.kind == COMPLETED,
        HistoryRow.element_id.in_(element_ids),
        history.STANDS,
    )
    if step.trigger.kind == GIVEN_BACK:
        query = query.where(HistoryRow.task_id != step.trigger.task_id)
    people = [each for each in db.session.scalars(query) if each is not None]
    trigger = step.trigger
    if trigger.kind == COMPLETED and trigger.element_id in element_ids and trigger.person_id:
        people.append(trigger.person_id)
    return people


def _exclude(step: Step, writes: Writes) -> None:
    """Whoever did this step may not do those open tasks that exclude its doer."""
    trigger = step.trigger
    later = step.case.blueprint.excluded_from.get(trigger.element_id or "")
    if trigger.kind != COMPLETED or not later:
        return
    others = update(Task).where(Task.instance_id == step.case.id, Task.element_id.in_(later))
    person = trigger.person_id
    so_far = func.coalesce(Task.excluded, " ")
    writes.note(others.values(excluded=so_far.concat(f"{person} ")), {})
    held = others.where(Task.holder_id == person)
    writes.note(held.values(holder_id=None, claimed_at=None), {})
