"""What reached nobody: letters that were given up, messages no case waits for."""

from typing import Any

from app.web.api import process_shapes as shapes
from app.web.api.events import stops
from app.web.incidents.undelivered import letter_shown, message_shown
from app.web.session import current_person
from app.workflow import incoming, messages, undelivered

__all__ = ["stops"]


@stops.get("/undelivered", answer=shapes.Undelivered)
def list_undelivered() -> dict[str, Any]:
    """List the letters that were given up and the messages no case waits for."""
    heard = incoming.names()
    return {
        "letters": [letter_shown(one) for one in undelivered.letters()],
        "messages": [message_shown(one, heard) for one in messages.unmatched(200)],
    }


@stops.post("/letters/<int:letter_id>/resend", answer=shapes.Letter)
def resend_letter(letter_id: int) -> dict[str, Any]:
    """Let a letter be tried again; it leaves within seconds of the answer."""
    return letter_shown(undelivered.resend(letter_id, by=current_person().id))


@stops.post("/letters/<int:letter_id>/dismissal", answer=shapes.Letter, body=shapes.Dismissal)
def dismiss_letter(asked: dict[str, Any], letter_id: int) -> dict[str, Any]:
    """Give a letter up."""
    by = current_person().id
    return letter_shown(undelivered.dismiss_letter(letter_id, by=by, reason=asked["reason"]))


@stops.post("/messages/<int:message_id>/retry", answer=shapes.Unmatched)
def retry_message(message_id: int) -> dict[str, Any]:
    """Look for the case of a message once more, right after the answer."""
    by = current_person().id
    return message_shown(undelivered.try_message(message_id, by=by), incoming.names())


@stops.post("/messages/<int:message_id>/dismissal", answer=shapes.Unmatched, body=shapes.Dismissal)
def dismiss_message(asked: dict[str, Any], message_id: int) -> dict[str, Any]:
    """Give a message up: no case has it any more."""
    by, reason = current_person().id, asked["reason"]
    found = undelivered.dismiss_message(message_id, by=by, reason=reason)
    return message_shown(found, incoming.names())
