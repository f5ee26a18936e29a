"""Pages of what reached nobody: letters that were given up, messages no case waits for."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.db import db as handle
from app.kernel.outbox import Message, Post
from app.web.cases import naming
from app.web.flashes import say
from app.web.incidents.room import rooms
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import incoming, messages, undelivered
from app.workflow.messages import CONSUMED
from app.workflow.records import ProcessInstance


@rooms.get("/undelivered")
def unheard() -> ResponseReturnValue:
    heard = incoming.names()
    return render_template(
        "incidents/undelivered.html",
        letters=[letter_shown(one) for one in undelivered.letters()],
        messages=[message_shown(one, heard) for one in messages.unmatched(200)],
    )


@rooms.post("/letters/<int:number>/resend")
def resend(number: int) -> ResponseReturnValue:
    by = current_person().id
    db.in_transaction(lambda: undelivered.resend(number, by=by).id)
    return _back(_("The letter is tried again within seconds."), kind="good")


@rooms.post("/letters/<int:number>/dismissal")
def dismiss_letter(number: int) -> ResponseReturnValue:
    by, reason = current_person().id, request.form.get("reason", "")
    db.in_transaction(lambda: undelivered.dismiss_letter(number, by=by, reason=reason).id)
    return _back(_("The letter is given up; the audit keeps why."))


@rooms.post("/messages/<int:number>/retry")
def try_message(number: int) -> ResponseReturnValue:
    by = current_person().id
    db.in_transaction(lambda: undelivered.try_message(number, by=by).id)
    handle.session.expire_all()
    if handle.session.get_one(Message, number).status == CONSUMED:
        return _back(_("A case has it now and goes on."), kind="good")
    return _back(_("No case waits for it yet."), kind="bad")


@rooms.post("/messages/<int:number>/dismissal")
def dismiss_message(number: int) -> ResponseReturnValue:
    by, reason = current_person().id, request.form.get("reason", "")
    db.in_transaction(lambda: undelivered.dismiss_message(number, by=by, reason=reason).id)
    return _back(_("The message is given up; the audit keeps why."))


def letter_shown(letter: Post) -> dict[str, Any]:
    """A letter as the page and the API tell it: never its text, which is not theirs to read."""
    told = letter.payload if isinstance(letter.payload, dict) else {}
    case = _sender(letter)
    return {
        "id": letter.id,
        "channel": letter.channel,
        "to": str(told.get("to", "")),
        "subject": str(told.get("subject", "")),
        "sentence": letter.problem or "",
        "failures": letter.failures,
        "posted_at": letter.posted_at,
        "case_id": case.id if case else None,
        "number": naming.name(case) if case else None,
    }


def message_shown(message: Message, heard: frozenset[str]) -> dict[str, Any]:
    """A message, and why nobody has it; `heard` are the names somebody listens for."""
    return {
        "id": message.id,
        "name": message.name,
        "about": message.correlation,
        "status": message.status,
        "sentence": _why(message, heard),
        "sent_at": message.sent_at,
    }


def _why(message: Message, heard: frozenset[str]) -> str:
    if message.name not in heard:
        return _("No published process listens for messages of this name.")
    others = undelivered.awaited(message.name)
    if not others:
        return _("Processes listen for it, but no open case waits for it now.")
    numbers = ", ".join(others)
    return _("No case waits about this number; cases wait about %(numbers)s.", numbers=numbers)


def _sender(letter: Post) -> ProcessInstance | None:
    """The case that wrote it: letters of a step are kept under the key of its effect."""
    number = letter.key.partition(":")[0]
    is_case = number.isdecimal() and len(number) < len(str(2**62))
    return handle.session.get(ProcessInstance, int(number)) if is_case else None


def _back(words: str, *, kind: str = "note") -> ResponseReturnValue:
    say(words, kind=kind)
    return redirect(url_for(".unheard"), code=303)
