"""The people of the purchase line, and the shipped processes ready to run."""

import pytest
from flask import Flask

import app.effects
from app.config import ROOT
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import shipping




@pytest.fixture(autouse=True)
def _shipped(app: Flask) -> None:
    """Deploy what the repository ships."""
    in_transaction(lambda: shipping.deploy_folder(ROOT))


@pytest.fixture
def bruno(app: Flask) -> Person:
    """Counts in the warehouse."""
    return _person("bruno", "warehouse_keeper")


@pytest.fixture
def ines(app: Flask) -> Person:
    """Counts beside Bruno."""
    return _person("ines", "warehouse_keeper")


@pytest.fixture
def maud(app: Flask) -> Person:
    """Runs the warehouse."""
    return _person("maud", "warehouse_manager")


@pytest.fixture
def chloe(app: Flask) -> Person:
    """Buys; every order of these tests is hers."""
    return _person("chloe", "buyer", "warehouse_keeper")


@pytest.fixture
def lee(app: Flask) -> Person:
    """Inspects; she also holds a keeper's key."""
    return _person("lee", "inspector", "warehouse_keeper")


@pytest.fixture
def kai(app: Flask) -> Person:
    """Inspects beside Lee."""
    return _person("kai", "inspector")


@pytest.fixture
def hugo(app: Flask) -> Person:
    """Runs quality control."""
    return _person("hugo", "qc_manager")


@pytest.fixture
def dov(app: Flask) -> Person:
    """May nothing."""
    return _person("dov")


def _person(name: str, *roles: str) -> Person:
    def step() -> Person:
        person = people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, "site:MAIN")
        return person

    return in_transaction(step)
