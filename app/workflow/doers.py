"""Who did a step of a case: the name that ledgers and documents keep."""

from collections.abc import Mapping

from sqlalchemy import select

from app.kernel import cause
from app.kernel.db import db
from app.workflow import history
from app.workflow.records import HistoryRow
from app.workflow.steps import COMPLETED, FOR, INCIDENT, RETRIED, Step


def of(element_ids: tuple[str, ...]) -> list[int | None]:
    """Who completed these steps of the running case, which follow each other.

    The step that is being completed now is not in the history yet: where an earlier step has
    a later completion, it is the one at hand.
    """
    found = _latest(element_ids)
    doers: list[int | None] = []
    before = -1
    for element in element_ids:
        edition, person = found.get(element, (-1, None))
        is_at_hand = edition < before or edition < 0
        doers.append(cause.current().person_id if is_at_hand else person)
        before = edition
    return doers


def behind(step: Step) -> int | None:
    """Whose doing a step is; of one that is tried again, theirs who brought the case there.

    An operator who retries a booking has not counted the goods.
    """
    if step.trigger.kind != RETRIED:
        return step.trigger.person_id
    began = _what_halted(step)
    return began.person_id if began else None


def stood_in_for(step: Step) -> int | None:
    """In whose place the person behind a step acted."""
    detail: Mapping[str, object] = step.trigger.detail
    if step.trigger.kind == RETRIED:
        began = _what_halted(step)
        detail = began.detail or {} if began else {}
    absent = detail.get(FOR)
    return absent if isinstance(absent, int) else None


def _what_halted(step: Step) -> HistoryRow | None:
    """The moment that brought the case to the element which is tried again."""
    own = HistoryRow.instance_id == step.case.id
    halted = select(HistoryRow.edition).where(
        own, HistoryRow.kind == INCIDENT, HistoryRow.element_id == step.trigger.retried
    )
    began = (own, HistoryRow.n == 0, HistoryRow.kind != RETRIED, HistoryRow.edition.in_(halted))
    query = select(HistoryRow).where(*began).order_by(HistoryRow.edition.desc())
    return db.session.scalar(query.limit(1))


def _latest(element_ids: tuple[str, ...]) -> dict[str, tuple[int, int | None]]:
    query = (
        select(HistoryRow.element_id, HistoryRow.edition, HistoryRow.person_id)
        .where(
            HistoryRow.instance_id == cause.current().instance_id,
            HistoryRow.kind == COMPLETED,
            HistoryRow.element_id.in_(element_ids),
            history.STANDS,
        )
        .order_by(HistoryRow.edition)
    )
    rows = db.session.execute(query)
    return {element: (edition, person) for element, edition, person in rows if element}
