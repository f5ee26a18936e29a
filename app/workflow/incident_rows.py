"""Incidents as a step leaves them: opened, counted again, or over."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from app.kernel import clock
from app.kernel.db import db
from app.kernel.faults import fault_of
from app.kernel.outbox import ATTEMPTS, backoff
from app.workflow.records import Incident
from app.workflow.steps import Failure, Step


def sync(step: Step, *, is_over: bool) -> list[int]:
    """Open incidents for what failed, close the one that was tried again; ids of the open ones."""
    known = step.before.incidents
    failing = {each.element_id for each in step.failures}
    done = set(known) if is_over else {step.trigger.retried or ""} - failing
    resolve([row_id for element, row_id in known.items() if element in done], step)
    return [_record(step, each, known.get(each.element_id)) for each in step.failures]


def resolve(incident_ids: list[int], step: Step) -> None:
    """These are over."""
    if incident_ids:
        over = {"resolved_at": step.at, "resolved_by": step.trigger.person_id, "try_at": None}
        db.session.execute(update(Incident).where(Incident.id.in_(incident_ids)).values(over))


def next_try(failures: int, at: datetime) -> datetime | None:
    """When it is tried again by itself; never after the fifth failure."""
    return at + backoff(failures) if failures < ATTEMPTS else None


def open_one(values: dict[str, Any], error: Exception, at: datetime) -> int:
    """A new incident; its id."""
    fault = fault_of(error)
    row = {
        "sentence": fault.sentence,
        "refusal": fault.refusal,
        "trace": fault.trace,
        "failures": 1,
        "opened_at": at,
        "try_at": next_try(1, at),
        **values,
    }
    found: int = db.session.execute(
        insert(Incident).values(row).returning(Incident.id)
    ).scalar_one()
    return found


def count_again(incident_id: int, error: Exception, **more: str) -> None:
    """It failed once more; `more` are other facts of the row that changed."""
    own = (Incident.id == incident_id, Incident.resolved_at.is_(None))
    so_far = db.session.scalar(select(Incident.failures).where(*own))
    if so_far is None:
        return
    fault = fault_of(error)
    values = {
        "failures": so_far + 1,
        "try_at": next_try(so_far + 1, clock.now()),
        "sentence": fault.sentence,
        "refusal": fault.refusal,
        "trace": fault.trace,
        **more,
    }
    db.session.execute(update(Incident).where(*own).values(values))


def _record(step: Step, failure: Failure, incident_id: int | None) -> int:
    if incident_id is None:
        where = {"instance_id": step.case.id, "element_id": failure.element_id}
        more = {"kind": failure.kind, "effect_key": failure.effect_key}
        return open_one({**where, **more}, failure.error, step.at)
    count_again(incident_id, failure.error, kind=failure.kind)
    return incident_id
