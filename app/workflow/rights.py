"""Who may do which task: role and scope by membership, exclusions by what was done before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn

from sqlalchemy import select

from app.identity import memberships, people, roles
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR, ANALYST, OPERATOR
from app.kernel.db import db
from app.kernel.errors import N_, NotAllowed, NotFound, Refusal
from app.workflow.spiff.outline import Element

OPERATORS = frozenset({OPERATOR, ADMINISTRATOR})
ANALYSTS = frozenset({ANALYST, ADMINISTRATOR})
OVERSEERS = OPERATORS | ANALYSTS


class NotYourRole(NotAllowed):
    """The task belongs to a role, or a place, the person does not have."""

    code = "not_your_role"
    message = N_("This step is for the role {role}, which you do not hold here.")


class SomeoneElseMust(NotAllowed):
    """Four eyes: who did an earlier step may not do this one."""

    code = "someone_else_must"
    message = N_("You did an earlier step of this case, so someone else must do this: {others}.")


class NobodyElseCan(SomeoneElseMust):
    """Four eyes, where the place has one pair of them."""

    message = N_(
        "You did an earlier step of this case, so someone else must do this, but nobody else holds "
        "the role {role} here. An administrator can give it to a colleague."
    )


class HeldBySomeone(Refusal):
    """A colleague has claimed it; `since` is an instant, put on the reader's clock by the page."""

    code = "held_by_someone"
    message = N_("{holder} is working on this since {since}.")


@dataclass(frozen=True)
class Asked:
    """What the rights of one task depend on."""

    role: str
    scope: str
    holder_id: int | None
    excluded: str | None
    claimed_at: datetime | None


def may_begin(start: Element) -> frozenset[str]:
    """The role in whose lane a start event is drawn, and those its property `begun_by` names."""
    named = start.properties.get("begun_by", "").split()
    return frozenset(role for role in (start.lane, *named) if role)


def holds(held: Iterable[tuple[str, str]], role: str, scope: str) -> bool:
    """Whether one of `held` (role, scope) pairs reaches `role` at `scope`."""
    return any(code == role and memberships.covers(where, scope) for code, where in held)


def check_sees(person: Person, task: Asked) -> None:
    """Refuse as if there were no such task, to all but its role, its managers and the office."""
    if not sees(memberships.of(person.id), task.role, task.scope):
        raise NotFound


def sees(held: Iterable[tuple[str, str]], role: str, scope: str) -> bool:
    """Whether one of `held` pairs may open a task of `role` at `scope`."""
    pairs = frozenset(held)
    return holds(pairs, role, scope) or manages(pairs, role, scope) or oversees(pairs, scope)


def manages(held: Iterable[tuple[str, str]], role: str, scope: str) -> bool:
    """Whether one of `held` pairs says who of a role does which task there: a manager of it."""
    managers = OPERATORS | roles.managers(role)
    return any(code in managers and memberships.covers(where, scope) for code, where in held)


def check_office(
    person_id: int | None, roles: frozenset[str], *, scope: str = memberships.EVERYWHERE
) -> None:
    """Refuse unless the person holds one of these office roles at `scope`.

    Nobody is the product itself, which may.
    """
    if person_id is None:
        return
    held = memberships.of(person_id)
    if not any(holds(held, role, scope) for role in roles):
        raise NotYourRole(role=min(roles - {ADMINISTRATOR}))


def oversees(held: Iterable[tuple[str, str]], scope: str) -> bool:
    """Whether one of `held` pairs is an office role that reaches `scope`."""
    return any(role in OVERSEERS and memberships.covers(where, scope) for role, where in held)


def check_may_do(person: Person, task: Asked) -> None:
    """Refuse unless the person's role, place, earlier steps and colleagues allow it."""
    if not holds(memberships.of(person.id), task.role, task.scope):
        refuse_role(person, task)
    check_is_free_for(person, task)


def refuse_role(person: Person, task: Asked) -> NoReturn:
    """The task is of a role the person does not hold at its place; who sees it not hears of none.

    Raises:
        NotYourRole, NotFound
    """
    raise NotYourRole(role=task.role) if _sees(memberships.of(person.id), task) else NotFound()


def check_is_free_for(person: Person, task: Asked) -> None:
    """Refuse when an earlier step of the person's, or a colleague's claim, is in the way."""
    if is_excluded(task.excluded, person.id):
        raise _someone_else(task)
    if task.holder_id not in {None, person.id}:
        raise HeldBySomeone(holder=name_of(task.holder_id), since=task.claimed_at)


def is_excluded(excluded: str | None, person_id: int) -> bool:
    return excluded is not None and f" {person_id} " in excluded


def excluded_text(person_ids: Iterable[int]) -> str | None:
    """The ids as a task row keeps them: " 3 17 "."""
    ids = sorted(set(person_ids))
    return f" {' '.join(map(str, ids))} " if ids else None


def name_of(person_id: int | None) -> str:
    """The name people know this person by."""
    query = select(Person.name).where(Person.id == person_id)
    return db.session.scalar(query) or ""


def names_of(person_ids: Iterable[int]) -> Mapping[int, str]:
    """Names by id, in one statement."""
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def ids_of(usernames: Iterable[str]) -> list[int]:
    """The people behind usernames that a case's data names; unknown ones are nobody."""
    wanted = {people.normal(name) for name in usernames}
    if not wanted:
        return []
    return list(db.session.scalars(select(Person.id).where(Person.username.in_(wanted))))


def _someone_else(task: Asked) -> SomeoneElseMust:
    people = memberships.holders(task.role, task.scope)
    names = [one.name for one in people if not is_excluded(task.excluded, one.id)]
    return SomeoneElseMust(others=", ".join(names[:4])) if names else NobodyElseCan(role=task.role)


def _sees(held: Iterable[tuple[str, str]], task: Asked) -> bool:
    """Whether the person may know of it: any role of theirs reaches its place."""
    return any(memberships.covers(scope, task.scope) for _, scope in held)
