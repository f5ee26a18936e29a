"""Ending a case by hand: what that ends is said first, and why is asked."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity.roles import OPERATOR
from app.kernel import db
from app.kernel.errors import NotAllowed, NotFound, Refusal
from app.web.cases import ending, naming, standing, visible, waiting
from app.web.flashes import say
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import instances, rights
from app.workflow.ending import LONGEST_REASON
from app.workflow.instances import CaseIsOver
from app.workflow.records import OPEN, ProcessInstance

rooms = Blueprint("cancelling", __name__)


@rooms.get("/cases/<int:case_id>/cancellation")
def ask(case_id: int) -> ResponseReturnValue:
    """What cancelling would end, or why it cannot be.

    Raises:
        CaseIsOver, NotYourRole: there is nothing to cancel, or not for this person.
    """
    case = visible.case(case_id)
    if case.status != OPEN:
        raise CaseIsOver
    if not ending.may(case):
        raise rights.NotYourRole(role=OPERATOR)
    return _page(case)


@rooms.post("/cases/<int:case_id>/cancellation")
def cancel(case_id: int) -> ResponseReturnValue:
    case, by = visible.case(case_id), current_person().id
    reason = request.form.get("reason", "")
    try:
        db.in_transaction(lambda: instances.cancel(case_id, reason, by))
    except (NotFound, NotAllowed, CaseIsOver):
        raise
    except Refusal as refusal:
        return _page(case, refusal=sentence(refusal), typed=reason), refusal.status
    say(_("The case is cancelled; who held its tasks is told."), kind="good")
    return redirect(url_for("cases.show", case_id=case_id), code=303)


def _page(case: ProcessInstance, **said: Any) -> str:
    barred = ending.barred(case)
    stands = standing.of(case)
    return render_template(
        "cancelling/ask.html",
        case={"id": case.id, "name": naming.name(case), "about": naming.about(case)},
        waiting=waiting.of(stands),
        effect=ending.effect(stands),
        button=ending.button(stands),
        tidied=ending.tidied(stands),
        barred=barred,
        longest=LONGEST_REASON,
        **said,
    )
