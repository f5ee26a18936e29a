"""The three panes as one page, whether a task is open in it or not."""

import re
from typing import Any

from flask import render_template, request

from app.kernel.errors import NotFound
from app.web.inbox import cards
from app.web.session import current_person
from app.web.start import checklist
from app.workflow import inbox

_CURSOR = re.compile(r"-?\d{1,18}\.\d{1,18}")


def render(**pane: Any) -> str:
    """The inbox of the person signed in; `pane` is what the right side shows."""
    person, view = current_person(), chosen_view()
    ends = cards.today_ends()
    page = inbox.page(person, view=view, after=_after(), today_ends=ends)
    return render_template(
        "inbox/index.html",
        view=view,
        view_title=cards.view_title(view),
        views=cards.views(inbox.counts(person, today_ends=ends)),
        cards=cards.cards(page.rows, person, view=view),
        older=page.after,
        newest=max((row.id for row in page.rows), default=0),
        anything_to_claim=any(row.holder_id is None and not row.excluded_me for row in page.rows),
        nothing=cards.nothing_here(view),
        to_set_up=checklist.for_me(),
        **{"open": None, "closed": None, **pane},
    )


def chosen_view() -> str:
    """The view the address or the form names; my roles when it names none.

    Raises:
        NotFound: there is no such view.
    """
    view = request.values.get("view") or inbox.ROLES
    if view not in inbox.VIEWS:
        raise NotFound
    return view


def _after() -> str | None:
    after = request.args.get("after")
    return after if after and _CURSOR.fullmatch(after) else None
