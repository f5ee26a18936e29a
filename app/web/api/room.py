"""One resource of the API: its door, and what every one of its answers has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, request
from flask_smorest import Blueprint

from app.identity.api_keys import READ, WRITE, ApiKey
from app.kernel.errors import N_, NotAllowed
from app.web import rooms
from app.web.addresses import API
from app.web.api import etags, limits, once, reading
from app.web.api.shapes import Shape

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WITH_FILES = frozenset({"imports", "attachments"})
View = TypeVar("View", bound=Callable[..., Any])
Shapes = type[Shape]


class KeyTooNarrow(NotAllowed):
    """The key was not made for this."""

    code = "key_too_narrow"
    message = N_("This key lacks the scope {scope}. Make one that has it, on the page Me.")


class Room(Blueprint):
    """One resource; `house_room` is the room of the pages whose roles may enter here too.

    A view returns what its shape is filled from. What reads gets a tag; everything else is done
    in one step.
    """

    ARGUMENTS_PARSER = reading.Parser()

    def __init__(self, resource: str, text: str, *, house_room: str | None = None) -> None:
        name = f"api_{resource}"
        super().__init__(name, __name__, url_prefix=f"{API}/{resource}", description=text)
        self.resource = resource
        self.house_room = house_room
        self.before_request(self._door)
        self.after_request(limits.tell)

    def get(
        self, rule: str, *, answer: Shapes, query: Shapes | None = None
    ) -> Callable[[View], View]:
        """Let a program read."""

        def hang(view: View) -> View:
            told = self.response(200, answer)(view)
            asked = self.arguments(query, location="query")(told) if query else told
            self.add_url_rule(rule, None, _read(asked), methods=["GET"])
            return view

        return hang

    def get_file(self, rule: str, *, query: Shapes) -> Callable[[View], View]:
        """Let a program read bytes."""

        def hang(view: View) -> View:
            content = {"type": "string", "format": "binary"}
            told = self.response(200, content, content_type="application/octet-stream")(view)
            asked = self.arguments(query, location="query")(told)
            self.add_url_rule(rule, None, _read(asked), methods=["GET"])
            return view

        return hang

    def post(
        self,
        rule: str,
        *,
        answer: Shapes,
        body: Shapes | None = None,
        files: Shapes | None = None,
        status: int = 200,
    ) -> Callable[[View], View]:
        """Let a program do something, saying it in JSON, or send files."""
        way = {"location": "files"} if files else {}
        return self._doing("POST", rule, answer=answer, body=files or body, status=status, **way)

    def put(self, rule: str, *, answer: Shapes, body: Shapes) -> Callable[[View], View]:
        """Let a program keep something."""
        return self._doing("PUT", rule, answer=answer, body=body, status=200)

    def delete(self, rule: str) -> Callable[[View], View]:
        """Let a program take something away."""
        return self._doing("DELETE", rule, answer=None, body=None, status=204)

    def _doing(
        self,
        method: str,
        rule: str,
        *,
        answer: Shapes | None,
        body: Shapes | None,
        status: int,
        location: str = "json",
    ) -> Callable[[View], View]:
        def hang(view: View) -> View:
            told = self.response(status, answer)(view)
            asked = self.arguments(body, location=location)(told) if body else told
            self.add_url_rule(rule, None, _done(asked), methods=[method])
            return view

        return hang

    def _door(self) -> None:
        key: ApiKey = g.api_key
        limits.count(key.prefix)
        deed = READ if request.method in SAFE else WRITE
        scope = f"{self.resource}:{deed}"
        if scope not in key.scopes:
            raise KeyTooNarrow(scope=scope)
        if self.house_room is not None:
            rooms.enter(self.house_room)
        limits.bound(takes_files=self.resource in _WITH_FILES)


def _read(view: View) -> Callable[..., Response]:
    @wraps(view)
    def read(*args: Any, **kwargs: Any) -> Response:
        return etags.stamped(view(*args, **kwargs))

    return read


def _done(view: View) -> Callable[..., Response]:
    @wraps(view)
    def done(*args: Any, **kwargs: Any) -> Response:
        return once.done(lambda: view(*args, **kwargs))

    return done
