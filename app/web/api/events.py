"""What comes from outside and what went wrong inside: messages and incidents."""

from typing import Any

from sqlalchemy import select

from app.kernel.db import db
from app.kernel.errors import N_
from app.web.api import paging
from app.web.api import process_shapes as shapes
from app.web.api.room import Room
from app.web.cases import naming
from app.web.problems import kept_sentence
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import giving_back, incidents, incoming
from app.workflow.records import Incident, ProcessInstance

messages = Room("messages", N_("Messages from outside to cases."))
stops = Room("incidents", N_("Steps that could not be finished."), house_room="incidents")


@messages.post("", answer=shapes.Kept, body=shapes.Message, status=202)
def send_message(asked: dict[str, Any]) -> dict[str, bool]:
    """Tell the case that waits for it; operators speak for the outside."""
    is_new = incoming.bring(
        asked["name"],
        asked["about"],
        asked["payload"],
        key=asked["key"],
        by=current_person().id,
    )
    return {"is_new": is_new}


@stops.get("", answer=shapes.IncidentPage, query=shapes.IncidentsAsked)
def list_incidents(asked: dict[str, Any]) -> dict[str, Any]:
    """List open incidents, the newest first."""
    before = asked.get("after")
    query = select(Incident).where(Incident.resolved_at.is_(None)).order_by(Incident.id.desc())
    if before is not None:
        query = query.where(Incident.id < before)
    rows = list(db.session.scalars(query.limit(asked["limit"] + 1)))
    found, last = paging.cut(rows, asked["limit"])
    return paging.page([_shown(one) for one in found], last.id if last else None)


@stops.get("/<int:incident_id>", answer=shapes.Incident)
def show_incident(incident_id: int) -> dict[str, Any]:
    """Show one incident."""
    return _shown(incidents.get(incident_id))


@stops.post("/<int:incident_id>/retry", answer=shapes.Incident, body=shapes.Retry)
def retry_incident(asked: dict[str, Any], incident_id: int) -> dict[str, Any]:
    """Try again; the answer says whether it is over or failed once more."""
    again = asked["restart_effect"]
    incidents.retry(incident_id, by=current_person().id, restart_effect=again)
    return _shown(incidents.get(incident_id))


@stops.post("/<int:incident_id>/return", answer=shapes.Incident)
def return_incident(incident_id: int) -> dict[str, Any]:
    """Give the step back to who did it: its task is open again, the answers are their draft."""
    giving_back.give_back(incident_id, by=current_person())
    return _shown(incidents.get(incident_id))


def _shown(found: Incident) -> dict[str, Any]:
    case = db.session.get(ProcessInstance, found.instance_id) if found.instance_id else None
    title = naming.element_title(case.definition_id, found.element_id) if case else _("a message")
    return {
        "id": found.id,
        "case_id": found.instance_id,
        "number": case.business_key if case else None,
        "step": found.element_id,
        "title": title,
        "sentence": kept_sentence(found),
        "trace": found.trace,
        "failures": found.failures,
        "opened_at": found.opened_at,
        "try_at": found.try_at,
        "resolved_at": found.resolved_at,
    }
