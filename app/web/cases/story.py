"""The first line of a case: what it waits for, since when, and what comes if nothing does."""

from datetime import datetime

from flask_babel import format_timedelta

from app.kernel import clock
from app.web.cases import drawn, naming
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import moment, name_of, role_title
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
        return f"{_waits(standing.tasks[0])} {_reminder(standing)}".strip()
    return _waits_for_itself(standing)


def _waits(task: Task) -> str:
    title = naming.element_title(task.definition_id, task.element_id)
    who = name_of(task.holder_id) or role_title(task.role)
    return _(
        "Waiting %(long)s for %(who)s: %(title)s.", long=_long(task.opened_at), who=who, title=title
    )


def _reminder(standing: Standing) -> str:
    for timer in standing.timers:
        element = drawn.element(standing.blueprint, timer.element_id)
        if element is not None and element.name:
            return _("At %(time)s: %(what)s.", time=moment(timer.due_at), what=drawn.title(element))
    return ""


def _waits_for_itself(standing: Standing) -> str:
    elements = [drawn.element(standing.blueprint, one.element_id) for one in standing.waits]
    names = ", ".join(drawn.title(one) for one in elements if one)
    return _("Waiting for: %(what)s.", what=names) if names else _("On its way.")


def _long(since: datetime) -> str:
    return str(format_timedelta(clock.now() - since, granularity="minute", threshold=1.2))
