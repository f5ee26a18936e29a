"""What a new company brings in, in the order that unlocks things, until it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from app.domain import founding
from app.domain.catalog.products import Sku
from app.domain.imports.importing import KINDS
from app.domain.inventory.moves import StockMove
from app.domain.inventory.places import Site
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import Supplier
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR
from app.kernel.db import db
from app.web.imports.words import unlocks
from app.web.session import my_memberships
from app.web.tongue import _
from app.web.words import role_title
from app.workflow import unstaffed

PEOPLE, ROLES = "people", "roles"
# The first migration brings one product of its own: what was delivered and nobody can name.
_SOME: Mapping[str, Callable[[], Select[int]]] = {
    "products": lambda: select(func.count(Sku.id) - 1),
    "suppliers": lambda: select(func.count(Supplier.id)),
    "locations": lambda: select(func.count(Site.id)),
    "opening_stock": lambda: select(func.count(StockMove.id)),
    "purchase_orders": lambda: select(func.count(PurchaseOrder.id)),
    "asns": lambda: select(func.count(Asn.id)),
    PEOPLE: lambda: select(func.count(Person.id) - 1),
}


@dataclass(frozen=True)
class Step:
    """One thing to bring in; `unlocks` says why."""

    code: str
    title: str
    unlocks: str
    is_done: bool


def for_me() -> list[Step]:
    """The steps, for the administrator of a company that is being set up; nothing once done."""
    if (ADMINISTRATOR, EVERYWHERE) not in my_memberships() or not founding.is_founded():
        return []
    left_out = founding.left_out()
    steps = [*(_step(code, left_out) for code in _SOME), _roles(left_out)]
    return [] if all(step.is_done for step in steps) else steps


def _step(code: str, left_out: frozenset[str]) -> Step:
    title = _("Colleagues") if code == PEOPLE else _(KINDS[code].title)
    why = _("Each role gets its own inbox; invite whoever does the work.")
    return Step(
        code=code,
        title=title,
        unlocks=why if code == PEOPLE else unlocks(code),
        is_done=code in left_out or bool((db.session.scalar(_SOME[code]()) or 0) > 0),
    )


def _roles(left_out: frozenset[str]) -> Step:
    """Steps of a role that nobody holds wait, and nobody is told."""
    missing = [role_title(one.role) for one in unstaffed.every()]
    return Step(
        code=ROLES,
        title=_("Every role"),
        unlocks=_("Nobody holds: %(roles)s. Their steps wait.", roles=_(", ").join(missing)),
        is_done=ROLES in left_out or not missing,
    )
