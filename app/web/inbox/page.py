"""The three panes as one page, whether a task is open in it or not."""

import re
from collections.abc import Sequence
from typing import Any

from flask import render_template, request

from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock
from app.web.inbox import cards, listing, notices, told
from app.web.session import current_person
from app.web.start import checklist
from app.workflow import inbox

_CURSOR = re.compile(r"-?\d{1,16}\.\d{1,16}")


def render(**pane: Any) -> str:
    """The inbox of the person signed in; `pane` is what the right side shows."""
    person, view = current_person(), chosen_view()
    ends = cards.today_ends()
    lines = notices.mine()
    page = listing.page(person, view, after=_after(), today_ends=ends)
    rows = cards.cards(page.rows, person, view=listing.beside_task(view))
    is_mine = view == inbox.MINE
    return render_template(
        "inbox/index.html",
        view=view,
        view_title=listing.title(person, view),
        views=listing.views(person, today_ends=ends),
        filters=listing.shown_filters(person, view),
        carried=listing.carried(view),
        cards=rows,
        may_choose=any(one.may_claim or (is_mine and one.is_mine) for one in rows),
        older=page.after,
        newest=max((row.id for row in page.rows), default=0),
        drawn_at=int(clock.now().timestamp()),
        anything_to_claim=any(row.holder_id is None and not row.excluded_me for row in page.rows),
        nothing=cards.nothing_here(view),
        to_set_up=checklist.for_me(),
        notices=lines,
        told=told.newest(lines),
        told_count=told.counted(lines),
        to_hand_to=_to_hand_to(page.rows, person) if is_mine else [],
        **{"open": None, "closed": None, **pane},
    )


def chosen_view() -> str:
    """The view the address or the form names; my roles when it names none.

    Raises:
        NotFound: there is no such view, or it is somebody else's.
    """
    view = request.values.get("view") or inbox.ROLES
    if view in {*inbox.VIEWS, listing.FILTERED}:
        return view
    listing.saved(current_person(), view)
    return view


def _to_hand_to(rows: Sequence[inbox.Row], person: Person) -> list[Person]:
    """The colleagues who hold a role of the tasks in the list."""
    places = {(row.role, row.scope) for row in rows}
    found = {one.id: one for role, scope in places for one in memberships.who_may(role, scope)}
    near = (one for one in found.values() if one.id != person.id and one.party == person.party)
    return sorted(near, key=lambda one: one.name)


def _after() -> str | None:
    after = request.args.get("after")
    return after if after and _CURSOR.fullmatch(after) else None
