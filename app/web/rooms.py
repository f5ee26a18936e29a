"""Which rooms there are, and whose roles open them."""

from dataclasses import dataclass

from flask import Flask, current_app, request

from app.domain import founding
from app.domain.inventory.places import Location
from app.identity.memberships import EVERYWHERE
from app.kernel.errors import N_, NotAllowed, NotFound
from app.web.session import my_memberships, my_roles, person_or_none
from app.workflow import undelivered

_GOODS = frozenset(
    {
        "administrator",
        "operator",
        "analyst",
        "planner",
        "buyer",
        "purchasing_manager",
        "finance",
        "general_manager",
        "warehouse_keeper",
        "warehouse_manager",
        "inspector",
        "qc_manager",
    }
)
_PAPERS = frozenset(
    {"administrator", "planner", "buyer", "purchasing_manager", "warehouse_manager"}
)
_PLANS = frozenset({"planner", "buyer", "purchasing_manager", "finance", "analyst"})
_BOOKS = frozenset({"administrator", "operator", "finance", "analyst", "warehouse_manager"})
_PRICES = frozenset(
    {"administrator", "analyst", "planner", "buyer", "purchasing_manager", "finance"}
    | {"general_manager"}
)
_SUPPLIERS = frozenset(
    {"administrator", "planner", "buyer", "purchasing_manager", "finance", "qc_manager"}
)
_LEDGERS = frozenset({"finance", "analyst"})
_MACHINES = frozenset({"administrator", "operator"})
_ACCOUNTS = frozenset({"administrator"})
_BUYING = frozenset({"planner", "buyer", "purchasing_manager"})
_PROCESSES = frozenset({"administrator", "analyst"})
MOST_ON_RAIL = 7
_FOR_ALL = 2
# Who works for another company does tasks and sees nothing else of this house.
_OUTSIDE = frozenset({"supplier"})
_OPEN_TO_OUTSIDERS = frozenset(
    {"inbox", "tasks", "me", "keys", "more", "search", "sign_in", "language", "static", "health"}
    | {"welcome", "start", "live", "portal"}
    | {"forms.upload", "forms.attachment"}
    | {"keys", "api", "api_page", "api_tasks", "api_attachments"}
)


@dataclass(frozen=True)
class Room:
    """An entry of the rail."""

    name: str
    title: str
    endpoint: str
    roles: frozenset[str] | None = None  # None: everyone
    mainly: frozenset[str] = frozenset()  # whose work it is, so that it stands above others


ROOMS = (
    Room("inbox", N_("Inbox"), "inbox.index"),
    Room("cases", N_("Cases"), "cases.index"),
    Room("portal", N_("Orders"), "portal.index", _OUTSIDE),
    Room("suppliers", N_("Suppliers"), "suppliers.index", _SUPPLIERS, _BUYING),
    Room("stock", N_("Stock"), "stock.index", _GOODS),
    Room("serials", N_("Serials"), "serials.index", _GOODS),
    Room("plans", N_("Plans"), "plans.index", _PLANS, _BUYING),
    Room("imports", N_("Imports"), "imports.index", _PAPERS),
    Room("books", N_("Books"), "books.index", _LEDGERS, frozenset({"finance"})),
    Room("proof", N_("Proof"), "proof.index", _BOOKS, frozenset({"finance", "operator"})),
    Room("incidents", N_("Incidents"), "incidents.index", _MACHINES, _MACHINES),
    Room("backlog", N_("Wrong steps"), "backlog.index", _PROCESSES, frozenset({"analyst"})),
    Room("people", N_("People"), "people.index", _ACCOUNTS, _ACCOUNTS),
    Room("calendars", N_("Working time"), "calendars.index", _ACCOUNTS),
)
_BY_NAME = {room.name: room for room in ROOMS}


class RoomClosed(NotAllowed):
    """The room belongs to other roles."""

    code = "room_closed"
    message = N_("This room is for other roles. Your administrator can change that.")


def register(app: Flask) -> None:
    """Show the rail, and keep people of other companies to what is theirs."""
    app.context_processor(_frame)
    app.before_request(_keep_outsiders_out)


def open_rooms() -> list[Room]:
    """The rooms open to this person: the inbox and the cases, then those of their own work."""
    found = [room for room in ROOMS if is_open(room.name)]
    return [*found[:_FOR_ALL], *sorted(found[_FOR_ALL:], key=_is_aside)]


def rail() -> tuple[list[Room], list[Room]]:
    """The rooms that stand on the rail, and those behind *More*: at most seven entries in all."""
    rooms = open_rooms()
    if len(rooms) <= MOST_ON_RAIL:
        return rooms, []
    return rooms[: MOST_ON_RAIL - 1], rooms[MOST_ON_RAIL - 1 :]


def is_open(name: str) -> bool:
    """Whether this person may enter."""
    if is_outsider() and name not in _OPEN_TO_OUTSIDERS:
        return False
    roles = _BY_NAME[name].roles
    return roles is None or bool(roles & my_roles())


def sees_prices() -> bool:
    """Whether what we pay, and to whom we would have paid it, is for this person's eyes."""
    return not is_outsider() and bool(_PRICES & my_roles())


def enter(name: str) -> None:
    """Let this person in.

    Raises:
        RoomClosed: none of their roles opens it.
    """
    if not is_open(name):
        raise RoomClosed


def is_outsider() -> bool:
    """Whether this person works for another company, such as a supplier."""
    mine = my_roles()
    return bool(mine) and mine <= _OUTSIDE


def my_sites(name: str = "stock") -> frozenset[str] | None:
    """The sites this person may see in a room of goods; None for all of them."""
    roles = _BY_NAME[name].roles or frozenset()
    scopes = {scope for role, scope in my_memberships() if role in roles}
    if EVERYWHERE in scopes:
        return None
    return frozenset(scope.partition(":")[2] for scope in scopes if scope.startswith("site:"))


def is_mine(place: Location) -> bool:
    """Whether a place is at one of this person's sites."""
    sites = my_sites()
    return sites is None or (place.site is not None and place.site.code in sites)


def _is_aside(room: Room) -> bool:
    return not room.mainly & my_roles()


def _keep_outsiders_out() -> None:
    """For people of other companies, rooms that are not theirs do not exist."""
    if request.endpoint is None or {request.blueprint, request.endpoint} & _OPEN_TO_OUTSIDERS:
        return  # asked first: the hottest pages need no look at the roles
    if person_or_none() is not None and is_outsider():
        raise NotFound


def _frame() -> dict[str, object]:
    """What the frame of every page needs to know."""
    demo = current_app.config["HOUTAI"].demo and not founding.is_founded()
    person = person_or_none()
    if person is None:
        return {"person": None, "DEMO": demo}
    on_rail, behind = rail()
    frame = {"person": person, "DEMO": demo, "rail": on_rail, "behind_more": behind}
    frame["counts"] = _counts(behind)
    return {**frame, "here": request.blueprint, "outsider": is_outsider()}


def _counts(behind: list[Room]) -> dict[str, int]:
    """What waits in a room to be settled; what waits behind *More* is told there."""
    if not is_open("incidents"):
        return {}
    found = {"incidents": undelivered.unsettled()}
    return {**found, "more": sum(found.get(room.name, 0) for room in behind)}
