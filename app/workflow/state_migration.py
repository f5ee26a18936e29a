"""The states of open cases, written anew as this release writes them."""

from sqlalchemy import select, update

from app.kernel.db import db
from app.workflow import cases, looking
from app.workflow.cases import Case
from app.workflow.records import OPEN, ProcessInstance


def after(instance_id: int, limit: int = 500) -> list[int]:
    """The next open cases, by number."""
    query = select(ProcessInstance.id).where(
        ProcessInstance.status == OPEN, ProcessInstance.id > instance_id
    )
    return list(db.session.scalars(query.order_by(ProcessInstance.id).limit(limit)))


def is_old(instance_id: int) -> bool:
    """Whether the state of an open case would be written differently now.

    Raises:
        UnknownState: this release cannot read it.
    """
    case = cases.read(instance_id)
    return case is not None and case.is_open and _anew(case) != case.state


def migrate(instance_id: int) -> bool:
    """Write the state of an open case anew; whether it was written differently before.

    Raises:
        UnknownState: this release cannot read it; it stays as it is.
    """
    case = cases.lock(instance_id)
    if case is None or not case.is_open:
        return False
    state = _anew(case)
    if state == case.state:
        return False
    own = update(ProcessInstance).where(ProcessInstance.id == instance_id)
    db.session.execute(own.values(state=state))
    return True


def _anew(case: Case) -> bytes:
    return looking.execution(case).save()
