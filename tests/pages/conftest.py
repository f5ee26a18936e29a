"""The few people of every page test, and how they knock at the door."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.identity import memberships, passwords, people
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.builders.goods import a_site
from tests.pages.visitor import PASSWORD, Visitor


@pytest.fixture
def database_kind() -> str:
    """Pages speak to one database; the rooms below are tested on both."""
    return "sqlite"


@pytest.fixture
def is_shipped() -> bool:
    """What the repository ships is deployed."""
    return True


@pytest.fixture
def has_pages() -> bool:
    return True


@pytest.fixture(autouse=True)
def _house(app: Flask) -> Iterator[None]:
    """One warehouse."""
    in_transaction(lambda: a_site().id)
    with passwords.hashing_cheaply():
        yield


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """Nobody has signed in."""
    return Visitor(app)


@pytest.fixture
def bruno(app: Flask) -> Visitor:
    """Counts in the warehouse."""
    return a_visitor(app, "bruno", "warehouse_keeper")


@pytest.fixture
def ines(app: Flask) -> Visitor:
    """Counts beside Bruno."""
    return a_visitor(app, "ines", "warehouse_keeper")


@pytest.fixture
def chloe(app: Flask) -> Visitor:
    """Buys; the orders of these tests are hers."""
    return a_visitor(app, "chloe", "buyer", "warehouse_keeper")


@pytest.fixture
def lee(app: Flask) -> Visitor:
    """Inspects."""
    return a_visitor(app, "lee", "inspector")


@pytest.fixture
def olga(app: Flask) -> Visitor:
    """Operates and administrates."""
    return a_visitor(app, "olga", "operator", "administrator", "warehouse_manager", scope="*")


@pytest.fixture
def nils(app: Flask) -> Visitor:
    """Counts in another town."""
    return a_visitor(app, "nils", "warehouse_keeper", scope="site:NORTH")


@pytest.fixture
def dov(app: Flask) -> Visitor:
    """May nothing."""
    return a_visitor(app, "dov")


def a_visitor(app: Flask, name: str, *roles: str, scope: str = "site:MAIN") -> Visitor:
    """Somebody with these roles, signed in."""
    in_transaction(lambda: _engage(name, roles, scope))
    return Visitor(app).sign_in(name)


def _engage(name: str, roles: tuple[str, ...], scope: str) -> Person:
    person = people.add(name, name=name.title(), password=PASSWORD)
    for role in roles:
        memberships.grant(person, role, scope)
    return person
