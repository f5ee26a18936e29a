"""What reached nobody: letters that were given up, messages for which no case waits."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.identity import audit
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import N_, NotFound, Refusal
from app.kernel.outbox import Message, Post
from app.workflow import messages, rights
from app.workflow.messages import DISMISSED, PENDING, UNMATCHED
from app.workflow.records import Incident, MessageWait

_GIVEN_UP = (Post.try_at.is_(None), Post.sent_at.is_(None), Post.dismissed_at.is_(None))
_NUMBERS_SHOWN = 3
LONGEST_REASON = 500


class NoReason(Refusal):
    """Who finds it gone one day must find why."""

    code = "no_reason"
    field = "reason"
    message = N_("Say in a few words why this is given up.")
    status = 422


class AlreadySettled(Refusal):
    """Someone, or the clock, was faster."""

    code = "already_settled"
    message = N_("This is settled already: it was delivered, or somebody gave it up.")


def letters(limit: int = 200) -> Sequence[Post]:
    """Letters and other posts that are no longer tried, the newest first."""
    query = select(Post).where(*_GIVEN_UP).order_by(Post.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def awaited(name: str) -> list[str]:
    """A few of the numbers about which cases wait for messages of this name."""
    query = select(MessageWait.correlation).where(MessageWait.name == name).distinct()
    return list(db.session.scalars(query.order_by(MessageWait.correlation).limit(_NUMBERS_SHOWN)))


def unsettled() -> int:
    """How many open incidents, given-up letters and unmatched messages there are."""
    counts = (
        select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None)),
        select(func.count()).select_from(Post).where(*_GIVEN_UP),
        select(func.count())
        .select_from(Message)
        .where(Message.status == UNMATCHED, ~Message.is_news),
    )
    one = select(sum((each.scalar_subquery() for each in counts[1:]), counts[0].scalar_subquery()))
    found: int = db.session.execute(one).scalar_one()
    return found


def resend(letter_id: int, *, by: int) -> Post:
    """Let a letter be tried again, five times.

    Raises:
        NotYourRole: operators of the whole company only.
        AlreadySettled: it left, or was given up by somebody.
    """
    letter = _letter(letter_id, by)
    letter.failures, letter.try_at = 0, clock.now()
    audit.record("letter_sent_again", by=by, subject=f"letter:{letter_id}")
    return letter


def dismiss_letter(letter_id: int, *, by: int, reason: str) -> Post:
    """Try no more, and say why."""
    letter = _letter(letter_id, by)
    letter.dismissed_at = clock.now()
    _note("letter", letter_id, what=letter.key, by=by, reason=reason)
    return letter


def try_message(message_id: int, *, by: int) -> Message:
    """Look for its case once more, right after the open step.

    Raises:
        NotYourRole: operators of the whole company only.
        AlreadySettled: a case has it, or somebody gave it up.
    """
    message = _message(message_id, by)
    message.status, message.try_at = PENDING, clock.now()
    messages.deliver_after(message_id)
    return message


def dismiss_message(message_id: int, *, by: int, reason: str) -> Message:
    """Let no case have it any more, and say why."""
    message = _message(message_id, by)
    message.status = DISMISSED
    _note("message", message_id, what=f"{message.name} {message.correlation}", by=by, reason=reason)
    return message


def _letter(letter_id: int, by: int) -> Post:
    rights.check_office(by, rights.OPERATORS)
    found = db.session.get(Post, letter_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    if found.try_at is not None or found.sent_at is not None or found.dismissed_at is not None:
        raise AlreadySettled
    return found


def _message(message_id: int, by: int) -> Message:
    rights.check_office(by, rights.OPERATORS)
    found = db.session.get(Message, message_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    if found.status != UNMATCHED:
        raise AlreadySettled
    return found


def _note(kind: str, number: int, *, what: str, by: int, reason: str) -> None:
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise NoReason
    details = {"what": what, "reason": words}
    audit.record(f"{kind}_dismissed", by=by, subject=f"{kind}:{number}", details=details)
