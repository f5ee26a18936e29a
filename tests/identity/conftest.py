"""The people of these tests."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.identity import memberships, passwords, people
from app.identity.people import Person
from app.kernel.db import in_transaction

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with passwords.hashing_cheaply():
        yield


@pytest.fixture
def bruno(app: Flask) -> Person:
    """Counts in the warehouse."""

    def step() -> Person:
        person = people.add("bruno", name="Bruno", password=PASSWORD)
        memberships.grant(person, "warehouse_keeper", "site:DAYUAN")
        return person

    return in_transaction(step)


@pytest.fixture
def dov(app: Flask) -> Person:
    """May nothing."""
    return in_transaction(lambda: people.add("dov", name="Dov", password=PASSWORD))
