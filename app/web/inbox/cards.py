"""What a list shows of each task, and what a view says of itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache, partial
from typing import NamedTuple

from flask import url_for

from app.identity.people import Person
from app.kernel import clock
from app.web.language import locale_code
from app.web.reading import as_read
from app.web.tongue import _
from app.web.words import DueWords, due_teller, site, zone
from app.workflow import definitions, inbox


class Card(NamedTuple):
    """One row of the list."""

    id: int
    address: str
    title: str
    sub: str
    due_at: datetime | None
    due: DueWords | None
    holder: str
    is_mine: bool
    may_claim: bool


@dataclass(frozen=True)
class View:
    """One entry of the left pane."""

    code: str
    title: str
    count: int

    @property
    def count_text(self) -> str:
        return f"{inbox.COUNTED_TO}+" if self.count >= inbox.COUNTED_TO else str(self.count)


class _Tellers(NamedTuple):
    """What is asked once for a list: the clock for all due times, each step's name once."""

    due: Callable[[datetime], DueWords]
    title: Callable[[int, str], str]
    place: Callable[[str], str]


def cards(rows: Iterable[inbox.Row], person: Person, *, view: str) -> list[Card]:
    """The rows as `person` reads them."""
    locale = locale_code()
    # One address is built and filled in: building fifty took as long as reading the rows.
    before, after = url_for("tasks.show", task_id=0, view=view).split("0", maxsplit=1)
    tell = _Tellers(due_teller(), cache(partial(definitions.title, locale=locale)), cache(site))
    return [_card(row, person, tell, address=f"{before}{row.id}{after}") for row in rows]


def views(counts: dict[str, int]) -> list[View]:
    """The views everybody has, with their counts, in the order people use them."""
    return [View(code, view_title(code), counts.get(code, 0)) for code in inbox.VIEWS]


def view_title(code: str) -> str:
    """What a view is called."""
    return {
        inbox.MINE: _("Mine"),
        inbox.ROLES: _("My roles"),
        inbox.DUE_TODAY: _("Due today"),
        inbox.BREACHED: _("Late"),
    }[code]


def nothing_here(code: str) -> dict[str, str]:
    """What an empty view says comes next."""
    return {
        inbox.MINE: {
            "title": _("You hold no task"),
            "text": _("Take one from “My roles”, or press “Claim next”."),
        },
        inbox.ROLES: {
            "title": _("Nothing to do"),
            "text": _("When a case reaches one of your roles, its task appears here by itself."),
        },
        inbox.DUE_TODAY: {"title": _("Nothing is due today"), "text": ""},
        inbox.BREACHED: {"title": _("Nothing is late"), "text": ""},
    }.get(code, {"title": _("Nothing matches"), "text": _("Change the filter to see more.")})


def today_ends() -> datetime:
    """The end of the company's day."""
    local = clock.now().astimezone(zone())
    tomorrow = (local + timedelta(days=1)).date()
    return datetime.combine(tomorrow, time.min, tzinfo=zone())


def _card(row: inbox.Row, person: Person, tell: _Tellers, *, address: str) -> Card:
    words = dict.fromkeys(filter(None, (row.subject or row.business_key, tell.place(row.scope))))
    mine = row.holder_id == person.id
    return Card(
        id=row.id,
        address=address,
        title=tell.title(row.definition_id, row.element_id),
        sub=" · ".join(as_read(word) for word in words),
        due_at=row.due_at,
        due=tell.due(row.due_at) if row.due_at else None,
        holder=_("you") if mine else row.holder or "",
        is_mine=mine,
        may_claim=row.holder_id is None and not row.excluded_me,
    )
