"""The proof finds what is wrong with the books; the database keeps their rows as they are."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain import proof
from app.domain.finance import late_costs
from app.domain.payables import bills, settling
from app.domain.payables.bills import Asked
from app.kernel import clock
from app.kernel.db import db, in_transaction
from tests.builders.books import in_stock, sold
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

LEDGERS = ("journal", "journal_line", "cost_entry", "late_cost", "bill_match")
LINE = "INSERT INTO journal_line (journal_id, account, sku_id, amount) SELECT id,"
FLOUR = "(SELECT id FROM sku WHERE code = 'FLOUR')"
ROW = (
    "INSERT INTO cost_entry (pool_id, epoch, serial_id, basis, quantity, value, quantity_after,"
    " value_after, recorded_at) SELECT pool_id, epoch, serial_id, basis,"
)
WORTH = f"(SELECT value FROM cost_pool WHERE sku_id = {FLOUR})"
FAULTS = {
    "I6 quantity": [f"UPDATE cost_pool SET quantity = quantity + 1 WHERE sku_id = {FLOUR}"],
    "I6 value": [f"UPDATE cost_pool SET value = value + 1 WHERE sku_id = {FLOUR}"],
    "I6 no row": [f"{ROW} 1, 0, 1, 1, recorded_at FROM cost_entry WHERE seq = 1"],
    "I6 worthless": [
        f"{ROW} 0, -{WORTH}, 1, 0, recorded_at FROM cost_entry WHERE seq = 1",
        f"UPDATE cost_pool SET value = 0 WHERE sku_id = {FLOUR}",
    ],
    "I6 unit": [
        f"{ROW} 0, 5, 1, 5, recorded_at FROM cost_entry WHERE basis = 'unit'",
        "UPDATE cost_pool SET value = value + 5 WHERE id = (SELECT MAX(id) FROM cost_pool)",
    ],
    "I7 line": [f"{LINE} 'stock', {FLOUR}, 1 FROM journal WHERE id = 1"],
    "I7 voucher": [
        f"{LINE} 'stock', {FLOUR}, 1 FROM journal WHERE id = 1",
        f"{LINE} 'stock', {FLOUR}, -1 FROM journal WHERE id = 2",
        f"{LINE} 'payables', {FLOUR}, -1 FROM journal WHERE id = 1",
        f"{LINE} 'payables', {FLOUR}, 1 FROM journal WHERE id = 2",
    ],
    "I7 relabelled": [
        f"{LINE} 'relabelling', {FLOUR}, 1 FROM journal WHERE id = 1",
        f"{LINE} 'payables', {FLOUR}, -1 FROM journal WHERE id = 1",
    ],
    "I8": [
        "UPDATE period SET closed_at = (SELECT recorded_at FROM journal LIMIT 1), sealed_at = 1"
    ],
    "I11": ["UPDATE receipt_line SET accepted = 1000000, waiting = 9000000 WHERE id = 1"],
}


@pytest.fixture
def books(app: Flask) -> None:
    """Flour bought, billed dearer and carried; a unit sold; all of it right."""

    def trade() -> None:
        line = in_stock(a_sku(), 10, "5")
        over = {line.id: Decimal(1)}
        late_costs.spread("freight", 70, over=over, document="F-1", credit="payables")
        ac = a_sku("BA-28", serial_policy="unit")
        in_stock(ac, 2, "90", "S1", "S2")
        sold(ac, 1, "S1")
        asked = [Asked(Decimal(10), Decimal(6), line.id)]
        day = clock.now().date()
        supplier = line.receipt.supplier
        settling.accept(bills.record(supplier, "H-1", asked, currency="TWD", billed_on=day))

    in_a_step(trade)


def offences() -> set[str]:
    return {result.code for result in proof.run() if not result.holds}


def unguarded(*statements: str) -> None:
    """Do to the books what only someone with the database's own keys could do."""

    def step() -> None:
        for statement in statements:
            db.session.execute(text(statement))

    in_transaction(step)


def test_right_books_are_proven(books: None) -> None:
    assert offences() == {"I9"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_books_is_found(books: None, fault: str) -> None:
    unguarded(*FAULTS[fault])
    assert fault.split(maxsplit=1)[0] in offences()


@pytest.mark.parametrize("table", LEDGERS)
def test_no_row_of_the_books_is_changed_or_deleted(books: None, table: str) -> None:
    before = db.session.scalar(text(f"SELECT COUNT(*) FROM {table}"))
    first = "seq" if table in ("journal_line", "cost_entry") else "id"
    for attack in (f"UPDATE {table} SET {first} = {first} + 1000", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            unguarded(attack)
    assert before == db.session.scalar(text(f"SELECT COUNT(*) FROM {table}")) != 0


@pytest.mark.parametrize(
    "statement",
    ["UPDATE cost_pool SET value = -1", "UPDATE cost_pool SET quantity = 0", "DELETE FROM period"],
)
def test_the_database_refuses_what_must_never_be(books: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"(?i)constraint"):
        unguarded(statement)
