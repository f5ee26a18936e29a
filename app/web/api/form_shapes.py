"""A task's form as a program reads it: which answers are wanted, under which names."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from app.web.api.shapes import Shape, anything, flag, many, one, text


class Option(Shape):
    """One of the answers a choice offers."""

    value = text()
    label = text()


class Field(Shape):
    """One field: `name` is how an answer names it; without a name it is only to be read."""

    name = text("The name of the answer, such as `receipt.lines.0.counted`.", nullable=True)
    kind = text("The kind of the form-js component: number, textfield, select …")
    label = text()
    required = flag()
    value = fields.Raw(
        required=True, allow_none=True, metadata={"description": "What stands there now."}
    )
    unit = text()
    options = many(Option)


class Row(Shape):
    """One row of a list."""

    fields_of_row = fields.List(fields.Nested(Field), required=True, data_key="fields")


class RowList(Shape):
    """A list of rows: of the case, or free ones that may be added under the next number."""

    name = text()
    label = text()
    free = flag("Whether rows may be added.")
    columns = many(Field, about="The fields of a new row, named without list and number.")
    rows = many(Row)


class Form(Shape):
    """Everything a task asks for; nothing else is accepted."""

    fields_of_form = fields.List(fields.Nested(Field), required=True, data_key="fields")
    lists = many(RowList)
    outcome = one(Field, nullable=True, about="The decision that ends the task, if it has one.")
    document = anything("The form itself, in the form-js dialect.")


def form(view: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """What `Form.view` shows, without what only pages need."""
    found = list(_flat(view["components"]))
    outcomes = view["outcomes"]
    return {
        "fields_of_form": [_field(part) for part in found if "rows" not in part],
        "lists": [_list(part) for part in found if part["kind"] == "dynamiclist"],
        "outcome": _field({"kind": "radio", "required": True, **outcomes}) if outcomes else None,
        "document": document,
    }


def _flat(parts: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parts of groups too; a group is only a frame, a text only words."""
    for part in parts:
        if part["kind"] == "group":
            yield from _flat(part["components"])
        elif part["kind"] not in {"text", "table", "separator", "spacer"}:
            yield part


def _field(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": part.get("name"),
        "kind": part["kind"],
        "label": part["label"],
        "required": part["required"],
        "value": part.get("value", part.get("text")),
        "unit": part.get("unit") or "",
        "options": [
            {"value": str(one["value"]), "label": one["label"]} for one in part.get("options", ())
        ],
    }


def _list(part: Mapping[str, Any]) -> dict[str, Any]:
    blank = part["blank"] or {"cells": []}
    start = f"{part['name']}.{part['mark']}."
    columns = [_field(cell) for cell in _flat(blank["cells"]) if "rows" not in cell]
    return {
        "name": part["name"],
        "label": part["label"],
        "free": part["free"],
        "columns": [
            {**one, "name": (one["name"] or "").removeprefix(start) or None} for one in columns
        ],
        "rows": [
            {"fields_of_row": [_field(cell) for cell in _flat(row["cells"]) if "rows" not in cell]}
            for row in part["rows"]
        ],
    }
