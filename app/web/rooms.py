"""Which rooms there are, and whose roles open them."""

from dataclasses import dataclass

from flask import Flask, current_app, request

from app.identity.memberships import EVERYWHERE
from app.kernel.errors import N_, NotAllowed
from app.web.session import my_memberships, my_roles, person_or_none

_GOODS = frozenset(
    {
        "administrator",
        "operator",
        "analyst",
        "planner",
        "buyer",
        "purchasing_manager",
        "finance",
        "warehouse_keeper",
        "warehouse_manager",
        "inspector",
        "qc_manager",
    }
)
_PAPERS = frozenset(
    {"administrator", "planner", "buyer", "purchasing_manager", "warehouse_manager"}
)
_BOOKS = frozenset({"administrator", "operator", "finance", "analyst", "warehouse_manager"})
_MACHINES = frozenset({"administrator", "operator"})


@dataclass(frozen=True)
class Room:
    """An entry of the rail."""

    name: str
    title: str
    endpoint: str
    roles: frozenset[str] | None = None  # None: everyone


ROOMS = (
    Room("inbox", N_("Inbox"), "inbox.index"),
    Room("cases", N_("Cases"), "cases.index"),
    Room("stock", N_("Stock"), "stock.index", _GOODS),
    Room("serials", N_("Serials"), "serials.index", _GOODS),
    Room("imports", N_("Imports"), "imports.index", _PAPERS),
    Room("proof", N_("Proof"), "proof.index", _BOOKS),
    Room("incidents", N_("Incidents"), "incidents.index", _MACHINES),
)
_BY_NAME = {room.name: room for room in ROOMS}


class RoomClosed(NotAllowed):
    """The room belongs to other roles."""

    code = "room_closed"
    message = N_("This room is for other roles. Your administrator can change that.")


def register(app: Flask) -> None:
    """Show the rail."""
    app.context_processor(_frame)


def rail() -> list[Room]:
    """The rooms open to this person: at most seven."""
    mine = my_roles()
    return [room for room in ROOMS if room.roles is None or room.roles & mine]


def is_open(name: str) -> bool:
    """Whether this person may enter."""
    roles = _BY_NAME[name].roles
    return roles is None or bool(roles & my_roles())


def enter(name: str) -> None:
    """Let this person in.

    Raises:
        RoomClosed: none of their roles opens it.
    """
    if not is_open(name):
        raise RoomClosed


def _frame() -> dict[str, object]:
    """What the frame of every page needs to know."""
    demo = current_app.config["HOUTAI"].demo
    person = person_or_none()
    if person is None:
        return {"person": None, "DEMO": demo}
    return {"person": person, "DEMO": demo, "rail": rail(), "here": request.blueprint}


def my_sites() -> frozenset[str] | None:
    """The sites whose goods this person may see; None for all of them."""
    scopes = {scope for role, scope in my_memberships() if role in _GOODS}
    if EVERYWHERE in scopes:
        return None
    return frozenset(scope.partition(":")[2] for scope in scopes if scope.startswith("site:"))
