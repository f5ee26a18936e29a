"""After a completion: what happened, who has it now, and the next row."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.kernel.i18n import text_of
from app.web.cases import naming
from app.web.flashes import say
from app.web.inbox import cards
from app.web.language import locale_code
from app.web.session import current_person
from app.web.words import role_title
from app.workflow import inbox, instances
from app.workflow.completion import Completion, Next


def go_on(done: Completion, *, view: str) -> ResponseReturnValue:
    """Say it on the next page, which is the next row of the view."""
    say(_words(done), kind="warn" if done.incidents else "good")
    person = current_person()
    rows = inbox.page(person, view=view, today_ends=cards.today_ends()).rows
    mine = [row.id for row in rows if row.holder_id in {None, person.id} and not row.excluded_me]
    if mine:
        return redirect(url_for("tasks.show", task_id=mine[0], view=view), code=303)
    return redirect(url_for("inbox.index", view=view), code=303)


def _words(done: Completion) -> str:
    case = instances.get(done.instance_id)
    title = naming.element_title(case.definition_id, done.element_id)
    parts = [_("Done: %(title)s.", title=title)]
    if done.incidents:
        numbers = ", ".join(f"#{one}" for one in done.incidents)
        parts.append(
            _("Your answers are kept, but a later step failed; operators have incident %(numbers)s.", numbers=numbers)
        )
    elif done.next:
        parts.extend(_next(one) for one in done.next[:2])
        more = len(done.next) - 2
        if more > 0:
            parts.append(ngettext("And %(num)d more task.", "And %(num)d more tasks.", more))
    elif done.is_finished:
        parts.append(_("%(case)s is finished.", case=naming.name(case)))
    return " ".join(parts)


def _next(one: Next) -> str:
    title = text_of(one.titles, locale_code())
    return _("Next: %(title)s, by %(who)s.", title=title, who=one.holder or role_title(one.role))
