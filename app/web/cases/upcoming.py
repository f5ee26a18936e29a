"""What happens next if nobody acts: the timer that waits, and whom it reminds or asks."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import select

from app.kernel.db import db
from app.web.cases import awaited, drawn
from app.web.cases.standing import Standing
from app.web.tongue import _
from app.web.words import moment
from app.workflow import facts, history, instances, rights
from app.workflow.blueprints import Blueprint
from app.workflow.records import HistoryRow, Task, TimerDue
from app.workflow.spiff.outline import Element
from app.workflow.steps import COMPLETED

# On a service task, whom it reminds: `task` is who has the one the timer stands beside.
_REMINDS, _WHO_HAS_IT, _DATA = "reminds", "task", "data."
# On a timer, the task it leads to in the end, where others are waited for on the way.
_ASKS = "asks"


def words(standing: Standing, task: Task) -> str:
    """At 14:30 Lin Chia-jung is reminded; nothing when the task may wait for ever."""
    timer = _first(standing, task)
    return _told(_Ahead(standing, task), timer) if timer else ""


def by_itself(standing: Standing) -> str:
    """The same where a case waits for nobody: what its next timer brings."""
    return _told(_Ahead(standing, None), standing.timers[0]) if standing.timers else ""


class _Ahead:
    """Who would be asked or reminded by a step that is still to come."""

    def __init__(self, standing: Standing, task: Task | None) -> None:
        self._standing, self._task = standing, task
        self.blueprint = standing.blueprint

    def asked(self, work: Element) -> str:
        """Who may do the step: its role at its place, without those whom four eyes keep out."""
        place = work.properties.get("scope")
        scope = facts.place_at(self._data, place) if place else self._standing.case.scope
        return awaited.whose(work.lane or "", scope, excluded=self._excluded(work))

    def reminded(self, work: Element) -> str:
        """Whom the step reminds; nobody in particular when it does not say."""
        named = work.properties.get(_REMINDS, "")
        if named == _WHO_HAS_IT:
            return awaited.whose_is(self._task) if self._task else ""
        return facts.text_at(self._data, named.removeprefix(_DATA)) if named else ""

    def _excluded(self, work: Element) -> str | None:
        names = work.properties.get("not_by", "").split()
        if not names:
            return None
        paths = [name.removeprefix(_DATA) for name in names if name.startswith(_DATA)]
        named = (text for path in paths for text in facts.texts_at(self._data, path))
        did = select(HistoryRow.person_id).where(
            HistoryRow.instance_id == self._standing.case.id,
            HistoryRow.kind == COMPLETED,
            HistoryRow.element_id.in_(names),
            history.STANDS,
        )
        found = [one for one in db.session.scalars(did) if one is not None]
        return rights.excluded_text([*rights.ids_of(named), *found])

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        return instances.data(self._standing.case.id)


def _told(ahead: _Ahead, timer: TimerDue) -> str:
    event = drawn.element(ahead.blueprint, timer.element_id)
    if event is None:
        return ""
    time = moment(timer.due_at)
    work = next(_work_after(ahead.blueprint, event), None)
    if work is None:
        return _("at %(time)s: %(what)s", time=time, what=drawn.title(event)) if event.name else ""
    if work.kind in drawn.TASKS:
        who = ahead.asked(work)
        return _(
            "at %(time)s %(who)s is asked: %(what)s", time=time, who=who, what=drawn.title(work)
        )
    if who := ahead.reminded(work):
        return _("at %(time)s %(who)s is reminded", time=time, who=who)
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
    """The work that an event names, or that the arrows out of it lead to at once."""
    named = drawn.element(blueprint, event.properties.get(_ASKS, ""))
    if named is not None:
        yield named
    called = (flow for outline in blueprint.parsed.called.values() for flow in outline.flows)
    for flow in (*blueprint.parsed.flows, *called):
        found = drawn.element(blueprint, flow.target) if flow.source == event.id else None
        if found is not None and found.name and found.kind in drawn.WORK:
            yield found
