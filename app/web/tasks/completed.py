"""After a completion: what happened, who has it now, and the next row."""

from datetime import datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, select

from app.kernel.db import connection
from app.kernel.errors import N_
from app.kernel.i18n import sentences, text_of
from app.web import rooms
from app.web.cases import naming
from app.web.flashes import say
from app.web.inbox import cards, listing
from app.web.language import locale_code
from app.web.session import current_person
from app.web.tongue import _, ngettext
from app.web.words import role_title
from app.workflow import inbox
from app.workflow.completion import Completion
from app.workflow.records import CaseNumber, Task

SAID, MOST = 2, 20
FAILED = N_("Your answers are kept, but a later step failed; operators have incident %(numbers)s.")
_ELSEWHERE = (
    select(Task.definition_id, Task.element_id, Task.role)
    .where(
        Task.instance_id.in_(
            select(CaseNumber.instance_id).where(
                CaseNumber.number.in_(bindparam("numbers", expanding=True))
            )
        ),
        Task.instance_id != bindparam("case"),
        Task.opened_at >= bindparam("since"),
    )
    .order_by(Task.id)
    .limit(MOST)
)


def go_on(done: Completion, *, view: str, since: datetime) -> ResponseReturnValue:
    """Say it on the next page, which is the next row of the view."""
    say(_words(done, since), kind="warn" if done.incidents else "good")
    person = current_person()
    ends = cards.today_ends() if view == inbox.DUE_TODAY else None
    rows = listing.page(person, view, after=None, today_ends=ends).rows
    mine = [row.id for row in rows if row.holder_id in {None, person.id} and not row.excluded_me]
    if mine:
        return redirect(url_for("tasks.show", task_id=mine[0], view=view), code=303)
    return redirect(url_for("inbox.index", view=view), code=303)


def _words(done: Completion, since: datetime) -> str:
    parts = [_("Done: %(title)s.", title=text_of(done.titles, locale_code()))]
    if done.incidents:
        numbers = ", ".join(f"#{one}" for one in done.incidents)
        parts.append(_(FAILED, numbers=numbers))
    elif not rooms.is_outsider():
        parts += _now(done, since)
    return sentences(parts, locale_code())


def _now(done: Completion, since: datetime) -> list[str]:
    """Who has it now: in this case, or in those that its messages have just begun."""
    found = [
        _next(text_of(one.titles, locale_code()), one.holder or role_title(one.role))
        for one in done.next
    ]
    found += [
        _next(naming.element_title(definition_id, element_id), role_title(role))
        for definition_id, element_id, role in _elsewhere(done, since)
    ]
    if not found and done.is_finished:
        return [
            _(
                "%(case)s is finished.",
                case=done.business_key or _("Case %(number)s", number=done.instance_id),
            )
        ]
    more = len(found) - SAID
    if more > 0:
        found[SAID:] = [ngettext("And %(num)d more task.", "And %(num)d more tasks.", more)]
    return found


def _elsewhere(done: Completion, since: datetime) -> list[tuple[int, str, str]]:
    if not done.numbers:
        return []
    given = {"numbers": done.numbers, "case": done.instance_id, "since": since}
    rows = connection().execute(_ELSEWHERE, given)
    return [(definition_id, element_id, role) for definition_id, element_id, role in rows]


def _next(title: str, who: str) -> str:
    return _("Next: %(title)s, by %(who)s.", title=title, who=who)
