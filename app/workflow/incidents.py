"""Incidents: what could not be finished, tried again by an operator or by the clock."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import select, update

from app.identity.memberships import EVERYWHERE
from app.kernel import clock
from app.kernel.db import db, end_look, in_transaction
from app.kernel.errors import N_, NotFound, Refusal
from app.kernel.faults import Fault, contained
from app.kernel.outbox import Message
from app.workflow import cases, incident_rows, looking, messages, rights, running
from app.workflow.cases import Case
from app.workflow.records import Incident, TimerDue
from app.workflow.steps import RETRIED, Trigger


class AlreadyResolved(Refusal):
    """Someone, or the clock, was faster."""

    code = "already_resolved"
    message = N_("This incident is already over.")


def open_ones(limit: int = 200) -> Sequence[Incident]:
    """Open incidents, newest first."""
    query = select(Incident).where(Incident.resolved_at.is_(None))
    return db.session.scalars(query.order_by(Incident.id.desc()).limit(limit)).all()


def of_case(instance_id: int) -> Sequence[Incident]:
    """Every incident of one case, newest first."""
    query = select(Incident).where(Incident.instance_id == instance_id)
    return db.session.scalars(query.order_by(Incident.id.desc())).all()


def get(incident_id: int) -> Incident:
    """One incident.

    Raises:
        NotFound: there is none with that number.
    """
    found = db.session.get(Incident, incident_id)
    if found is None:
        raise NotFound
    return found


def retry(incident_id: int, *, by: int | None, restart_effect: bool = False) -> bool:
    """Try the step again; False when it failed again, which the incident then tells.

    An effect that already happened is not repeated, unless `restart_effect` says so: then it
    happens again under a key of its own.

    Raises:
        NotYourRole: only operators of the case's place retry.
        AlreadyResolved: someone was faster.
    """
    incident, case = locked(incident_id, by=by)
    if incident.kind == "message":
        return _release_message(incident, by)
    if case is None or not case.is_open:
        raise NotFound
    if incident.kind == "timer":
        return _release_timer(incident, by)
    return _run_again(case, incident, by=by, restart=restart_effect)


def locked(incident_id: int, *, by: int | None) -> tuple[Incident, Case | None]:
    """An open incident and its case, if it has one, for somebody who runs the house there.

    Raises:
        NotYourRole: they do not.
        AlreadyResolved: someone was faster.
    """
    incident = get(incident_id)
    case = cases.lock(incident.instance_id) if incident.instance_id is not None else None
    rights.check_office(by, rights.OPERATORS, scope=case.scope if case else EVERYWHERE)
    db.session.refresh(incident, with_for_update=True)
    if incident.resolved_at is not None:
        raise AlreadyResolved
    return incident, case


def retry_due(limit: int = 20) -> int:
    """Try again what its backoff allows, each in its own transaction; how many were tried."""
    query = select(Incident.id).where(Incident.try_at <= clock.now()).order_by(Incident.try_at)
    due = list(db.session.scalars(query.limit(limit)))
    end_look()
    for incident_id in due:
        outcome = contained(partial(in_transaction, partial(retry, incident_id, by=None)))
        if isinstance(outcome, Fault):
            in_transaction(partial(incident_rows.count_again, incident_id, outcome.error))
    return len(due)


def _run_again(case: Case, incident: Incident, *, by: int | None, restart: bool) -> bool:
    trigger = Trigger(
        RETRIED,
        incident.element_id,
        person_id=by,
        detail={"incident": incident.id},
        retried=incident.element_id,
        restarted=incident.effect_key if restart else None,
    )
    running.run(case, trigger, partial(looking.loaded, case))
    db.session.refresh(incident)
    return incident.resolved_at is not None


def _release_message(incident: Incident, by: int | None) -> bool:
    """Let the message be delivered once more, after this step."""
    again = update(Message).where(
        Message.id == incident.message_id, Message.status == messages.FAILED
    )
    db.session.execute(again.values(status=messages.PENDING, failures=0, try_at=clock.now()))
    _resolve(incident, by)
    messages.deliver_after(incident.message_id)
    return True


def _release_timer(incident: Incident, by: int | None) -> bool:
    """Let the timer be due once more."""
    own = update(TimerDue).where(
        TimerDue.instance_id == incident.instance_id,
        TimerDue.element_id == incident.element_id,
        TimerDue.try_at.is_(None),
    )
    db.session.execute(own.values(failures=0, try_at=clock.now()))
    _resolve(incident, by)
    return True


def _resolve(incident: Incident, by: int | None) -> None:
    incident.resolved_at, incident.resolved_by, incident.try_at = clock.now(), by, None
