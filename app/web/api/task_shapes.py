"""Tasks as programs read and answer them."""

from marshmallow import fields, validate

from app.web.api.form_shapes import Form
from app.web.api.shapes import (
    Paged,
    Shape,
    anything,
    code,
    flag,
    given,
    instant,
    many,
    one,
    text,
    whole,
)
from app.workflow import inbox


class TasksAsked(Paged):
    """Which tasks: of a view of the inbox, or those about a number or a step."""

    view = fields.String(
        load_default=inbox.ROLES,
        validate=validate.OneOf(inbox.VIEWS),
        metadata={"description": "A view of the inbox; not used with `number` or `step`."},
    )
    after = fields.String(
        validate=validate.Regexp(r"^-?[0-9]{1,16}\.[0-9]{1,16}$"),
        metadata={"description": "The `next` of the page before."},
    )
    number = code("A business number: tasks of the cases that carry it.")
    step = code("The id of a step in a diagram, such as `count_delivery`.")


class TaskLine(Shape):
    """One open task in a list."""

    id = whole()
    step = text("The id of the step in its diagram.")
    title = text("In the language of the request.")
    role = text()
    scope = text("`site:CODE`, `supplier:CODE`, or empty for the whole company.")
    number = text("The business number of its case.", nullable=True)
    subject = text(nullable=True)
    due_at = instant(nullable=True)
    opened_at = instant()
    holder = text("Who is working on it.", nullable=True)
    is_mine = flag()


class TaskPage(Shape):
    """Some tasks, and where the next page begins."""

    items = many(TaskLine)
    next = text("The `after` of the next page.", nullable=True)


class Barred(Shape):
    """Why this person may not do it now."""

    code = text()
    sentence = text()


class Task(TaskLine):
    """One open task with everything needed to do it."""

    case_id = whole(nullable=True)
    summary = text("Why somebody has this task.")
    is_blind = flag("Whether expected figures stay unseen while it is open.")
    facts = fields.Raw(required=True, allow_none=True)
    form = one(Form, nullable=True)
    draft = fields.Dict(required=True, allow_none=True)
    barred = one(Barred, nullable=True)


class Assignee(Shape):
    """The colleague who gets a task."""

    username = code("Their sign-in name.", required=True)


class Answers(Shape):
    """Answers by the names of the form, flat (`receipt.lines.0.counted`) or nested."""

    answers = given("Answers by name.", load_default=dict)


class Next(Shape):
    """A task that opened."""

    title = text()
    role = text()
    scope = text()


class Completion(Shape):
    """What came of it. Incidents are steps that failed later; the answers are kept."""

    task_id = whole()
    title = text()
    case_id = whole(nullable=True)
    number = text(nullable=True)
    next = many(Next)
    incidents = fields.List(fields.Integer(), required=True)
    is_finished = flag("Whether the case has ended.")


class Draft(Shape):
    """Answers kept for later."""

    answers = anything("Answers by name.")
