"""The inbox's pages: the list, its news, and taking the next task."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.web.flashes import say
from app.web.inbox import cards, page
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import claims, inbox

rooms = Blueprint("inbox", __name__)


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
    rows = inbox.page(person, view=view, today_ends=ends).rows
    return render_template(
        "inbox/_news.html",
        number=sum(row.id > since for row in rows),
        view=view,
        views=cards.views(inbox.counts(person, today_ends=ends)),
    )


@rooms.post("/inbox/next")
def claim_next() -> ResponseReturnValue:
    person, view = current_person(), page.chosen_view()
    task_id = db.in_transaction(lambda: claims.claim_next(by=person))
    if task_id is None:
        say(_("Nothing is waiting to be claimed."))
        return redirect(url_for("inbox.index", view=view), code=303)
    say(_("This task is yours now."), undo=url_for("tasks.release", task_id=task_id, view=view))
    return redirect(url_for("tasks.show", task_id=task_id, view=view), code=303)
