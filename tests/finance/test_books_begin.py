"""Books begin with the stock that is there: ours, at a cost nobody knows yet."""

from pathlib import Path

from sqlalchemy import text

from app.cli import schema
from app.config import Settings
from app.domain import proof
from app.domain.finance import worth
from app.factory import create_app
from app.kernel.db import db, in_transaction

_BEFORE = (
    "INSERT INTO site (id, code, name, kind) VALUES (1, 'MAIN', 'Main', 'warehouse')",
    (
        "INSERT INTO location (id, code, site_id, kind, zone, hazard, filled, walk_order)"
        " VALUES (100, 'A-01', 1, 'internal', '', '', 0, 0)"
    ),
    "INSERT INTO product (id, code, name, category) VALUES (100, 'P', 'P', '')",
    (
        "INSERT INTO sku (id, product_id, code, name, unit, step, serial_policy, zone, hazard,"
        " is_high_value) VALUES (100, 100, 'FLOUR', 'Flour', 'kg', 1, 'none', '', '', FALSE),"
        " (101, 100, 'BA-28', 'AC', 'pcs', 1000000, 'unit', '', '', FALSE)"
    ),
    (
        "INSERT INTO stock_balance (sku_id, location_id, lot, quantity, reserved)"
        " VALUES (100, 100, '', 2500000, 0), (101, 100, '', 2000000, 0)"
    ),
    (
        "INSERT INTO serial (code, sku_id, location_id, status, born_with, recorded_at)"
        " VALUES ('S1', 101, 100, 'in_stock', 'OS-1', 0), ('S2', 101, 100, 'in_stock', 'OS-1', 0)"
    ),
)


def test_stock_from_before_the_books_is_ours_and_listed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'before.sqlite3'}"
    app = create_app(Settings(database_url=url, secret_key="only for tests"))
    with app.app_context():
        schema.upgrade("0005")
        in_transaction(lambda: [db.session.execute(text(row)) for row in _BEFORE])
        schema.upgrade()
        held = [(each.sku.code, str(each.quantity), each.value) for each in worth.now()]
        unknown = [str(entry.quantity) for entry in worth.unknown()]
        broken = {result.code for result in proof.run() if not result.holds}
        db.session.remove()
        db.engine.dispose()
    assert held == [("BA-28", "2", 0), ("FLOUR", "2.5", 0)]
    assert unknown == ["2.5", "1", "1"]
    assert not broken & {"I6", "I7", "I8"}
