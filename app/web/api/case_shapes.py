"""Cases as programs read them."""

from marshmallow import fields, validate

from app.web.api.shapes import PagedByRow, Shape, code, flag, instant, many, text, whole
from app.workflow.records import CANCELLED, FINISHED, OPEN


class CasesAsked(PagedByRow):
    """Which cases."""

    state = fields.String(
        load_default=OPEN,
        validate=validate.OneOf((OPEN, "over")),
        metadata={"description": "`open`, or `over` for those that ended."},
    )
    process = code("The key of a process.")
    number = code("A business number that the case carries, whatever its state.")


class CaseLine(Shape):
    """One case in a list."""

    id = whole()
    process = text("The key of its process.")
    number = text("Its business number.", nullable=True)
    subject = text(nullable=True)
    scope = text()
    state = text(validate=validate.OneOf((OPEN, FINISHED, CANCELLED)))
    started_at = instant()
    ended_at = instant(nullable=True)


class CasePage(Shape):
    """Some cases, the newest first."""

    items = many(CaseLine)
    next = whole("The `after` of the next page.", nullable=True)


class OpenStep(Shape):
    """A task the case waits for. `id` opens it when it is the reader's to do."""

    id = whole(nullable=True)
    step = text()
    title = text()
    role = text()
    holder = text(nullable=True)
    due_at = instant(nullable=True)


class Wait(Shape):
    """A message or a moment the case waits for."""

    step = text()
    title = text()
    due_at = instant(nullable=True)


class Stop(Shape):
    """A step that could not be finished."""

    incident_id = whole()
    step = text(nullable=True)
    title = text()


class Case(CaseLine):
    """One case and what it waits for."""

    sentence = text("Where it stands, in the language of the request.")
    tasks = many(OpenStep)
    waits = many(Wait)
    incidents = many(Stop)


class Cancellation(Shape):
    """Why a case ends."""

    reason = text("Kept in the history of the case, with the person of the key.")


class Effect(Shape):
    """What a step did to the business."""

    name = text()
    key = text()
    arguments = fields.Raw(required=True, allow_none=True)
    result = fields.Raw(required=True, allow_none=True)


class Moment(Shape):
    """One moment of a case. Answers and effects are null while figures must stay unseen."""

    at = instant()
    kind = text("started, completed, timer, message, retried, cancelled, withdrawn, incident …")
    step = text(nullable=True)
    title = text()
    person = text(nullable=True)
    answers = fields.Raw(required=True, allow_none=True)
    effect = fields.Nested(Effect, required=True, allow_none=True)


class History(Shape):
    """Everything that happened in a case, oldest first."""

    hidden_while_counting = flag("Whether the reader still has to count what it would tell.")
    items = many(Moment)
