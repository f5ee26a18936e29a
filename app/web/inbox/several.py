"""Several tasks at once: claimed, given back, handed on, and each of these undone.

Each is a step of its own, so that what a colleague took meanwhile stays theirs.
"""

from collections.abc import Callable
from functools import partial

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel import db
from app.kernel.errors import Refusal
from app.web.addresses import row_number
from app.web.flashes import say
from app.web.inbox import listing, page
from app.web.inbox.room import rooms
from app.web.problems import sentence
from app.web.session import current_person
from app.web.tongue import _, ngettext
from app.workflow import assigning, claims, inbox

_MOST = 50


@rooms.post("/inbox/claims")
def claim_several() -> ResponseReturnValue:
    person = current_person()
    claimed, missed, _why = _each(lambda task_id: claims.claim(task_id, by=person))
    words = ngettext("%(num)d task is yours now.", "%(num)d tasks are yours now.", len(claimed))
    if missed:
        words += " " + ngettext(
            "%(num)d was taken meanwhile, or is not for you.",
            "%(num)d were taken meanwhile, or are not for you.",
            missed,
        )
    return _on(words, undo="inbox.release_several", done=claimed, then=inbox.MINE)


@rooms.post("/inbox/releases")
def release_several() -> ResponseReturnValue:
    person = current_person()
    released, _missed, why = _each(lambda task_id: claims.release(task_id, by=person))
    words = ngettext(
        "%(num)d task was given back.", "%(num)d tasks were given back.", len(released)
    )
    return _on(words, why, undo="inbox.claim_several", done=released)


@rooms.post("/inbox/assignments")
def assign_several() -> ResponseReturnValue:
    """Hand on what was ticked; what cannot be handed on stays, and why is said."""
    person, to = current_person(), request.form.get("to", "")
    handed, _missed, why = _each(lambda task_id: assigning.assign(task_id, to, by=person).name)
    words = ngettext(
        "%(num)d task was handed over.", "%(num)d tasks were handed over.", len(handed)
    )
    return _on(words, why, undo="inbox.take_back_several", done=handed)


@rooms.post("/inbox/assignments/removal")
def take_back_several() -> ResponseReturnValue:
    person = current_person()
    taken, _missed, why = _each(lambda task_id: assigning.take_back(task_id, by=person))
    words = ngettext(
        "%(num)d task was taken back; your colleague is not told.",
        "%(num)d tasks were taken back; your colleague is not told.",
        len(taken),
    )
    return _on(words, why, done=taken)


def _each(deed: Callable[[int], object]) -> tuple[list[int], int, str]:
    """The ticked tasks it was done to, how many it was not, and why the last of them."""
    chosen = dict.fromkeys(request.values.getlist("task", type=row_number))
    done, refused = list[int](), list[str]()
    for task_id in [*chosen][:_MOST]:
        try:
            db.in_transaction(partial(deed, task_id))
            done.append(task_id)
        except Refusal as refusal:
            refused.append(sentence(refusal))
    return done, len(refused), refused[-1] if refused else ""


def _on(
    words: str, why: str = "", *, done: list[int], undo: str = "", then: str = ""
) -> ResponseReturnValue:
    """Back to the list, saying what happened, with the way back."""
    view = listing.beside_task(page.chosen_view())
    nothing = why or _("Tick the tasks first.")
    text = " ".join(part for part in (words, why) if part) if done else nothing
    way_back = url_for(undo, task=done, view=view) if undo and done else ""
    say(text, kind="warn" if why else "note", undo=way_back)
    return redirect(url_for("inbox.index", view=then if then and done else view), code=303)
