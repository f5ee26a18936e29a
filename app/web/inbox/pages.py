"""The inbox's pages: the list, its news, views that people keep, and taking tasks."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.inbox import cards, listing, page, several, told
from app.web.inbox import notices as lines
from app.web.inbox.room import rooms
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import claims, notices, saved_views

__all__ = ["rooms", "several"]


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


@rooms.post("/inbox/notices/<int:notice_id>/seen")
def see(notice_id: int) -> ResponseReturnValue:
    person = current_person()
    address = db.in_transaction(lambda: lines.leads_to(notices.see(notice_id, by=person)))
    return redirect(address, code=303)


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
