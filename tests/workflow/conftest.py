"""The people of these tests, and effects that can be told to fail."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.identity.people import Person
from tests.builders.office import a_person
from tests.workflow import effects


@pytest.fixture(autouse=True)
def _sound_effects() -> Iterator[None]:
    effects.reset()
    yield
    effects.reset()


@pytest.fixture
def bruno(app: Flask) -> Person:
    """Counts in the warehouse."""
    return a_person("bruno", "warehouse_keeper")


@pytest.fixture
def ines(app: Flask) -> Person:
    """Counts beside Bruno."""
    return a_person("ines", "warehouse_keeper")


@pytest.fixture
def chloe(app: Flask) -> Person:
    """Approves."""
    return a_person("chloe", "buyer")


@pytest.fixture
def olga(app: Flask) -> Person:
    """Keeps the product running."""
    return a_person("olga", "operator")


@pytest.fixture
def dov(app: Flask) -> Person:
    """May nothing."""
    return a_person("dov")
