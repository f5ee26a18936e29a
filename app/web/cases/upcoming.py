"""What happens next if nobody acts: the timer that waits beside a task, and where it leads."""

from collections.abc import Iterator

from app.web.cases import awaited, drawn
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import moment
from app.workflow.blueprints import Blueprint
from app.workflow.records import Task, TimerDue
from app.workflow.spiff.outline import Element


def words(standing: Standing, task: Task) -> str:
    """At 14:30 by itself: Remind supplier; nothing when the task may wait for ever."""
    timer = _first(standing, task)
    event = drawn.element(standing.blueprint, timer.element_id) if timer else None
    if timer is None or event is None:
        return ""
    time = moment(timer.due_at)
    work = next(_work_after(standing.blueprint, event), None)
    if work is None:
        return _("at %(time)s: %(what)s", time=time, what=drawn.title(event)) if event.name else ""
    if work.kind in drawn.TASKS:
        who = awaited.whose(work.lane or "", task.scope)
        title = drawn.title(work)
        return _("at %(time)s %(who)s is asked: %(what)s", time=time, who=who, what=title)
    return _("at %(time)s by itself: %(what)s", time=time, what=drawn.title(work))


def _first(standing: Standing, task: Task) -> TimerDue | None:
    """The soonest timer drawn on the task, or on what encloses it."""
    places = _around(standing.blueprint, task.element_id)
    for timer in standing.timers:
        event = drawn.element(standing.blueprint, timer.element_id)
        if event is not None and event.attached_to in places:
            return timer
    return None


def _around(blueprint: Blueprint, element_id: str) -> set[str]:
    """The task, its subprocess, and the step that called its process."""
    element = drawn.element(blueprint, element_id)
    if element is None:
        return {element_id}
    calls = (one for one in blueprint.elements.values() if one.called)
    callers = {one.id for one in calls if one.called == element.process}
    return {element_id, *callers} | ({element.scope} if element.scope else set())


def _work_after(blueprint: Blueprint, event: Element) -> Iterator[Element]:
    """The work that the arrows out of an event lead to at once."""
    called = (flow for outline in blueprint.parsed.called.values() for flow in outline.flows)
    for flow in (*blueprint.parsed.flows, *called):
        found = drawn.element(blueprint, flow.target) if flow.source == event.id else None
        if found is not None and found.name and found.kind in drawn.WORK:
            yield found
