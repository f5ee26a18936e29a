"""The first line of a case: what it waits for, since when, and what comes if nobody acts."""

from collections.abc import Iterable

from app.web.cases import awaited, drawn, upcoming
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import moment, shown
from app.workflow import history
from app.workflow.records import CANCELLED, FINISHED, Task


def sentence(standing: Standing) -> str:
    """One sentence; the first open task speaks for all of them."""
    case = standing.case
    if case.status == FINISHED:
        return _("Finished at %(time)s.", time=moment(case.ended_at))
    if case.status == CANCELLED:
        return _cancelled(standing)
    if standing.incidents:
        return _("A step could not be finished; operators have it. What people answered is kept.")
    if standing.tasks:
        return _waits(standing, standing.tasks[0])
    return _waits_for_itself(standing)


def _cancelled(standing: Standing) -> str:
    found, time = history.cancellation(standing.case.id), moment(standing.case.ended_at)
    if found is None or not found.person:
        return _("Cancelled at %(time)s.", time=time)
    reason = shown(found.detail.get("reason"))
    return _(
        "Cancelled by %(who)s at %(time)s because: %(reason)s",
        who=found.person,
        time=time,
        reason=reason,
    )


def _waits(standing: Standing, task: Task) -> str:
    parts = [awaited.since(task), awaited.usually(standing, task), upcoming.words(standing, task)]
    return _in_one(parts)


def _waits_for_itself(standing: Standing) -> str:
    elements = [drawn.element(standing.blueprint, one.element_id) for one in standing.waits]
    names = _(", ").join(drawn.title(one) for one in elements if one)
    if not names:
        return _("On its way.")
    parts = [_("Waiting for: %(what)s", what=names), upcoming.by_itself(standing)]
    return _in_one(parts)


def _in_one(parts: Iterable[str]) -> str:
    return _("%(sentence)s.", sentence=_("; ").join(part for part in parts if part))
