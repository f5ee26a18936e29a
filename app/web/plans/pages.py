"""The plans' pages: the list, one plan, one line with all it was computed from."""

from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.domain.inventory.places import Site
from app.domain.planning import calling, plans, reading
from app.domain.planning.plans import PlanRun
from app.identity.memberships import EVERYWHERE
from app.kernel import db as database
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web.addresses import row_number
from app.web.cases import trail
from app.web.flashes import say
from app.web.plans import explanation, graph, words
from app.web.rooms import enter, my_sites
from app.web.session import current_person, my_memberships
from app.web.tongue import _

rooms = Blueprint("plans", __name__, url_prefix="/plans")
PAGE = 50


@rooms.before_request
def _door() -> None:
    enter("plans")


@rooms.get("")
def index() -> ResponseReturnValue:
    before = request.args.get("before", type=row_number)
    found = reading.runs(sites=my_sites("plans"), before=before, limit=PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    return render_template(
        "plans/index.html",
        rows=rows,
        cause_words=words.cause,
        older=url_for(".index", before=rows[-1].run.id) if more else None,
        newest=url_for(".index") if before else None,
        places=_places(),
        token=uuid4().hex,
    )


@rooms.post("")
def make() -> ResponseReturnValue:
    person, form = current_person(), request.form
    scope, token = form.get("scope", "")[:80], form.get("token", "")
    database.in_transaction(lambda: calling.call_by_hand(scope, by=person, token=token))
    say(_("The plan is made. What is to be ordered waits in the buyers' inbox."), kind="good")
    return redirect(url_for(".index"), code=303)


@rooms.get("/<number>")
def show(number: str) -> ResponseReturnValue:
    run = _run(number)
    return render_template(
        "plans/show.html",
        run=run,
        lines=reading.lines(run, sites=my_sites("plans")),
        way=trail.ways([run.effect_key])[run.effect_key],
        cause_words=words.cause,
        outcome_words=words.outcome,
    )


@rooms.get("/<number>/lines/<int:line_no>")
def line(number: str, line_no: int) -> ResponseReturnValue:
    run = _run(number)
    found = plans.line(run, line_no)
    mine = my_sites("plans")
    if mine is not None and found.site.code not in mine:
        raise NotFound
    return render_template(
        "plans/line.html",
        run=run,
        line=found,
        reason=words.reason(found),
        steps=explanation.of(found),
        graph=graph.of(found),
        outcome_words=words.outcome,
    )


def _run(number: str) -> PlanRun:
    """A plan of the reader's sites; others do not exist for them."""
    run = plans.by_number(number)
    if not reading.is_within(run, my_sites("plans")):
        raise NotFound
    return run


def _places() -> list[tuple[str, str]]:
    """Where this person may make a plan: scope and name, all sites together first."""
    held = {scope for role, scope in my_memberships() if role in calling.PLANNERS}
    sites = db.session.scalars(select(Site).order_by(Site.code))
    own = [(one.scope, one.name) for one in sites if held & {EVERYWHERE, one.scope}]
    return [(EVERYWHERE, _("All sites")), *own] if EVERYWHERE in held else own
