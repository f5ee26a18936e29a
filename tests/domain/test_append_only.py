"""The database itself keeps ledgers as they are."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain.inventory import serials
from app.domain.supply import counting, put_away, quality, receipts
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

LEDGERS = ("stock_move", "stock_entry", "serial_link", "inspection", "stock_count")
ATTACKS = {
    "sqlite": (
        "UPDATE {0} SET rowid = rowid",
        "DELETE FROM {0}",
        "REPLACE INTO {0} SELECT * FROM {0}",
    ),
    "postgresql": (
        "UPDATE {0} SET effect_key = ''",
        "DELETE FROM {0}",
        "TRUNCATE {0} CASCADE",
    ),
}


def test_no_ledger_row_is_changed_or_deleted(app: Flask) -> None:
    def step() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        receipt = counting.book(a_receipt((ac, 2)), [counted(ac, 2, "S1", "S2")])
        release = quality.judge(receipts.line(receipt, 1), accepted=Decimal(2))
        if release is not None:
            put_away.settle_count(
                release, Decimal(1), counted_by=("bruno", "chloe"), present=["S1"]
            )
        serials.link(serials.by_code("S1"), serials.by_code("S2"), "contains")

    in_a_step(step)
    for table in LEDGERS:
        for attack in ATTACKS[db.engine.dialect.name]:
            refused(attack.format(table), table)


def refused(sql: str, table: str) -> None:
    sql = sql.replace("effect_key = ''", "lot = 'x'") if table == "stock_entry" else sql
    before = db.session.scalar(text(f"SELECT COUNT(*) FROM {table}"))
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        in_transaction(lambda: db.session.execute(text(sql)))
    assert before == db.session.scalar(text(f"SELECT COUNT(*) FROM {table}")) != 0
