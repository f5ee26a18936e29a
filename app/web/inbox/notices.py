"""Who did something for this person, or calls them: lines above the list until they have looked."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.kernel.db import db
from app.web.cases import naming
from app.web.rooms import is_outsider
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import inbox, instances, notices, unseen
from app.workflow.records import Task
from app.workflow.step_reports import StepReport
from app.workflow.unseen import Unseen


@dataclass(frozen=True)
class Line:
    """One line; sending it to `address` is having looked.

    `told` or `called` is its number among those of its kind.
    """

    address: str
    words: str
    at: datetime
    told: int = 0
    called: int = 0


def mine() -> list[Line]:
    """The latest few."""
    found = unseen.lines(current_person().id)
    told = [one for one in found if one.kind != unseen.CALLED]
    calls = {one.subject_id: one for one in sorted(found) if one.kind == unseen.CALLED}
    both = (*map(_told, told), *map(_called, calls.values()))
    return sorted(both, key=lambda one: one.at, reverse=True)


def leads_to(notice: notices.Notice) -> str:
    """Where what the line tells of is read."""
    if notice.kind == notices.ANSWERED:
        return url_for("backlog.show", report_id=notice.subject_id)
    if notice.kind == notices.CANCELLED:
        inside = url_for("cases.show", case_id=notice.subject_id)
        return url_for("inbox.index") if is_outsider() else inside
    return url_for("tasks.show", task_id=notice.subject_id, view=inbox.MINE)


def _told(notice: Unseen) -> Line:
    address = url_for("inbox.see", notice_id=notice.id)
    return Line(address, _words(notice), notice.at, told=notice.id)


def _words(notice: Unseen) -> str:
    name = name_of(notice.by_id)
    if notice.kind == notices.ANSWERED:
        report = db.session.get_one(StepReport, notice.subject_id)
        title = naming.element_title(report.definition_id, report.element_id)
        return _("%(name)s answered what you said about “%(title)s”", name=name, title=title)
    if notice.kind == notices.CANCELLED:
        case = naming.name(instances.get(notice.subject_id))
        if is_outsider():
            return _("%(case)s was cancelled; your task of it is gone", case=case)
        return _("%(name)s cancelled %(case)s, of which you held a task", name=name, case=case)
    task = db.session.get_one(Task, notice.subject_id)
    title = naming.element_title(task.definition_id, task.element_id)
    about = task.business_key or _("Case %(number)s", number=task.instance_id)
    if notice.kind == notices.GIVEN_BACK:
        words = _("%(name)s gave “%(title)s” back to you: it could not be finished · %(about)s")
        return words % {"name": name, "title": title, "about": about}
    return _("%(name)s handed you “%(title)s” · %(about)s", name=name, title=title, about=about)


def _called(call: Unseen) -> Line:
    case = naming.name(instances.get(call.subject_id))
    words = _("%(name)s asks you to look at %(case)s", name=name_of(call.by_id), case=case)
    address = url_for("comments.see", case_id=call.subject_id)
    return Line(address, words, call.at, called=call.id)
