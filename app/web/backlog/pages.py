"""The backlog's pages: open reports by process, one report, answering it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.cases import listing, naming
from app.web.flashes import say
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _
from app.web.words import name_of
from app.workflow import instances, step_reports
from app.workflow.step_reports import StepReport

rooms = Blueprint("backlog", __name__, url_prefix="/backlog")
OPEN, ANSWERED = "open", "answered"
_MOST = 200


@dataclass(frozen=True)
class Line:
    """One report as a page shows it."""

    id: int
    process: str
    step: str
    case: str
    case_id: int
    step_address: str
    text: str
    who: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@rooms.get("")
def index() -> ResponseReturnValue:
    enter("backlog")
    process, state = request.args.get("process") or None, request.args.get("state", OPEN)
    found = step_reports.listed(process_key=process, is_open=state != ANSWERED, most=_MOST)
    counts = step_reports.open_counts()
    return render_template(
        "backlog/index.html",
        rows=_lines(found),
        process=process,
        processes=[(one.key, one.title, counts.get(one.key, 0)) for one in listing.processes()],
        state=state,
        states=[(OPEN, _("Open")), (ANSWERED, _("Answered"))],
    )


@rooms.get("/<int:report_id>")
def show(report_id: int) -> ResponseReturnValue:
    return _page(report_id)


@rooms.post("/<int:report_id>/answer")
def answer(report_id: int) -> ResponseReturnValue:
    person, text = current_person(), request.form.get("answer", "")
    try:
        who = db.in_transaction(
            lambda: name_of(step_reports.answer(report_id, text, by=person).person_id)
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(report_id, refusal=sentence(refusal), typed=text), refusal.status
    say(_("Answered. %(name)s finds it in the inbox.", name=who), kind="good")
    return redirect(url_for(".index"), code=303)


def _page(report_id: int, *, refusal: str = "", typed: str = "") -> str:
    person = current_person()
    found = step_reports.seen_by(report_id, person)
    may_answer = found.answered_at is None and step_reports.reads_all(person)
    return render_template(
        "backlog/show.html",
        one=_line(found),
        may_answer=may_answer,
        reads_all=step_reports.reads_all(person),
        refusal=refusal,
        typed=typed,
    )


def _lines(found: Iterable[StepReport]) -> list[Line]:
    return [_line(one) for one in found]


def _line(one: StepReport) -> Line:
    case = instances.get(one.instance_id)
    return Line(
        id=one.id,
        process=naming.process_title(listing.definition(one.definition_id)),
        step=naming.element_title(one.definition_id, one.element_id),
        case=naming.name(case),
        case_id=case.id,
        step_address=url_for("cases.show", case_id=case.id, step=one.element_id),
        text=one.text,
        who=name_of(one.person_id),
        at=one.at,
        answer=one.answer or "",
        answered_by=name_of(one.answered_by),
        answered_at=one.answered_at,
    )
