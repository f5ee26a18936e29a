"""Processes, messages and incidents as programs read and begin them."""

from marshmallow import fields, validate

from app.web.api.form_shapes import Form
from app.web.api.shapes import (
    CODE_LENGTH,
    WHOLE_TEXT,
    PagedByRow,
    Shape,
    flag,
    given,
    instant,
    many,
    one,
    text,
    whole,
)

_FILE_NAME = validate.Regexp(r"^[A-Za-z0-9_/-]{1,180}\.(bpmn|dmn|json)$")


class Place(Shape):
    """Where a case can be begun."""

    scope = text()
    name = text()


class Start(Shape):
    """One way to begin a case by hand, for those who hold its role."""

    step = text()
    title = text()
    roles = fields.List(fields.String(), required=True)
    is_mine = flag("Whether the reader may use it.")
    places = many(Place)
    form = one(Form, nullable=True)


class ProcessLine(Shape):
    """One published process."""

    key = text()
    version = whole()
    title = text()
    published_at = instant()


class ProcessList(Shape):
    """Every published process."""

    items = many(ProcessLine)


class Step(Shape):
    """One element of the diagram."""

    id = text()
    kind = text()
    title = text()
    role = text(nullable=True)


class Process(ProcessLine):
    """One published process: how it begins and what is drawn in it."""

    starts = many(Start)
    steps = many(Step)


class Doubt(Shape):
    """What does not keep a version from being published, but may be a mistake."""

    step = text("The element or arrow of the diagram.")
    sentence = text()


class Published(Process):
    """The version that is live now."""

    doubts = many(Doubt)


class Beginning(Shape):
    """How a case shall begin."""

    start = fields.String(
        validate=validate.Length(min=1, max=CODE_LENGTH),
        metadata={"description": "Which start; may be left out when there is one."},
    )
    place = fields.String(
        validate=validate.Length(min=1, max=CODE_LENGTH),
        metadata={"description": "A scope of the start's `places`."},
    )
    answers = given("Answers of the start's form.", load_default=dict)


class File(Shape):
    """One file of a version."""

    name = fields.String(
        required=True,
        validate=_FILE_NAME,
        metadata={"description": "`receiving.bpmn`, `forms/receiving/count_delivery.json` …"},
    )
    content = fields.String(required=True, validate=validate.Length(min=1))


class Version(Shape):
    """A whole version: the diagram with those it calls, their decisions and forms."""

    files = fields.List(
        fields.Nested(File), required=True, validate=validate.Length(min=1, max=200)
    )


class Message(Shape):
    """Something that happened outside."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=100))
    about = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "The business number it is about."},
    )
    key = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "Names this message; sent twice it is the same message."},
    )
    payload = given("What it says.", load_default=dict)


class Kept(Shape):
    """The message is kept; it reaches its case at once or when one waits for it."""

    is_new = flag("Whether it was not kept before.")


class Incident(Shape):
    """A step that could not be finished."""

    id = whole()
    case_id = whole(nullable=True)
    number = text("The business number of the case.", nullable=True)
    step = text(nullable=True)
    title = text()
    sentence = text()
    trace = text()
    failures = whole()
    opened_at = instant()
    try_at = instant("When it is tried again by itself.", nullable=True)
    resolved_at = instant(nullable=True)


class IncidentsAsked(PagedByRow):
    """Open incidents."""


class IncidentPage(Shape):
    """Open incidents, the newest first."""

    items = many(Incident)
    next = whole(nullable=True)


class Letter(Shape):
    """A letter that is no longer tried; its text is not told."""

    id = whole()
    channel = text()
    to = text()
    subject = text()
    sentence = text("What went wrong the last time.")
    failures = whole()
    posted_at = instant()
    case_id = whole("The case that wrote it.", nullable=True)
    number = text("The business number of the case.", nullable=True)


class Unmatched(Shape):
    """A message no case waits for."""

    id = whole()
    name = text()
    about = text("The business number it is about.")
    status = text("unmatched, pending (being tried again) or dismissed")
    sentence = text("Why no case has it.")
    sent_at = instant()


class Undelivered(Shape):
    """What reached nobody, the newest first, at most 200 of each."""

    letters = many(Letter)
    messages = many(Unmatched)


class Dismissal(Shape):
    """Why it is given up."""

    reason = fields.String(required=True, validate=[validate.Length(min=1, max=500), WHOLE_TEXT])


class Retry(Shape):
    """How to try again."""

    restart_effect = fields.Boolean(
        load_default=False,
        truthy={True},
        falsy={False},
        metadata={"description": "Let an effect that happened already happen once more."},
    )
