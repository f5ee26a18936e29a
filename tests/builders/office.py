"""People who work for all of the company, not for one of its places."""

from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction


def an_officer(name: str, *roles: str, scope: str = "*") -> Person:
    """Somebody who holds these roles everywhere."""

    def step() -> Person:
        person = people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, scope)
        return person

    return in_transaction(step)
