"""Cases: where they stand and what happened in them, as far as the key's person may see."""

from typing import Any

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.errors import N_
from app.web.api import case_shapes as shapes
from app.web.api import paging
from app.web.api.room import Room
from app.web.cases import blind, drawn, naming, standing, story, visible, waiting
from app.web.cases.standing import Standing
from app.web.session import current_person
from app.web.words import name_of
from app.workflow import history, instances
from app.workflow.history import PASSED
from app.workflow.records import OPEN, CaseNumber, Definition, Incident, ProcessInstance, Task
from app.workflow.spiff.sandbox import contract

room = Room("cases", N_("Running and ended cases."), house_room="cases")


@room.get("", answer=shapes.CasePage, query=shapes.CasesAsked)
def list_cases(asked: dict[str, Any]) -> dict[str, Any]:
    """List cases, the newest first."""
    before = asked.get("after")
    query = select(ProcessInstance, Definition.key).join(
        Definition, Definition.id == ProcessInstance.definition_id
    )
    query = query.where(visible.within_reach()).order_by(ProcessInstance.id.desc())
    if "number" in asked:
        same = select(CaseNumber.instance_id).where(CaseNumber.number == asked["number"].upper())
        query = query.where(ProcessInstance.id.in_(same))
    else:
        is_open = ProcessInstance.status == OPEN
        query = query.where(is_open if asked["state"] == OPEN else ~is_open)
    if "process" in asked:
        query = query.where(Definition.key == asked["process"])
    if before is not None:
        query = query.where(ProcessInstance.id < before)
    rows = list(db.session.execute(query.limit(asked["limit"] + 1)))
    found, last = paging.cut(rows, asked["limit"])
    following = last[0].id if last else None
    return paging.page([_line(case, key) for case, key in found], following)


@room.get("/<int:case_id>", answer=shapes.Case)
def show_case(case_id: int) -> dict[str, Any]:
    """Show one case and what it waits for."""
    return shown(visible.case(case_id))


@room.get("/<int:case_id>/history", answer=shapes.History)
def show_history(case_id: int) -> dict[str, Any]:
    """Tell everything that happened in a case."""
    case = visible.case(case_id)
    stands, secret = standing.of(case), blind.hides(case)
    told = [one for one in history.of(case.id) if one.kind != PASSED or one.effect is not None]
    return {
        "hidden_while_counting": secret,
        "items": [_moment(stands, one, secret=secret) for one in told],
    }


@room.post("/<int:case_id>/cancellation", answer=shapes.Case, body=shapes.Cancellation)
def cancel_case(asked: dict[str, Any], case_id: int) -> dict[str, Any]:
    """End a case: its tasks, timers and waits go; what was booked stays booked."""
    visible.case(case_id)
    instances.cancel(case_id, asked["reason"], current_person().id)
    return shown(visible.case(case_id))


def shown(case: ProcessInstance) -> dict[str, Any]:
    """One case as a program reads it."""
    stands = standing.of(case)
    key = db.session.get_one(Definition, case.definition_id).key
    return {
        **_line(case, key),
        "sentence": story.sentence(stands),
        "tasks": [_open_step(one) for one in stands.tasks],
        "waits": [
            {"step": one.element_id, "title": _title(stands, one.element_id), "due_at": one.due_at}
            for one in stands.waits
        ],
        "incidents": [_stop(stands, one) for one in stands.incidents],
    }


def _line(case: ProcessInstance, key: str) -> dict[str, Any]:
    return {
        "id": case.id,
        "process": key,
        "number": case.business_key,
        "subject": case.subject,
        "scope": case.scope,
        "state": case.status,
        "started_at": case.started_at,
        "ended_at": case.ended_at,
    }


def _open_step(task: Task) -> dict[str, Any]:
    return {
        "id": task.id if waiting.is_mine(task) else None,
        "step": task.element_id,
        "title": naming.element_title(task.definition_id, task.element_id),
        "role": task.role,
        "holder": name_of(task.holder_id) or None,
        "due_at": task.due_at,
    }


def _stop(stands: Standing, incident: Incident) -> dict[str, Any]:
    return {
        "incident_id": incident.id,
        "step": incident.element_id,
        "title": naming.element_title(stands.case.definition_id, incident.element_id),
    }


def _title(stands: Standing, element_id: str | None) -> str:
    element = drawn.element(stands.blueprint, element_id)
    return drawn.title(element) if element else element_id or ""


def _moment(stands: Standing, moment: history.Moment, *, secret: bool) -> dict[str, Any]:
    detail = moment.detail
    answers = detail.get("answers") or detail.get("data")
    return {
        "at": moment.at,
        "kind": moment.kind,
        "step": moment.element_id,
        "title": _title(stands, moment.element_id),
        "person": moment.person,
        "answers": None if secret else contract.plain(answers),
        "effect": None if secret else _effect(moment.effect),
    }


def _effect(effect: history.EffectRecord | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "name": effect.name,
        "key": effect.key,
        "arguments": contract.plain(effect.arguments),
        "result": contract.plain(effect.result),
    }
