"""The description of the API (OpenAPI 3.1), read off its resources when somebody first asks."""

from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from flask import Flask, json
from flask_smorest import Api

from app.identity.answered_requests import LONGEST_KEY
from app.kernel.errors import N_
from app.web import addresses
from app.web.api.once import HEADER
from app.web.api.problem import MEDIA_TYPE
from app.web.api.resources import RESOURCES

_ABOUT = (
    N_("The back office for programs: the same verbs and the same rights as its pages."),
    N_("A program acts as the person of its key and sees what that person would see."),
)
_ALWAYS = {
    400: "The request does not fit this description.",
    401: "There is no key, or it is not alive.",
    403: "The key's scopes or its person's roles do not allow this.",
    404: "There is no such thing, or it is not this person's to see.",
    429: "The key sent too many requests; `Retry-After` says when to go on.",
}
_WHEN_DOING = {
    409: "It cannot be done as things stand; nothing was changed.",
    412: "It changed since it was read.",
    413: "The body is too large.",
    415: "The body is of another kind than this takes.",
    422: "It was understood and is refused; nothing was changed.",
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457, with a code to act on.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence to show to a person."},
        "code": {"type": "string", "description": "What a program acts on."},
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "sentence"],
                "properties": {"where": {"type": "string"}, "sentence": {"type": "string"}},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
_HEADERS: dict[str, dict[str, Any]] = {
    "idempotency_key": {
        "name": HEADER,
        "in": "header",
        "description": "The same request under the same key is done once; kept for 24 hours.",
        "schema": {
            "type": "string",
            "pattern": "^[!-~]+$",
            "minLength": 1,
            "maxLength": LONGEST_KEY,
        },
    },
    "if_match": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` of what was read: refused when it changed since.",
        "schema": {"type": "string", "pattern": '^"[0-9a-f]+"$', "maxLength": 80},
    },
}
_GUARDED = ("/tasks/{task_id}/", "/processes/{key}/versions")


class _Description(Api):
    DEFAULT_ERROR_RESPONSE_NAME = None


@lru_cache(maxsize=1)
def whole() -> dict[str, Any]:
    """The whole description; the same for every application."""
    bare = Flask("description")
    addresses.register(bare)
    bare.config.update(API_TITLE="Houtai", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = _Description(bare, spec_kwargs={"info": {"description": "\n\n".join(_ABOUT)}})
    for room in RESOURCES:
        api.register_blueprint(room)
    found: dict[str, Any] = api.spec.to_dict()
    _complete(found)
    return found


def text() -> str:
    """The description as docs/openapi.json has it."""
    return json.dumps(whole(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of everything that can be asked."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                yield path, method, operation


def _complete(spec: dict[str, Any]) -> None:
    """What every operation has in common is said once, here."""
    parts = spec.setdefault("components", {})
    parts["schemas"]["Problem"] = _PROBLEM
    parts["parameters"] = _HEADERS
    parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    parts["responses"] = {
        str(status): _problem(words) for status, words in {**_ALWAYS, **_WHEN_DOING}.items()
    }
    spec["security"] = [{"key": []}]
    for room in RESOURCES:
        for path, method, operation in operations(spec):
            if operation["tags"] == [room.name]:
                _complete_one(operation, path=path, method=method, resource=room.resource)
    spec["tags"] = [{"name": one.resource, "description": one.description} for one in RESOURCES]


def _complete_one(operation: dict[str, Any], *, path: str, method: str, resource: str) -> None:
    does = method != "get"
    operation["tags"] = [resource]
    operation["operationId"] = f"{method}_{path.strip('/').replace('/', '_')}"
    operation["description"] = f"Scope `{resource}:{'write' if does else 'read'}`."
    told = {**_ALWAYS, **(_WHEN_DOING if does else {})}
    good = {
        code: one
        for code, one in operation["responses"].items()
        if int(code) < HTTPStatus.BAD_REQUEST
    }
    refs = {str(status): {"$ref": f"#/components/responses/{status}"} for status in told}
    operation["responses"] = {**good, **refs}
    headers = ["idempotency_key"] if does else []
    if does and any(part in path for part in _GUARDED):
        headers.append("if_match")
    asked = operation.setdefault("parameters", [])
    asked.extend({"$ref": f"#/components/parameters/{name}"} for name in headers)


def _problem(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}}
