"""Cases: started and read."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from app.identity import memberships
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.workflow import cases, definitions, facts, looking, rights, running
from app.workflow.blueprints import Blueprint
from app.workflow.cases import Case
from app.workflow.ending import CaseIsOver, cancel
from app.workflow.facts import CaseFacts
from app.workflow.records import OPEN, Definition, ProcessInstance
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.sandbox import contract
from app.workflow.steps import STARTED, Trigger

__all__ = [
    "CaseIsOver",
    "NoSuchStart",
    "begin",
    "cancel",
    "check_may_start",
    "data",
    "get",
    "start",
]


class NoSuchStart(Refusal):
    """The process cannot be begun that way."""

    code = "no_such_start"
    message = N_("The process {key} cannot be started at {at}.")


def start(
    key: str, data: Mapping[str, Any], *, at: str | None = None, by: int | None = None
) -> ProcessInstance:
    """Begin a case of the live version and run it to its first stop.

    Raises:
        NotYourRole: `by` does not hold the role in whose lane the start is drawn.
    """
    definition = definitions.live(key)
    return begin(definition, data, at=at, trigger=Trigger(STARTED, person_id=by))


def begin(
    definition: Definition, data: Mapping[str, Any], *, at: str | None, trigger: Trigger
) -> ProcessInstance:
    """As `start`, for whatever began it: a person or a message."""
    blueprint = definitions.blueprint(definition.id)
    event = _start_event(blueprint, at)
    clean: dict[str, Any] = contract.check_value(dict(data), "data")
    variable = blueprint.parsed.start_events[event].variable
    found = facts.read(blueprint.parsed.properties, {variable: clean} if variable else clean)
    if trigger.person_id is not None:
        check_may_start(blueprint, event, person_id=trigger.person_id, scope=found.scope)
    case = _new_case(definition, found)
    begun = Trigger(
        trigger.kind,
        element_id=event,
        person_id=trigger.person_id,
        detail={"data": clean, **trigger.detail},
    )
    running.run(
        case, begun, lambda host: Execution.start(blueprint.parsed, at=event, data=clean, host=host)
    )
    return get(case.id)


def get(instance_id: int) -> ProcessInstance:
    """The case as it stands in this transaction."""
    found = db.session.get(ProcessInstance, instance_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def data(instance_id: int) -> dict[str, Any]:
    """The case's own data."""
    case = cases.read(instance_id)
    if case is None:
        raise NotFound
    return looking.data(case)


def check_may_start(blueprint: Blueprint, event: str, *, person_id: int, scope: str) -> None:
    """Refuse unless the person holds a role that may begin it: its lane's, or one it names."""
    element = blueprint.elements[event]
    held = memberships.of(person_id)
    roles = rights.may_begin(element)
    if roles and not any(rights.holds(held, role, scope) for role in roles):
        raise rights.NotYourRole(role=element.lane)


def _start_event(blueprint: Blueprint, at: str | None) -> str:
    events = blueprint.parsed.start_events
    plain = [event.id for event in events.values() if event.kind == "none"]
    chosen = at or (plain[0] if len(plain) == 1 else "")
    if chosen not in events:
        raise NoSuchStart(key=blueprint.parsed.key, at=at or "")
    return chosen


def _new_case(definition: Definition, found: CaseFacts) -> Case:
    """The row comes first: effects need the number of their case."""
    row = {
        "definition_id": definition.id,
        "status": OPEN,
        "edition": 0,
        "scope": found.scope,
        "started_at": clock.now(),
    }
    statement = insert(ProcessInstance).values(row).returning(ProcessInstance.id)
    case_id: int = db.session.execute(statement).scalar_one()
    return Case(
        id=case_id,
        definition_id=definition.id,
        status=OPEN,
        edition=0,
        state=None,
        scope=found.scope,
        numbers=None,
        key=definition.key,
        digest=definition.digest,
    )
