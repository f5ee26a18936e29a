"""The first line of a case: what it waits for, since when, and what comes if nobody acts."""

from app.web.cases import awaited, drawn, upcoming
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import moment
from app.workflow.records import CANCELLED, FINISHED, Task


def sentence(standing: Standing) -> str:
    """One sentence; the first open task speaks for all of them."""
    case = standing.case
    if case.status == FINISHED:
        return _("Finished at %(time)s.", time=moment(case.ended_at))
    if case.status == CANCELLED:
        return _("Cancelled at %(time)s.", time=moment(case.ended_at))
    if standing.incidents:
        return _("A step could not be finished; operators have it. What people answered is kept.")
    if standing.tasks:
        return _waits(standing, standing.tasks[0])
    return _waits_for_itself(standing)


def _waits(standing: Standing, task: Task) -> str:
    parts = [awaited.since(task), awaited.usually(standing, task), upcoming.words(standing, task)]
    return _("%(sentence)s.", sentence=_("; ").join(part for part in parts if part))


def _waits_for_itself(standing: Standing) -> str:
    elements = [drawn.element(standing.blueprint, one.element_id) for one in standing.waits]
    names = ", ".join(drawn.title(one) for one in elements if one)
    return _("Waiting for: %(what)s.", what=names) if names else _("On its way.")
