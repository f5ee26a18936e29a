"""The cases' pages: list, one case in its parts, its diagram, and beginning one by hand."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.addresses import row_number
from app.web.cases import (
    blind,
    drawn,
    ending,
    listing,
    moments,
    naming,
    papers,
    photographs,
    picture,
    said,
    standing,
    starting,
    story,
    twin,
    visible,
    waiting,
)
from app.web.cases.standing import Standing
from app.web.files import sheets
from app.web.forms import submission
from app.web.forms.pages import as_response
from app.web.language import locale_code
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import begun, definitions
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.forms.occasion import Occasion
from app.workflow.records import OPEN, ProcessInstance

rooms = Blueprint("cases", __name__, url_prefix="/cases")


@rooms.get("")
def index() -> ResponseReturnValue:
    state = request.args.get("state", OPEN)
    process = request.args.get("process") or None
    before = request.args.get("before", type=row_number)
    if kind := sheets.wanted():
        return sheets.answer(listing.sheet(state=state, process=process), kind)
    found = listing.cases(state=state, process=process, before=before)
    more = len(found) > listing.PAGE
    older = url_for(".index", state=state, process=process, before=found[-2].id) if more else None
    return render_template(
        "cases/index.html",
        rows=listing.lines(found[: listing.PAGE]),
        older=older,
        state=state,
        states=[(OPEN, _("Open")), ("over", _("Ended"))],
        process=process,
        processes=listing.processes(),
        startable=starting.mine(),
    )


@rooms.get("/<int:case_id>")
def show(case_id: int) -> ResponseReturnValue:
    return page(case_id, request.args.get("tab", "progress"))


def page(case_id: int, tab: str, **more: Any) -> str:
    """One tab of a case; `more` is what a refused comment brings back."""
    case = visible.case(case_id)
    stands, secret = standing.of(case), blind.hides(case)
    parts = {
        "document": _document,
        "progress": _progress,
        "stock": _stock,
        "comments": _comments,
        "history": _history,
    }
    if tab not in parts:
        raise NotFound
    return render_template(
        "cases/show.html",
        case=_head(stands),
        tab=tab,
        tabs=_tabs(),
        hidden_while_counting=secret,
        **{**parts[tab](stands, secret), **more},
    )


@rooms.get("/<int:case_id>/news")
def news(case_id: int) -> ResponseReturnValue:
    case = visible.case(case_id)
    is_older = case.edition != request.args.get("edition", type=row_number)
    return render_template("cases/_news.html", case_id=case.id, is_older=is_older)


@rooms.get("/<int:case_id>/diagram/<process>")
def diagram(case_id: int, process: str) -> ResponseReturnValue:
    blueprint = definitions.blueprint(visible.case(case_id).definition_id)
    found = drawn.diagram(blueprint, process) if process in drawn.processes(blueprint) else None
    if found is None:
        raise NotFound
    return Response(found, content_type="application/xml; charset=utf-8")


@rooms.get("/<int:case_id>/files/<int:file_id>")
def file(case_id: int, file_id: int) -> ResponseReturnValue:
    return as_response(photographs.file(case_id, file_id))


@rooms.get("/new/<key>/<element>")
def start_page(key: str, element: str) -> ResponseReturnValue:
    return _start_page(starting.chosen(key, element))


@rooms.post("/new/<key>/<element>")
def begin(key: str, element: str) -> ResponseReturnValue:
    start, person = starting.chosen(key, element), current_person()
    answers = submission.kept_answers(request, by=person.id) if start.form else {}
    try:
        case = _begun(start, answers, by=person.id)
    except InvalidAnswers as refusal:
        return _start_page(start, answers, errors=refusal.errors), refusal.status
    except Refusal as refusal:
        return _start_page(start, answers, refusal=sentence(refusal)), refusal.status
    return redirect(_first_page(case), code=303)


def _begun(start: starting.Start, answers: dict[str, object], *, by: int) -> ProcessInstance:
    data: dict[str, Any] = {}
    if start.form is not None:
        data = start.form.validate(answers, {}, occasion=Occasion(by=by))
    place = request.form.get("place")
    if place in dict(starting.places(start)):
        data["scope"] = place
    token = request.form.get("start_key") or secrets.token_urlsafe()
    return db.in_transaction(
        lambda: begun.once(start.key, data, at=start.element, by=by, token=token)
    )


def _start_page(
    start: starting.Start,
    answers: dict[str, object] | None = None,
    *,
    errors: Mapping[str, str] | None = None,
    refusal: str = "",
) -> str:
    """What begins a case; everything that was typed stays when it is refused."""
    form = start.form.view({}, answers, errors, locale=locale_code(), say=_) if start.form else None
    return render_template(
        "cases/start.html",
        start=start,
        form=form,
        refusal=refusal,
        place=request.form.get("place"),
        places=starting.places(start),
        start_key=request.form.get("start_key") or secrets.token_urlsafe(),
    )


def _first_page(case: ProcessInstance) -> str:
    """The first task, when it is the starter's; else the case."""
    for task in standing.of(case).tasks:
        if waiting.is_mine(task):
            return url_for("tasks.show", task_id=task.id)
    return url_for(".show", case_id=case.id)


def _head(stands: Standing) -> dict[str, Any]:
    case = stands.case
    definition = listing.definition(case.definition_id)
    return {
        "id": case.id,
        "edition": case.edition,
        "is_open": case.status == OPEN,
        "name": naming.name(case),
        "about": naming.about(case),
        "key": definition.key,
        "process": naming.process_title(definition),
        "tone": naming.TONES[case.status],
        "state_words": naming.state_words(case.status),
        "sentence": story.sentence(stands),
        "may_cancel": ending.may(case),
        "incidents": waiting.stopped(stands),
    }


def _tabs() -> list[tuple[str, str]]:
    return [
        ("progress", _("Progress")),
        ("document", _("Document")),
        ("stock", _("Stock")),
        ("comments", _("Comments")),
        ("history", _("History")),
    ]


def _progress(stands: Standing, secret: bool) -> dict[str, Any]:  # noqa: FBT001
    steps = twin.of(stands, secret=secret)
    wanted = request.args.get("step")
    return {
        "waiting": waiting.of(stands),
        "steps": steps,
        "pictures": picture.of(stands, steps, shown=wanted),
        "shown": picture.pointed_at(stands, request.args.get("effect"), wanted),
    }


def _document(stands: Standing, secret: bool) -> dict[str, Any]:  # noqa: FBT001
    if secret:
        return {"papers": []}
    return {"papers": papers.of(stands.case), "photographs": photographs.of(stands.case)}


def _stock(stands: Standing, secret: bool) -> dict[str, Any]:  # noqa: FBT001
    return {"entries": [] if secret else papers.stock_entries(stands)}


def _comments(stands: Standing, secret: bool) -> dict[str, Any]:  # noqa: FBT001
    return {"said": [] if secret else said.of(stands.case), "helpers": said.helpers(stands.case)}


def _history(stands: Standing, secret: bool) -> dict[str, Any]:  # noqa: FBT001
    return {"moments": moments.of(stands, secret=secret)}
