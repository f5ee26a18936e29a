"""The people of the purchase line, and the shipped processes ready to run."""

from datetime import UTC, datetime
from functools import partial

import pytest
from flask import Flask

import app.effects  # noqa: F401 - offers every effect
from app.domain.catalog.products import Sku
from app.domain.supply.receipts import ReceiptLine
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.builders.books import in_stock
from tests.builders.goods import a_bin, a_sku
from tests.builders.office import a_person
from tests.builders.steps import in_a_step

_person = partial(a_person, scope="site:MAIN")
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
def flour_line(app: Flask) -> ReceiptLine:
    """100 FLOUR at 50 from Borea, on the shelf."""
    return in_a_step(lambda: in_stock(a_sku("FLOUR"), 100, "50"))


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
def abel(app: Flask) -> Person:
    """Inspects, and stands in for Hugo."""
    return _person("abel", "inspector", "qc_manager")


@pytest.fixture
def carla(app: Flask) -> Person:
    """Talks to customers."""
    return _person("carla", "customer_service")


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
def wang(app: Flask) -> Person:
    """Keeps the money of the whole company."""
    return a_person("wang", "finance")


@pytest.fixture
def finn(app: Flask) -> Person:
    """Her colleague."""
    return a_person("finn", "finance")


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
