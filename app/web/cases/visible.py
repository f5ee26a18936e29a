"""Which cases a person may see: those a lane of their role takes part in, where they work."""

from sqlalchemy import ColumnElement, false, or_, select, true

from app.identity.memberships import EVERYWHERE
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.session import my_memberships
from app.workflow import definitions
from app.workflow.records import Definition, ProcessInstance
from app.workflow.rights import OVERSEERS

# Who keeps the books of the whole company follows every number to the step that wrote it.
BOOKKEEPER = ("finance", EVERYWHERE)


def within_reach() -> ColumnElement[bool]:
    """The condition under which a case is this person's to see."""
    held = my_memberships()
    if any(role in OVERSEERS for role, _scope in held) or BOOKKEEPER in held:
        return true()
    parts = [_part(role, scope) for role, scope in sorted(held)]
    return or_(*parts) if parts else false()


def case(case_id: int) -> ProcessInstance:
    """The case.

    Raises:
        NotFound: there is none, or it is not this person's to see.
    """
    query = select(ProcessInstance).where(ProcessInstance.id == case_id, within_reach())
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def _part(role: str, scope: str) -> ColumnElement[bool]:
    mine = ProcessInstance.definition_id.in_(_definitions_with(role))
    return mine if scope == EVERYWHERE else mine & (ProcessInstance.scope == scope)


def _definitions_with(role: str) -> list[int]:
    ids = db.session.scalars(select(Definition.id).order_by(Definition.id))
    return [one for one in ids if role in _roles_of(one)]


def _roles_of(definition_id: int) -> frozenset[str]:
    return frozenset(lane.role for lane in definitions.blueprint(definition_id).lanes)
