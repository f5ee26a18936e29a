"""How accounts, roles and places read on the pages about people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.inventory.places import Site
from app.domain.supply.suppliers import Supplier
from app.identity import memberships, people, roles, sessions
from app.identity.accounts import SUPPLIER
from app.identity.memberships import EVERYWHERE, Membership
from app.identity.people import Person
from app.kernel.db import db
from app.web.cases.naming import element_title
from app.web.language import locale_code
from app.web.tongue import _
from app.web.words import place, role_title
from app.workflow import unstaffed as unstaffed_roles
from app.workflow.unstaffed import Unstaffed

ALL, ACTIVE, INVITED, LOCKED = STATES = ("all", "active", "invited", "locked")
_NAMED_STEPS = 3


@dataclass(frozen=True)
class Row:
    """One account in the list."""

    id: int
    name: str
    username: str
    works_for: str
    held: str
    state: str
    seen_at: datetime | None


def rows(*, wanted: str, state: str) -> list[Row]:
    """The accounts whose name, sign-in name or roles hold `wanted`."""
    held, seen = _held(), sessions.last_seen()
    found = [
        Row(
            id=one.id,
            name=one.name,
            username=one.username,
            works_for=party(one.party),
            held=_(", ").join(held.get(one.id, [])),
            state=state_of(one),
            seen_at=seen.get(one.id),
        )
        for one in people.everyone()
    ]
    return [row for row in found if _matches(row, wanted.casefold()) and state in {ALL, row.state}]


def state_of(person: Person) -> str:
    """Active, locked, or without a password so far."""
    if not person.is_active:
        return LOCKED
    return ACTIVE if person.password_hash else INVITED


def state_words() -> dict[str, str]:
    """What each state is called."""
    return {
        ALL: _("Everybody"),
        ACTIVE: _("May sign in"),
        INVITED: _("Has no password yet"),
        LOCKED: _("Locked"),
    }


def held_by(person: Person) -> list[dict[str, str]]:
    """The person's roles with their places, as the page lists and revokes them."""
    return sorted(
        (
            {"role": role, "scope": scope, "title": role_title(role), "where": where(scope)}
            for role, scope in memberships.of_account(person.id)
        ),
        key=lambda one: (one["title"], one["where"]),
    )


def roles_to_give(person: Person) -> list[tuple[str, str]]:
    """The roles this kind of person may hold, by title."""
    titles = roles.titles(locale_code())
    return sorted(
        (
            (code, title)
            for code, title in titles.items()
            if (code == SUPPLIER) == bool(person.party)
        ),
        key=lambda pair: pair[1],
    )


def places_to_give(person: Person) -> list[tuple[str, str]]:
    """Where this kind of person may hold a role."""
    if person.party:
        return [(person.party, where(person.party))]
    sites = db.session.execute(select(Site.code, Site.name).order_by(Site.name))
    return [(EVERYWHERE, _("everywhere")), *((f"site:{code}", name) for code, name in sites)]


def parties() -> list[tuple[str, str]]:
    """Whom a new person may work for: this company, or one supplier."""
    rows = db.session.execute(select(Supplier.code, Supplier.name).order_by(Supplier.name))
    return [("", _("This company")), *((f"supplier:{code}", name) for code, name in rows)]


def party(scope: str | None) -> str:
    """The supplier somebody works for, by name; empty for staff."""
    if not scope:
        return ""
    code = scope.partition(":")[2]
    return db.session.scalar(select(Supplier.name).filter_by(code=code)) or code


def unstaffed() -> list[tuple[str, str]]:
    """Roles nobody holds, and the steps that would wait for them, in words."""
    return [(role_title(one.role), _titles(one)) for one in unstaffed_roles.every()]


def where(scope: str) -> str:
    """Where a role holds, in words."""
    if scope == EVERYWHERE:
        return _("everywhere")
    return party(scope) if scope.startswith("supplier:") else place(scope)


def _titles(one: Unstaffed) -> str:
    """The first steps by name, and how many more."""
    titles = list(dict.fromkeys(element_title(*step) for step in one.steps))
    more = len(titles) - _NAMED_STEPS
    first = _(", ").join(titles[:_NAMED_STEPS])
    return _("%(steps)s and %(number)s more", steps=first, number=more) if more > 0 else first


def _matches(row: Row, wanted: str) -> bool:
    return wanted in f"{row.name} {row.username} {row.held} {row.works_for}".casefold()


def _held() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person_id, role, scope in db.session.execute(
        select(Membership.person_id, Membership.role, Membership.scope).order_by(Membership.role)
    ):
        words = role_title(role)
        if scope.startswith("site:"):
            words = f"{words} ({place(scope)})"
        found.setdefault(person_id, []).append(words)
    return found
