"""How keys and what they may do read on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.identity.api_keys import READ, RESOURCES, SCOPES, WRITE, Bearer
from app.web.tongue import _


@dataclass(frozen=True)
class Key:
    """One key in a list."""

    id: int
    name: str
    start: str
    owner: str
    may: str
    expires_at: datetime
    used_at: datetime | None
    is_alive: bool


@dataclass(frozen=True)
class Resource:
    """What a key may be given: reading, doing, or both."""

    title: str
    read: str
    write: str


def keys(found: Iterable[Bearer]) -> list[Key]:
    """The keys as the reader's language says them."""
    return [
        Key(
            id=key.id,
            name=key.name,
            start=f"houtai_{key.prefix}_…",
            owner=person.name,
            may=_(", ").join(scope_words(scope) for scope in key.scopes),
            expires_at=key.expires_at,
            used_at=key.last_used_at,
            is_alive=key.is_alive,
        )
        for person, key in found
    ]


def resources() -> list[Resource]:
    """Everything a key may be given."""
    return [
        Resource(title(name), _offered(name, READ), _offered(name, WRITE)) for name in RESOURCES
    ]


def scope_words(scope: str) -> str:
    """`tasks:write` in words."""
    resource, _colon, deed = scope.partition(":")
    things = title(resource)
    return things if deed == READ else _("%(things)s: change", things=things)


def title(resource: str) -> str:
    """What a key may touch, by the name of the API."""
    return {
        "processes": _("Processes"),
        "tasks": _("Tasks"),
        "cases": _("Cases"),
        "attachments": _("Files"),
        "messages": _("Messages"),
        "incidents": _("Incidents"),
        "products": _("Products"),
        "stock": _("Stock"),
        "orders": _("Purchase orders"),
        "asns": _("Delivery notices"),
        "suppliers": _("Suppliers"),
        "imports": _("Imports"),
    }.get(resource, resource)


def _offered(resource: str, deed: str) -> str:
    scope = f"{resource}:{deed}"
    return scope if scope in SCOPES else ""
