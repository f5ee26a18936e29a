"""The description of the API: as a file for programs, as a page for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from app.kernel.errors import N_
from app.web.addresses import API
from app.web.api import description
from app.web.tongue import _

file = Blueprint("api", __name__, url_prefix=API)
rooms = Blueprint("api_page", __name__)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "tasks": N_("Tasks"),
        "cases": N_("Cases"),
        "attachments": N_("Photographs and files"),
        "processes": N_("Processes"),
        "messages": N_("Messages"),
        "incidents": N_("Incidents"),
        "products": N_("Products"),
        "stock": N_("Stock"),
        "orders": N_("Purchase orders"),
        "asns": N_("Delivery notices"),
        "suppliers": N_("Suppliers"),
        "imports": N_("Imports"),
    }
)


@dataclass(frozen=True)
class Part:
    """One thing that is sent or answered."""

    name: str
    kind: str
    about: str
    required: bool


@dataclass(frozen=True)
class Operation:
    """One thing a program can ask."""

    method: str
    path: str
    summary: str
    scope: str
    parameters: list[Part]
    body: list[Part]
    answer: list[Part]
    status: str


@dataclass(frozen=True)
class Resource:
    """One resource with what can be asked of it; `title` and `about` are for people."""

    name: str
    title: str
    about: str
    operations: list[Operation]


@file.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    return Response(description.text(), content_type="application/json")


@rooms.get("/api")
def index() -> ResponseReturnValue:
    spec = description.whole()
    about = [_(sentence) for sentence in spec["info"]["description"].split("\n\n")]
    resources = [_resource(tag, spec) for tag in spec["tags"]]
    return render_template("api/index.html", about=" ".join(about), resources=resources, start=API)


def _resource(tag: Mapping[str, str], spec: dict[str, Any]) -> Resource:
    name, about = tag["name"], tag["description"]
    return Resource(name, _(TITLES[name]), _(about), list(_of(name, spec)))


def _of(tag: str, spec: dict[str, Any]) -> Iterator[Operation]:
    for path, method, found in description.operations(spec):
        if found["tags"] == [tag]:
            yield _operation(path, method, found, spec)


def _operation(path: str, method: str, found: dict[str, Any], spec: dict[str, Any]) -> Operation:
    status = next(iter(found["responses"]))
    given = [_reached(one, spec) for one in found["parameters"]]
    return Operation(
        method=method.upper(),
        path=path,
        summary=found["summary"],
        scope=found["description"].partition("`")[2].rstrip("`."),
        parameters=[_parameter(one) for one in given],
        body=list(_parts(_schema(found.get("requestBody", {})), spec)),
        answer=list(_parts(_schema(found["responses"][status]), spec)),
        status=status,
    )


def _parameter(one: Mapping[str, Any]) -> Part:
    about = one.get("description") or one["schema"].get("description", "")
    return Part(one["name"], _kind(one["schema"]), about, bool(one.get("required")))


def _schema(holder: Mapping[str, Any]) -> Mapping[str, Any]:
    content = holder.get("content", {}).get("application/json", {})
    found: Mapping[str, Any] = content.get("schema", {})
    return found


def _parts(schema: Mapping[str, Any], spec: dict[str, Any]) -> Iterator[Part]:
    whole = _reached(schema, spec)
    required = set(whole.get("required", ()))
    for name, one in whole.get("properties", {}).items():
        yield Part(name, _kind(one), one.get("description", ""), name in required)


def _reached(one: Mapping[str, Any], spec: dict[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    found: Any = one
    if "$ref" in one:
        found = spec
        for step in one["$ref"].removeprefix("#/").split("/"):
            found = found[step]
    return dict(found)


def _kind(schema: Mapping[str, Any]) -> str:
    """A type in words: string, integer or null, array of TaskLine."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for way in ("anyOf", "allOf", "oneOf"):
        if way in schema:
            return " or ".join(_kind(one) for one in schema[way])
    if "items" in schema:
        return f"array of {_kind(schema['items'])}"
    kinds = schema.get("type", "any")
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
