"""What stands in the list: a view everybody has, a filter, or a filter somebody kept by name."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select

from app.identity.people import Person
from app.kernel.db import db
from app.kernel.errors import NotFound
from app.web import words
from app.web.inbox import cards
from app.web.inbox.cards import View
from app.web.session import my_roles
from app.web.tongue import _
from app.workflow import inbox, saved_views
from app.workflow.records import Definition
from app.workflow.saved_views import Filters, KeptView, SavedView

FILTERED = "filter"
_AT_ONCE = 50
_SAVED = re.compile(r"saved-(\d{1,18})")


def page(
    person: Person, view: str, *, after: str | None, today_ends: datetime | None
) -> inbox.Page:
    """One page of a view."""
    filters = _filters(person, view)
    if filters is None:
        return inbox.page(person, view=view, after=after, today_ends=today_ends)
    skip = max(int((after or "0").partition(".")[0]), 0)
    ends = today_ends or cards.today_ends()
    found = saved_views.tasks(filters, person, today_ends=ends, skip=skip, limit=_AT_ONCE + 1)
    older = f"{skip + _AT_ONCE}.0" if len(found) > _AT_ONCE else None
    return inbox.Page(found[:_AT_ONCE], older)


def views(person: Person, *, today_ends: datetime) -> list[View]:
    """The views everybody has, then the person's own, with their counts."""
    usual = cards.views(inbox.counts(person, today_ends=today_ends))
    kept = [
        View(code_of(one.id), one.name, _count(one, person, today_ends))
        for one in saved_views.of(person)
    ]
    return usual + kept


def title(person: Person, view: str) -> str:
    """What the list is called."""
    if view == FILTERED:
        return _("Filtered")
    return cards.view_title(view) if view in inbox.VIEWS else saved(person, view).name


def saved(person: Person, view: str) -> SavedView:
    """The kept view that `view` names.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    found = _SAVED.fullmatch(view)
    if found is None:
        raise NotFound
    return saved_views.mine(int(found[1]), person)


def code_of(view_id: int) -> str:
    """How addresses name a kept view."""
    return f"saved-{view_id}"


def beside_task(view: str) -> str:
    """The view that stays beside an open task: a filter nobody kept is not carried along."""
    return inbox.ROLES if view == FILTERED else view


def carried(view: str) -> dict[str, str]:
    """What the addresses of a filter that nobody kept must say again."""
    chosen = asdict(asked(request.values)) if view == FILTERED else {}
    return {name: value for name, value in chosen.items() if value}


def shown_filters(person: Person, view: str) -> dict[str, Any] | None:
    """What the filter's form offers and has chosen; None for a view everybody has."""
    filters = _filters(person, view)
    if filters is None:
        return None
    return {
        "chosen": asdict(filters),
        "view_id": saved(person, view).id if _SAVED.fullmatch(view) else None,
        "roles": sorted((role, words.role_title(role)) for role in my_roles()),
        "processes": _processes(),
        "due": [
            (saved_views.LATE, _("Late")),
            (saved_views.TODAY, _("Due today")),
            (saved_views.LATER, _("Later")),
        ],
    }


def asked(given: Mapping[str, str]) -> Filters:
    """The filters of a form."""
    return Filters.of({name: value.replace("\0", "") for name, value in given.items()})


def _filters(person: Person, view: str) -> Filters | None:
    if view == FILTERED:
        return asked(request.values)
    return None if view in inbox.VIEWS else Filters.of(saved(person, view).filters)


def _count(one: KeptView, person: Person, today_ends: datetime) -> int:
    filters = Filters.of(one.filters)
    return saved_views.count(filters, person, today_ends=today_ends, most=inbox.COUNTED_TO)


def _processes() -> list[tuple[str, str]]:
    """The processes by their newest titles."""
    rows = db.session.execute(select(Definition.key, Definition.titles).order_by(Definition.id))
    newest = {key: words.title(titles) for key, titles in rows}
    return sorted(newest.items(), key=lambda pair: pair[1])
