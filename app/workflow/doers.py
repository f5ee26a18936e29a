"""Who did a step of a case, for effects that must put a name under something."""

from sqlalchemy import select

from app.kernel import cause
from app.kernel.db import db
from app.workflow.records import HistoryRow
from app.workflow.steps import COMPLETED


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


def _latest(element_ids: tuple[str, ...]) -> dict[str, tuple[int, int | None]]:
    query = (
        select(HistoryRow.element_id, HistoryRow.edition, HistoryRow.person_id)
        .where(
            HistoryRow.instance_id == cause.current().instance_id,
            HistoryRow.kind == COMPLETED,
            HistoryRow.element_id.in_(element_ids),
        )
        .order_by(HistoryRow.edition)
    )
    rows = db.session.execute(query)
    return {element: (edition, person) for element, edition, person in rows if element}
