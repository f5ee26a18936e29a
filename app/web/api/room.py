"""One resource of the API: its door, and what every one of its answers has in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from app.identity.api_keys import READ, WRITE, ApiKey
from app.kernel.errors import N_, NotAllowed
from app.web import rooms
from app.web.addresses import API
from app.web.api import etags, limits, once, reading

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
View = Callable[..., Any]


class KeyTooNarrow(NotAllowed):
    """The key was not made for this."""

    code = "key_too_narrow"
    message = N_("This key lacks the scope {scope}. Make one that has it, on the page Me.")


class Room(Blueprint):
    """One resource; `house_room` is the room of the pages whose roles may enter here too."""

    ARGUMENTS_PARSER = reading.Parser()

    def __init__(self, resource: str, text: str, *, house_room: str | None = None) -> None:
        name = f"api_{resource}"
        super().__init__(name, __name__, url_prefix=f"{API}/{resource}", description=text)
        self.resource = resource
        self.house_room = house_room
        self.before_request(self._door)
        self.after_request(limits.tell)

    def add_url_rule(
        self, rule: str, endpoint: Any = None, view_func: Any = None, **more: Any
    ) -> None:
        """Every view reads with a tag, or does its work in one step."""
        methods = set(more.get("methods") or ("GET",))
        way = _read if methods <= SAFE else _done
        super().add_url_rule(rule, endpoint, way(view_func), **more)

    def _door(self) -> None:
        key: ApiKey = g.api_key
        limits.count(key.prefix)
        deed = READ if request.method in SAFE else WRITE
        scope = f"{self.resource}:{deed}"
        if scope not in key.scopes:
            raise KeyTooNarrow(scope=scope)
        if self.house_room is not None:
            rooms.enter(self.house_room)
        limits.bound(takes_files=self.resource == "imports")


def _read(view: View) -> View:
    @wraps(view)
    def read(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        found: Response = view(*args, **kwargs)
        return etags.stamped(found)

    return read


def _done(view: View) -> View:
    @wraps(view)
    def done(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        return once.done(lambda: view(*args, **kwargs))

    return done
