"""Saying something about a case, taking it back, and having looked."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.errors import N_, NotAllowed, NotFound, Refusal
from app.web.addresses import here
from app.web.cases import blind, visible
from app.web.cases import pages as cases
from app.web.flashes import say
from app.web.forms import submission
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import comments

rooms = Blueprint("comments", __name__)


class HiddenWhileCounting(NotAllowed):
    """Colleagues may have written what there should be."""

    code = "comments_hidden"
    message = N_("Comments stay hidden from those who count until the count is in.")


@rooms.post("/cases/<int:case_id>/comments")
def write(case_id: int) -> ResponseReturnValue:
    if blind.hides(visible.case(case_id)):
        raise HiddenWhileCounting
    text, person = request.form.get("text", ""), current_person()
    try:
        files = db.in_transaction(lambda: submission.keep_files(request, by=person.id))
        called = db.in_transaction(
            lambda: [
                one.name for one in comments.write(case_id, text, files.get("files", ()), by=person)
            ]
        )
    except NotFound:
        raise
    except Refusal as refusal:
        page = cases.page(case_id, "comments", refusal=sentence(refusal), typed=text)
        return page, refusal.status
    if called:
        say(_("Kept. %(names)s find it in their inbox.", names=_(", ").join(called)), kind="good")
    return redirect(here(request.form.get("next"), _tab(case_id)), code=303)


@rooms.post("/comments/<int:comment_id>/erasure")
def erase(comment_id: int) -> ResponseReturnValue:
    person = current_person()
    case_id = db.in_transaction(lambda: comments.erase(comment_id, by=person))
    say(_("Erased. That something was said, by whom and when, stays."))
    return redirect(here(request.form.get("next"), _tab(case_id)), code=303)


@rooms.post("/cases/<int:case_id>/comments/seen")
def see(case_id: int) -> ResponseReturnValue:
    case, person = visible.case(case_id), current_person()
    known = case.id
    db.in_transaction(lambda: comments.see(known, by=person))
    return redirect(_tab(case_id), code=303)


def _tab(case_id: int) -> str:
    return url_for("cases.show", case_id=case_id, tab="comments")
