"""Who did something for this person, or calls them: lines above the list until they have looked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.kernel.db import db
from app.web.cases import naming
from app.web.rooms import is_outsider
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import comments, inbox, instances, notices
from app.workflow.records import Task
from app.workflow.step_reports import StepReport


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
    calls = [] if is_outsider() else list(_calls())
    return sorted([*_told(), *calls], key=lambda one: one.at, reverse=True)


def leads_to(notice: notices.Notice) -> str:
    """Where what the line tells of is read."""
    if notice.kind == notices.ANSWERED:
        return url_for("backlog.show", report_id=notice.subject_id)
    if notice.kind == notices.CANCELLED:
        inside = url_for("cases.show", case_id=notice.subject_id)
        return url_for("inbox.index") if is_outsider() else inside
    return url_for("tasks.show", task_id=notice.subject_id, view=inbox.MINE)


def _told() -> Iterator[Line]:
    for one in notices.unseen(current_person().id):
        address = url_for("inbox.see", notice_id=one.id)
        yield Line(address, _words(one), one.at, told=one.id)


def _words(notice: notices.Notice) -> str:
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
    return _("%(name)s handed you “%(title)s” · %(about)s", name=name, title=title, about=about)


def _calls() -> Iterator[Line]:
    found = {one.case_id: one for one in reversed(comments.notices(current_person().id))}
    for one in found.values():
        case = naming.name(instances.get(one.case_id))
        words = _("%(name)s asks you to look at %(case)s", name=name_of(one.by), case=case)
        address = url_for("comments.see", case_id=one.case_id)
        yield Line(address, words, one.at, called=one.comment_id)
