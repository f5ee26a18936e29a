"""How far a person's roles reach, as ranges of the inbox's indexes."""

from sqlalchemy import ColumnElement

from app.identity import memberships
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.workflow.records import Task


def reach(person: Person) -> list[tuple[str, str]]:
    """The person's (role, scope) pairs, without those another one of the same role covers."""
    held = memberships.of(person.id)
    everywhere = {role for role, scope in held if scope == EVERYWHERE}
    return sorted((r, s) for r, s in held if s == EVERYWHERE or r not in everywhere)


def within(role: str, scope: str) -> list[ColumnElement[bool]]:
    """The tasks of one (role, scope) pair: one range of one index."""
    return [Task.role == role] + ([] if scope == EVERYWHERE else [Task.scope == scope])
