"""The programs of every test, and the house they speak to."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.identity import passwords
from app.kernel.db import in_transaction
from tests.api.program import Program, a_program
from tests.builders.goods import a_bin, a_site


@pytest.fixture
def database_kind() -> str:
    """Programs speak to one database here; what they call is tested on both."""
    return "sqlite"


@pytest.fixture
def is_shipped() -> bool:
    """What the repository ships is deployed."""
    return True


@pytest.fixture
def has_pages() -> bool:
    """Its interface is hung beside the pages."""
    return True


@pytest.fixture(autouse=True)
def _house(app: Flask) -> Iterator[None]:
    """A warehouse and one elsewhere."""
    in_transaction(lambda: (a_site().id, a_site("NORTH").id, a_bin().id))
    with passwords.hashing_cheaply():
        yield


@pytest.fixture
def stranger(app: Flask) -> Program:
    """Has no key."""
    return Program(app, "")


@pytest.fixture
def bruno(app: Flask) -> Program:
    """Counts in the warehouse."""
    return a_program(app, "bruno", "warehouse_keeper")


@pytest.fixture
def chloe(app: Flask) -> Program:
    """Buys."""
    return a_program(app, "chloe", "buyer", scope="*")


@pytest.fixture
def olga(app: Flask) -> Program:
    """Operates and administrates."""
    return a_program(app, "olga", "operator", "administrator", scope="*")


@pytest.fixture
def nils(app: Flask) -> Program:
    """Counts in another town."""
    return a_program(app, "nils", "warehouse_keeper", scope="site:NORTH")


@pytest.fixture
def dov(app: Flask) -> Program:
    """May nothing."""
    return a_program(app, "dov")
