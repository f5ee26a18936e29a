"""Steps that could not be finished: what stopped, why, and trying again."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.web.cases import naming
from app.web.flashes import say
from app.web.incidents.room import rooms
from app.web.problems import kept_sentence
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import giving_back, incidents, instances
from app.workflow.records import Incident

_SHOWN = (
    "id",
    "trace",
    "failures",
    "opened_at",
    "try_at",
    "resolved_at",
    "effect_key",
)


@rooms.get("")
def index() -> ResponseReturnValue:
    rows = [_shown(one) for one in incidents.open_ones()]
    return render_template("incidents/index.html", rows=rows)


@rooms.get("/<int:incident_id>")
def show(incident_id: int) -> ResponseReturnValue:
    incident = incidents.get(incident_id)
    whose = giving_back.whose(incident)
    return render_template("incidents/show.html", row=_shown(incident), whose=whose)


@rooms.post("/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    by, again = current_person().id, request.form.get("restart_effect") == "yes"
    done = db.in_transaction(lambda: incidents.retry(incident_id, by=by, restart_effect=again))
    if done:
        words = _("Incident #%(number)s is settled; the case goes on.", number=incident_id)
        say(words, kind="good")
        return redirect(url_for(".index"), code=303)
    say(_("It failed again. The incident tells what happened this time."), kind="bad")
    return redirect(url_for(".show", incident_id=incident_id), code=303)


@rooms.post("/<int:incident_id>/return")
def give_back(incident_id: int) -> ResponseReturnValue:
    by = current_person()
    back = db.in_transaction(lambda: giving_back.give_back(incident_id, by=by))
    if back.person is None:
        say(_("The step is open again for its role: who did it may not do it any more."))
    else:
        words = _("%(name)s has the step again, with what they answered.", name=back.person.name)
        say(words, kind="good")
    return redirect(url_for(".index"), code=303)


def _shown(row: Incident) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _SHOWN} | {"sentence": kept_sentence(row)}
    if row.instance_id is None:
        return {**found, "case_id": None, "step": _("a message")}
    case = instances.get(row.instance_id)
    return {
        **found,
        "case_id": case.id,
        "case_name": naming.name(case),
        "step": naming.element_title(case.definition_id, row.element_id),
        "step_address": url_for("cases.show", case_id=case.id, step=row.element_id),
    }
