"""The imports' pages: choose, look, confirm."""

import base64
import binascii
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.imports import importing
from app.domain.imports.cells import Problem
from app.domain.imports.importing import KINDS, Loaded, Preview
from app.kernel import db
from app.kernel.errors import NotFound, Refusal
from app.web.flashes import say
from app.web.imports.words import unlocks
from app.web.problems import sentence
from app.web.rooms import enter
from app.web.session import current_person
from app.web.tongue import _, ngettext
from app.web.words import shown
from app.workflow import instances

rooms = Blueprint("imports", __name__, url_prefix="/imports")
SHOWN_ROWS = 20
SHOWN_PROBLEMS = 500


@rooms.before_request
def _door() -> None:
    enter("imports")


@rooms.get("")
def index() -> ResponseReturnValue:
    return render_template("imports/index.html", kinds=[_kind(name) for name in KINDS])


@rooms.get("/<kind>/template.csv")
def template(kind: str) -> ResponseReturnValue:
    text = importing.template(kind)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response(text.encode(), content_type="text/csv; charset=utf-8", headers=headers)


@rooms.get("/<kind>")
def choose(kind: str) -> ResponseReturnValue:
    return render_template("imports/choose.html", kind=_kind(kind), preview=None)


@rooms.post("/<kind>")
def check(kind: str) -> ResponseReturnValue:
    file = request.files.get("file")
    raw = file.read() if file else b""
    try:
        found = importing.preview(kind, raw, by=current_person().username)
    except NotFound:
        raise
    except Refusal as refusal:
        words = sentence(refusal)
        page = render_template("imports/choose.html", kind=_kind(kind), preview=None, refusal=words)
        return page, refusal.status
    page = render_template("imports/choose.html", kind=_kind(kind), preview=_preview(found, raw))
    return page, 200 if found.is_ready else 422


@rooms.post("/<kind>/confirmation")
def confirm(kind: str) -> ResponseReturnValue:
    raw, person = _sent(), current_person()

    def step() -> Loaded:
        loaded = importing.load(kind, raw, by=person.username)
        if loaded.start is not None:
            instances.start(loaded.start.process, dict(loaded.start.data), by=person.id)
        return loaded

    loaded = db.in_transaction(step)
    say(ngettext("%(num)d imported.", "%(num)d imported.", loaded.new), kind="good")
    return redirect(url_for(".index"), code=303)


def _sent() -> bytes:
    """The file that was looked at, as the page carried it."""
    try:
        return base64.b64decode(request.form.get("upload", ""), validate=True)
    except binascii.Error:
        return b""


def _kind(name: str) -> dict[str, str]:
    if name not in KINDS:
        raise NotFound
    return {"code": name, "title": _(KINDS[name].title), "unlocks": unlocks(name)}


def _preview(found: Preview, raw: bytes) -> dict[str, Any]:
    known = len(found.already)
    summary = ngettext("%(num)d new.", "%(num)d new.", found.new)
    if known:
        summary += " " + ngettext(
            "%(num)d row is there already and stays as it is.",
            "%(num)d rows are there already and stay as they are.",
            known,
        )
    return {
        "errors": _errors(found.problems[:SHOWN_PROBLEMS]),
        "bad_rows": len({problem.row for problem in found.problems}),
        "summary": summary,
        "new": found.new,
        "confirm": ngettext("Import %(num)d", "Import %(num)d", found.new),
        "columns": found.header,
        "rows": [row.cells for row in found.rows[:SHOWN_ROWS]],
        "upload": base64.b64encode(raw).decode(),
    }


def _errors(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [
        {
            "row": problem.row,
            "column": problem.column,
            "sentence": _(problem.message).format(
                **{name: shown(value) for name, value in problem.facts.items()}
            ),
        }
        for problem in problems
    ]
