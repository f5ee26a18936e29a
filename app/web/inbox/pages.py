"""The inbox's pages: the list, its news, views that people keep, and taking tasks."""

from contextlib import suppress
from functools import partial

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import Refusal
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.inbox import cards, listing, page, told
from app.web.inbox import notices as lines
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _, ngettext
from app.workflow import assigning, claims, inbox, notices, saved_views

rooms = Blueprint("inbox", __name__)
_MOST_AT_ONCE = 50


@rooms.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("inbox.index"))


@rooms.get("/inbox")
def index() -> ResponseReturnValue:
    return page.render()


@rooms.get("/inbox/news")
def news() -> ResponseReturnValue:
    view, since = page.chosen_view(), request.args.get("since", 0, type=int)
    person, ends = current_person(), cards.today_ends()
    rows = listing.page(person, view, after=None, today_ends=ends).rows
    return render_template(
        "inbox/_news.html",
        number=sum(row.id > since for row in rows),
        told=told.since(*(request.args.get(name, 0, row_number) for name in ("told", "called"))),
        view=view,
        views=listing.views(person, today_ends=ends),
        carried=listing.carried(view),
    )


@rooms.get("/inbox/told")
def count_told() -> ResponseReturnValue:
    """How many notices wait now, for a page that was drawn before."""
    return render_template("inbox/_told.html", fresh=True, places=("rail", "foot"))


@rooms.get("/inbox/filter")
def choices() -> ResponseReturnValue:
    """The filter's form, asked for when somebody unfolds it."""
    filters = listing.shown_filters(current_person(), listing.FILTERED)
    return render_template("inbox/_filter.html", filters=filters)


@rooms.post("/inbox/next")
def claim_next() -> ResponseReturnValue:
    person, view = current_person(), listing.beside_task(page.chosen_view())
    task_id = db.in_transaction(lambda: claims.claim_next(by=person))
    if task_id is None:
        say(_("Nothing is waiting to be claimed."))
        return redirect(url_for("inbox.index", view=view), code=303)
    say(_("This task is yours now."), undo=url_for("tasks.release", task_id=task_id, view=view))
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)


@rooms.post("/inbox/claims")
def claim_several() -> ResponseReturnValue:
    """Claim what was ticked, each by itself: what a colleague took meanwhile is theirs."""
    person, view = current_person(), listing.beside_task(page.chosen_view())
    chosen = request.form.getlist("task", type=row_number)[:_MOST_AT_ONCE]
    claimed = 0
    for task_id in chosen:
        with suppress(Refusal):
            db.in_transaction(partial(claims.claim, task_id, by=person))
            claimed += 1
    say(_claimed_words(claimed, missed=len(chosen) - claimed))
    return redirect(url_for("inbox.index", view=inbox.MINE if claimed else view), code=303)


@rooms.post("/inbox/notices/<int:notice_id>/seen")
def see(notice_id: int) -> ResponseReturnValue:
    person = current_person()
    address = db.in_transaction(lambda: lines.leads_to(notices.see(notice_id, by=person)))
    return redirect(address, code=303)


@rooms.post("/inbox/assignments")
def assign_several() -> ResponseReturnValue:
    """Hand on what was ticked, each by itself; what cannot be handed on stays, and why is said."""
    person, view = current_person(), listing.beside_task(page.chosen_view())
    chosen = request.form.getlist("task", type=row_number)[:_MOST_AT_ONCE]
    username, names, refused = request.form.get("to", ""), [], ""
    for task_id in chosen:
        try:
            step = partial(_handed, task_id, username, by=person)
            names.append(db.in_transaction(step))
        except Refusal as refusal:
            refused = sentence(refusal)
    say(_handed_words(names, refused), kind="warn" if refused else "note")
    return redirect(url_for("inbox.index", view=view), code=303)


@rooms.post("/inbox/views")
def keep_view() -> ResponseReturnValue:
    person, filters = current_person(), listing.asked(request.form)
    name = request.form.get("name", "").replace("\0", "")
    view_id = db.in_transaction(lambda: saved_views.keep(name, filters, by=person))
    return redirect(url_for("inbox.index", view=listing.code_of(view_id)), code=303)


@rooms.post("/inbox/views/<int:view_id>/removal")
def remove_view(view_id: int) -> ResponseReturnValue:
    person = current_person()
    db.in_transaction(lambda: saved_views.remove(view_id, by=person))
    return redirect(url_for("inbox.index"), code=303)


def _handed(task_id: int, username: str, *, by: Person) -> str:
    return assigning.assign(task_id, username, by=by).name


def _handed_words(names: list[str], refused: str) -> str:
    words = []
    if names:
        handed = len(names)
        words.append(
            ngettext("%(num)d task was handed over.", "%(num)d tasks were handed over.", handed)
        )
    if refused or not names:
        words.append(refused or _("Tick the tasks first."))
    return " ".join(words)


def _claimed_words(claimed: int, *, missed: int) -> str:
    words = ngettext("%(num)d task is yours now.", "%(num)d tasks are yours now.", claimed)
    if missed:
        words += " " + ngettext(
            "%(num)d was taken meanwhile, or is not for you.",
            "%(num)d were taken meanwhile, or are not for you.",
            missed,
        )
    return words
