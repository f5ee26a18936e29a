"""Files and look-ups for fields: kept, shown again to whoever handed them in, found by typing."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.kernel import attachments, db
from app.kernel.attachments import Attachment
from app.kernel.errors import NotFound
from app.web.forms import finding, leading, submission
from app.web.session import current_person
from app.workflow.forms import lookups

rooms = Blueprint("forms", __name__, template_folder="templates")
rooms.record_once(lambda _state: finding.register())
rooms.record_once(lambda state: state.app.jinja_env.globals.update(way_of=leading.way))

# A file is looked at and nothing else: it loads, runs and frames nothing.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@rooms.post("/attachments")
def upload() -> ResponseReturnValue:
    """Keep files at once; a draft then holds their ids."""
    person_id = current_person().id
    kept = db.in_transaction(lambda: submission.keep_files(request, by=person_id))
    ids = frozenset(file_id for ids in kept.values() for file_id in ids)
    return jsonify([{"id": key, "name": name} for key, name in attachments.names(ids).items()])


@rooms.get("/attachments/<int:attachment_id>")
def attachment(attachment_id: int) -> ResponseReturnValue:
    """A file, to the person who handed it in; cases show theirs through their own page."""
    found = attachments.get(attachment_id)
    if found.person_id != current_person().id:
        raise NotFound
    return as_response(found)


@rooms.get("/lookups/<kind>")
def lookup(kind: str) -> ResponseReturnValue:
    """What matches the text typed so far."""
    found = lookups.found(kind, request.args.get("q", "")[:100])
    return jsonify([{"value": match.value, "label": match.label} for match in found])


def as_response(kept: Attachment) -> Response:
    """The file, shown when it is a picture and handed over otherwise; never run."""
    way = "inline" if kept.media_type in attachments.SHOWN else "attachment"
    response = Response(kept.content, content_type=kept.media_type)
    response.headers.set("Content-Disposition", way, filename=kept.name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
