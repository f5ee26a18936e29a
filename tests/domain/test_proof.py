"""The proof finds what is wrong with the books, and nothing when they are right."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text

from app.domain import proof
from app.domain.inventory import places, reservations
from app.domain.supply import counting
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.steps import in_a_step


@pytest.fixture
def books(app: Flask) -> None:
    """One delivery, one promise, two units, in books that are right but for the effects' own."""

    def step() -> None:
        flour, ac = a_sku(), a_sku("BA-28", serial_policy="unit")
        counting.book(a_receipt((flour, 10)), [counted(flour, 10)])
        shelf = a_bin()
        stock(flour, 5, at=shelf)
        stock(ac, 2, at=shelf, codes=["S1", "S2"])
        reservations.take(flour, Decimal(2), site=a_site(), document="O-1")

    in_a_step(step, key="1:receive:0")


def unguarded(*statements: str) -> None:
    """Do to the books what only someone with the database's own keys could do."""

    def step() -> None:
        for statement in statements:
            db.session.execute(text(statement))

    in_transaction(step)


def offences() -> dict[str, Sequence[object]]:
    return {result.code: result.rows for result in proof.run() if not result.holds}


def test_an_empty_house_is_proven(app: Flask) -> None:
    codes = [result.code for result in proof.run()]
    expected = "I1 I2 I3 I4 I5 I6 I7 I8 I9 I11 I15 I16 I20"
    assert codes == expected.split()
    assert offences() == {}


def test_moves_need_the_step_that_made_them(books: None) -> None:
    assert set(offences()) == {"I9"}
    row = offences()["I9"][0]
    assert isinstance(row, dict)
    assert row["effect_key"] == "1:receive:0"


ENTRY = "INSERT INTO stock_entry (move_id, sku_id, location_id, lot, serial_id, quantity)"
FLOUR = "(SELECT id FROM sku WHERE code = 'FLOUR')"
SHELF = "(SELECT id FROM location WHERE code = 'A-01')"
HOLD = "(SELECT id FROM location WHERE code = 'MAIN-HOLD')"
UNIT = "(SELECT id FROM serial WHERE code = 'S1')"
ON_SHELF = f"sku_id = {FLOUR} AND location_id = {SHELF}"

FAULTS = {
    "I1": [f"{ENTRY} VALUES (1, {FLOUR}, {SHELF}, '', NULL, 1000000)"],
    "I2": [f"UPDATE stock_balance SET quantity = quantity + 1 WHERE {ON_SHELF}"],
    "I2 room": ["UPDATE location SET capacity = 9000000, filled = 1 WHERE code = 'A-01'"],
    "I4": [f"UPDATE stock_balance SET reserved = reserved + 1 WHERE {ON_SHELF}"],
    "I5 elsewhere": [f"UPDATE serial SET location_id = {HOLD} WHERE code = 'S1'"],
    "I5 twice": [
        f"{ENTRY} SELECT 1, sku_id, {HOLD}, '', id, 1000000 FROM serial WHERE code = 'S1'"
    ],
    "I5 never there": [
        f"{ENTRY} SELECT 1, sku_id, {HOLD}, '', id, -1000000 FROM serial WHERE code = 'S1'",
        f"{ENTRY} SELECT 1, sku_id, {SHELF}, '', id, 1000000 FROM serial WHERE code = 'S1'",
    ],
    "I5 without a code": [
        f"{ENTRY} SELECT 1, sku_id, {SHELF}, '', NULL, 1000000 FROM serial WHERE code = 'S1'"
    ],
    "I11 received": ["UPDATE purchase_order_line SET received = received + 1"],
    "I11 too much": ["UPDATE purchase_order_line SET ordered = 1"],
    "I11 waiting": [
        "UPDATE receipt_line SET waiting = waiting - 1000000, accepted = accepted + 1000000",
        "UPDATE purchase_order_line SET accepted = 1000000",
    ],
    "I20": [f"UPDATE stock_balance SET reserved = 1 WHERE location_id <> {SHELF}"],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_books_is_found(books: None, fault: str) -> None:
    unguarded(*FAULTS[fault])
    assert fault.split(maxsplit=1)[0] in offences()


def test_a_ledger_without_its_guard_is_found(books: None) -> None:
    on = " ON stock_entry" if db.engine.dialect.name == "postgresql" else ""
    unguarded(f"DROP TRIGGER append_only_stock_entry_delete{on}")
    assert offences()["I15"] == [{"problem": "stock_entry: DELETE is not refused"}]


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE stock_balance SET quantity = -1 WHERE {ON_SHELF}",
        f"UPDATE stock_balance SET reserved = quantity + 1 WHERE {ON_SHELF}",
        "UPDATE location SET filled = -1",
        "UPDATE purchase_order_line SET accepted = received + 1",
        "UPDATE receipt_line SET waiting = waiting - 1",
    ],
)
def test_the_database_refuses_what_must_never_be(books: None, statement: str) -> None:
    with pytest.raises(Exception, match=r"(?i)check constraint"):
        unguarded(statement)


def test_places_beyond_the_house_are_there_from_the_first_day(app: Flask) -> None:
    for code in (places.OPENING, places.GAIN_OR_LOSS, places.RELABELLING, places.CUSTOMERS):
        assert places.location(code).is_virtual
