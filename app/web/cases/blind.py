"""What those who count may not see yet: expected figures, until their count is in."""

from collections.abc import Iterator

from sqlalchemy import select

from app.kernel.db import db
from app.web.cases import drawn
from app.web.session import my_memberships
from app.workflow import answering, definitions, rights
from app.workflow.records import OPEN, CaseNumber, HistoryRow, ProcessInstance, Task
from app.workflow.steps import COMPLETED


def hides(case: ProcessInstance) -> bool:
    """Whether this person is one of those who still have to count blindly in this case."""
    if case.status != OPEN:
        return False
    held = my_memberships()
    return any(rights.holds(held, role, scope) for role, scope in _still_to_count(case))


def hides_number(number: str) -> bool:
    """Whether any open case about this number still hides its figures from this person."""
    query = (
        select(ProcessInstance)
        .join(CaseNumber, CaseNumber.instance_id == ProcessInstance.id)
        .where(CaseNumber.number == number.upper(), ProcessInstance.status == OPEN)
    )
    return any(hides(case) for case in db.session.scalars(query))


def _still_to_count(case: ProcessInstance) -> Iterator[tuple[str, str]]:
    """Role and place of each blind step that is open now or still ahead in this case."""
    blueprint = definitions.blueprint(case.definition_id)
    done = _completed(case.id)
    for step in blueprint.parsed.elements.values():
        if answering.is_blind(step.properties) and step.id not in done:
            yield step.lane or "", case.scope
    for task in db.session.scalars(select(Task).filter_by(instance_id=case.id)):
        step_now = drawn.element(blueprint, task.element_id)
        if step_now is not None and answering.is_blind(step_now.properties):
            yield task.role, task.scope


def _completed(case_id: int) -> frozenset[str | None]:
    query = select(HistoryRow.element_id).filter_by(instance_id=case_id, kind=COMPLETED)
    return frozenset(db.session.scalars(query))
