"""People with roles, at places or in all of the company."""

from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction


def a_person(name: str, *roles: str, scope: str = "*") -> Person:
    """Somebody with these roles."""

    def step() -> Person:
        person = people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, scope)
        return person

    return in_transaction(step)
