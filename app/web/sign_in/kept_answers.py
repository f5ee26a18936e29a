"""What someone typed when their session ran out: carried past the door and kept as a draft."""

import contextlib
import json
import re

from flask import request, url_for

from app.identity.people import Person
from app.kernel import db
from app.kernel.errors import Refusal
from app.workflow import drafts

LONGEST = 400_000
_COMPLETION = re.compile(r"/tasks/(\d+)/completion")
_OURS = {"csrf_token", "view"}


def carried() -> tuple[str, str] | None:
    """The answers of a completion posted without a session, and the page to come back to."""
    task = _COMPLETION.fullmatch(request.path)
    if request.method != "POST" or task is None:
        return None
    answers = {name: value for name, value in request.form.items() if name not in _OURS}
    text = json.dumps({"task": int(task[1]), "answers": answers})
    return (text if len(text) <= LONGEST else ""), url_for("tasks.show", task_id=int(task[1]))


def put_back(text: str | None, *, by: Person) -> None:
    """Keep the carried answers as the person's draft, if the task is theirs to see."""
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, Refusal):
        kept = json.loads(text or "")
        task_id, answers = int(kept["task"]), dict(kept["answers"].items())
        db.in_transaction(lambda: drafts.save(task_id, answers, by=by))
