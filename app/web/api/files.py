"""Attachments: photographs and papers that programs hand in, and read again as their people may."""

from typing import Any

from flask import Response, request
from flask_smorest.fields import Upload
from marshmallow import fields, validate

from app.kernel import attachments
from app.kernel.attachments import Attachment as Kept
from app.kernel.errors import N_, NotFound
from app.web.api.problem import NotUnderstood
from app.web.api.room import Room
from app.web.api.shapes import Shape, instant, text, whole
from app.web.cases import photographs
from app.web.session import current_person

room = Room(
    "attachments",
    N_(
        "Photographs (JPEG, PNG, WebP, GIF, HEIC) and PDF of at most 10 MB. A field of a form that "
        "asks for files takes their ids."
    ),
)
BYTES = "application/octet-stream"


class HandedIn(Shape):
    """One file, as the part `file` of a form."""

    file = Upload(required=True)


class Through(Shape):
    """Whose file it is to this person: handed in by them, or of a case they may see."""

    case = fields.Integer(
        validate=validate.Range(min=0, max=10**15),
        metadata={"description": "The case that shows it; without one, your own files only."},
    )


class Attachment(Shape):
    """A file that is kept."""

    id = whole()
    name = text()
    media_type = text()
    size_bytes = whole()
    sha256 = text()
    kept_at = instant()


@room.post("", answer=Attachment, files=HandedIn, status=201)
def keep_attachment(asked: dict[str, Any]) -> Kept:
    """Keep a file; the same file of the same person is kept once."""
    if request.form:
        unknown = "Send nothing but the file."
        raise NotUnderstood([{"where": f"form.{one}", "sentence": unknown} for one in request.form])
    file = asked["file"]
    content = file.stream.read(attachments.MOST_BYTES + 1)
    return attachments.keep(file.filename or "", content, by=current_person().id)


@room.get("/<int:attachment_id>", answer=Attachment, query=Through)
def show_attachment(asked: dict[str, int], attachment_id: int) -> Kept:
    """Show what is known of a file."""
    return _found(attachment_id, asked.get("case"))


@room.get_file("/<int:attachment_id>/content", query=Through)
def read_attachment(asked: dict[str, int], attachment_id: int) -> Response:
    """Read the file itself, byte by byte as it was handed in."""
    found = _found(attachment_id, asked.get("case"))
    response = Response(found.content, content_type=BYTES)
    response.headers.set("Content-Disposition", "attachment", filename=found.name)
    return response


def _found(attachment_id: int, case_id: int | None) -> Kept:
    if case_id is not None:
        return photographs.file(case_id, attachment_id)
    found = attachments.get(attachment_id)
    if found.person_id != current_person().id:
        raise NotFound
    return found
