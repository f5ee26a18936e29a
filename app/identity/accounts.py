"""What administrators do with accounts, and what keeps a house from losing its last one."""

from sqlalchemy import func, select

from app.identity import api_keys, invitations, memberships, people, sign_in
from app.identity.memberships import EVERYWHERE, Membership
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR, Role
from app.kernel.db import db
from app.kernel.errors import N_, NotAllowed, NotFound, Refusal

SUPPLIER = "supplier"


class NotAnAdministrator(NotAllowed):
    """Accounts are for administrators of the whole house."""

    code = "not_an_administrator"
    message = N_("Only an administrator may change accounts.")


class LastAdministrator(Refusal):
    """Nobody could open the house again."""

    code = "last_administrator"
    message = N_(
        "{name} is the last administrator. Make someone else an administrator first, "
        "who can sign in."
    )


class StaffRoleOnly(Refusal):
    """A role that belongs to the other kind of person."""

    code = "staff_role_only"
    message = N_(
        "People of a supplier hold the role of a supplier, at their own company, and no other."
    )


class SupplierRoleOnly(Refusal):
    """Staff never stand on both sides of an order."""

    code = "supplier_role_only"
    message = N_(
        "{name} works here. Make a separate account for a person of the supplier, "
        "so that nobody stands on both sides of an order."
    )


def create(
    username: str, *, name: str, locale: str, party: str | None, by: Person
) -> tuple[Person, str]:
    """A new person and the token of their invitation; who is of a supplier may act for it."""
    check_administrator(by)
    person = people.add(username, name=name, locale=locale, party=party, by=by.id)
    if party:
        memberships.grant(person, SUPPLIER, party, by=by.id)
    return person, invitations.invite(person, by=by.id)


def rename(person: Person, *, name: str, locale: str, by: Person) -> None:
    """Change what others call the person, and the language the product speaks to them."""
    check_administrator(by)
    people.describe(person, name=name, locale=locale, by=by.id)


def grant(person: Person, role: str, scope: str, *, by: Person) -> None:
    """Give a role, somewhere or everywhere.

    Raises:
        StaffRoleOnly, SupplierRoleOnly: staff and suppliers' people hold different roles.
    """
    check_administrator(by)
    if person.party and (role, scope) != (SUPPLIER, person.party):
        raise StaffRoleOnly
    if not person.party and (role == SUPPLIER or scope.startswith("supplier:")):
        raise SupplierRoleOnly(name=person.name)
    memberships.grant(person, role, scope, by=by.id)


def revoke(person: Person, role: str, scope: str, *, by: Person) -> None:
    """Take a role away, unless it is what the house is administrated with."""
    check_administrator(by)
    if (role, scope) == (ADMINISTRATOR, EVERYWHERE):
        _check_others_remain(person)
    memberships.revoke(person, role, scope, by=by.id)


def lock(person: Person, *, by: Person) -> None:
    """Keep the person out from this moment on; what they did stays theirs."""
    check_administrator(by)
    _check_others_remain(person)
    people.set_active(person, active=False, by=by.id)
    invitations.withdraw(person)
    api_keys.revoke_all(person.id, by=by.id)
    sign_in.revoke_all(person.id, by=by.id)


def unlock(person: Person, *, by: Person) -> None:
    """Let the person in again, with the roles they have."""
    check_administrator(by)
    people.set_active(person, active=True, by=by.id)


def invite(person: Person, *, by: Person) -> str:
    """A new link with which the person chooses a password."""
    check_administrator(by)
    if not person.is_active:
        raise NotFound
    return invitations.invite(person, by=by.id)


def end_sessions(person: Person, session_id: int | None = None, *, by: Person) -> None:
    """Sign the person out of one browser, or everywhere."""
    check_administrator(by)
    if session_id is None:
        sign_in.revoke_all(person.id, by=by.id)
    else:
        sign_in.revoke_one(session_id, of=person.id, by=by.id)


def of(person_id: int) -> Person:
    """The person of this account, locked for what follows in the step."""
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFound
    return person


def check_administrator(by: Person) -> None:
    """Refuse unless `by` administrates the whole house."""
    if (ADMINISTRATOR, EVERYWHERE) not in memberships.of(by.id):
        raise NotAnAdministrator


def _check_others_remain(person: Person) -> None:
    """Two administrators who demote each other at the same moment wait here for one another."""
    db.session.get(Role, ADMINISTRATOR, with_for_update=True)
    query = (
        select(func.count())
        .select_from(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == ADMINISTRATOR,
            Membership.scope == EVERYWHERE,
            Person.is_active,
            Person.password_hash.is_not(None),
            Person.id != person.id,
        )
    )
    is_one = (ADMINISTRATOR, EVERYWHERE) in memberships.of(person.id)
    if is_one and not db.session.scalar(query):
        raise LastAdministrator(name=person.name)
