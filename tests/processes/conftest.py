"""The people of the purchase line, and the shipped processes ready to run."""

from datetime import UTC, datetime

import pytest
from flask import Flask

import app.effects  # noqa: F401 - offers every effect
from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.builders.goods import a_bin, a_sku

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin at the start of a working week; tests turn the clock from there."""
    monkeypatch.setattr("app.kernel.clock._ahead_by", MONDAY - datetime.now(UTC))


@pytest.fixture
def is_shipped() -> bool:
    """What the repository ships is deployed."""
    return True


@pytest.fixture
def flour(app: Flask) -> Sku:
    """Bulk goods, with a shelf that has room."""
    return in_transaction(lambda: _sku_with_bin("FLOUR", "A-01"))


@pytest.fixture
def unit(app: Flask) -> Sku:
    """Air conditioners: every unit carries a code."""
    return in_transaction(lambda: _sku_with_bin("BA-28", "B-01", "unit"))


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
def petra(app: Flask) -> Person:
    """Runs purchasing."""
    return _person("petra", "purchasing_manager")


@pytest.fixture
def fiona(app: Flask) -> Person:
    """Keeps the money."""
    return _person("fiona", "finance")


@pytest.fixture
def pavel(app: Flask) -> Person:
    """Plans what is bought."""
    return _person("pavel", "planner")


@pytest.fixture
def sven(app: Flask) -> Person:
    """Sells for Borea; works for nobody here."""
    return _person("sven", "supplier", scope="supplier:BOREA")


@pytest.fixture
def nora(app: Flask) -> Person:
    """Sells for another supplier."""
    return _person("nora", "supplier", scope="supplier:OTHER")


@pytest.fixture
def dov(app: Flask) -> Person:
    """May nothing."""
    return _person("dov")


def _sku_with_bin(code: str, shelf: str, serial_policy: str = "none") -> Sku:
    sku = a_sku(code, serial_policy=serial_policy)
    a_bin(shelf, fixed_sku_id=sku.id)
    return sku


def _person(name: str, *roles: str, scope: str = "site:MAIN") -> Person:
    def step() -> Person:
        person = people.add(name, name=name.title())
        for role in roles:
            memberships.grant(person, role, scope)
        return person

    return in_transaction(step)
