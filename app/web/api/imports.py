"""Imports: tables of business data, looked at first, then kept whole or not at all."""

from typing import Any

from marshmallow import fields, validate

from app.domain.imports import importing
from app.domain.imports.importing import KINDS, Loaded
from app.kernel.errors import N_
from app.web.api import problem
from app.web.api.room import Room
from app.web.api.shapes import Shape, flag, many, text, whole
from app.web.session import current_person
from app.web.tongue import _
from app.workflow import instances

room = Room("imports", N_("Tables of business data, as CSV."), house_room="imports")


class Column(Shape):
    """One column of a table."""

    name = text()
    required = flag()
    example = text()


class Kind(Shape):
    """One kind of table."""

    kind = text()
    title = text()
    columns = many(Column)


class Kinds(Shape):
    """Every kind of table."""

    items = many(Kind)


class Table(Shape):
    """A table as CSV, its first row naming the columns."""

    csv = fields.String(required=True, validate=validate.Length(min=1))


class Finding(Shape):
    """What is wrong in one cell."""

    where = text()
    sentence = text()


class Preview(Shape):
    """What keeping it would do."""

    is_ready = flag("Whether it can be kept.")
    rows = whole()
    new = whole("How many things would be made.")
    already = fields.List(
        fields.Integer(), required=True, metadata={"description": "Rows known already."}
    )
    findings = many(Finding)


class Imported(Shape):
    """What was made."""

    new = whole()
    already = fields.List(fields.Integer(), required=True)


@room.get("", answer=Kinds)
def list_imports() -> dict[str, Any]:
    """List the kinds of tables and their columns."""
    kinds = [
        {"kind": one.name, "title": _(one.title), "columns": one.columns} for one in KINDS.values()
    ]
    return {"items": kinds}


@room.post("/<kind>/preview", answer=Preview, body=Table)
def preview_import(asked: dict[str, str], kind: str) -> dict[str, Any]:
    """Say what keeping a table would do; nothing is written."""
    found = importing.preview(kind, asked["csv"].encode(), by=current_person().username)
    return {
        "is_ready": found.is_ready,
        "rows": len(found.rows),
        "new": found.new,
        "already": found.already,
        "findings": list(problem.rows(found.problems[: problem.MOST_FINDINGS])),
    }


@room.post("/<kind>", answer=Imported, body=Table, status=201)
def keep_import(asked: dict[str, str], kind: str) -> Loaded:
    """Keep a table whole, or nothing of it."""
    person = current_person()
    loaded = importing.load(kind, asked["csv"].encode(), by=person.username)
    if loaded.start is not None:
        instances.start(loaded.start.process, dict(loaded.start.data), by=person.id)
    return loaded
