"""Products, places, the stock ledger, serials, reservations and opening stock."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, Quantity, RowId

revision = "0003"
down_revision = "0002"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")

_BEYOND = {
    "GAIN-LOSS": "loss",
    "OPENING": "loss",
    "RELABELLING": "loss",
    "CUSTOMERS": "customer",
}


def upgrade() -> None:
    _catalog()
    _places()
    _ledger()
    _stock()
    _opening()
    _beyond_the_house()


def _catalog() -> None:
    op.create_table(
        "product",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
    )
    op.create_table(
        "sku",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("product_id", RowId, sa.ForeignKey("product.id"), nullable=False),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("barcode", CODE, unique=True),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("step", Quantity, nullable=False),
        sa.Column("serial_policy", sa.String(10), nullable=False),
        sa.Column("zone", sa.String(30), nullable=False),
        sa.Column("hazard", sa.String(30), nullable=False),
        sa.Column("is_high_value", sa.Boolean, nullable=False),
        sa.CheckConstraint("serial_policy IN ('none', 'unit', 'lot')", name="serial_policy"),
        sa.CheckConstraint("step > 0", name="step"),
    )
    op.create_index("ix_sku_product_id", "sku", ["product_id"])
    op.create_table(
        "unit_conversion",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("num", sa.Integer, nullable=False),
        sa.Column("den", sa.Integer, nullable=False),
        sa.UniqueConstraint("sku_id", "unit"),
        sa.CheckConstraint("num > 0 AND den > 0", name="ratio"),
    )


def _places() -> None:
    op.create_table(
        "site",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.CheckConstraint("kind IN ('warehouse', 'outlet')", name="kind"),
    )
    op.create_table(
        "location",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id")),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("zone", sa.String(30), nullable=False),
        sa.Column("hazard", sa.String(30), nullable=False),
        sa.Column("capacity", Quantity),
        sa.Column("filled", Quantity, nullable=False),
        sa.Column("fixed_sku_id", RowId, sa.ForeignKey("sku.id")),
        sa.Column("walk_order", sa.Integer, nullable=False),
        sa.CheckConstraint("filled >= 0", name="filled"),
        sa.CheckConstraint(
            "kind IN ('internal', 'qc', 'reject', 'hold', 'transit', 'custody',"
            " 'supplier', 'customer', 'loss')",
            name="kind",
        ),
        sa.CheckConstraint("capacity IS NULL OR filled <= capacity", name="capacity"),
    )
    op.create_index("ix_location_fixed_sku_id", "location", ["fixed_sku_id"])
    op.create_index("ix_location_site_id_kind", "location", ["site_id", "kind"])


def _ledger() -> None:
    op.create_table(
        "serial",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("location_id", RowId, sa.ForeignKey("location.id"), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("born_with", sa.String(80), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("ix_serial_location_id_sku_id", "serial", ["location_id", "sku_id"])
    op.create_table(
        "stock_move",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("instance_id", RowId, nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("effective_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("effective_at <= recorded_at", name="not_from_the_future"),
        sa.UniqueConstraint("effect_key", "reason", "document"),
    )
    op.create_index("ix_stock_move_document", "stock_move", ["document"])
    op.create_index("ix_stock_move_instance_id", "stock_move", ["instance_id"])
    append_only.protect(op, "stock_move")
    op.create_table(
        "stock_entry",
        sa.Column("seq", RowId, primary_key=True),
        sa.Column("move_id", RowId, sa.ForeignKey("stock_move.id"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("location_id", RowId, sa.ForeignKey("location.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id")),
        sa.Column("quantity", Quantity, nullable=False),
        sa.CheckConstraint("quantity <> 0", name="quantity"),
    )
    op.create_index("ix_stock_entry_move_id", "stock_entry", ["move_id"])
    op.create_index("ix_stock_entry_serial_id", "stock_entry", ["serial_id", "seq"])
    op.create_index(
        "ix_stock_entry_sku_id_location_id_lot",
        "stock_entry",
        ["sku_id", "location_id", "lot", "seq"],
    )
    append_only.protect(op, "stock_entry")
    op.create_table(
        "serial_link",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("parent_id", RowId, sa.ForeignKey("serial.id"), nullable=False),
        sa.Column("child_id", RowId, sa.ForeignKey("serial.id"), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.UniqueConstraint("parent_id", "child_id", "kind"),
        sa.CheckConstraint(
            "kind IN ('contains', 'replaces', 'relabels', 'duplicates')", name="kind"
        ),
    )
    op.create_index("ix_serial_link_child_id", "serial_link", ["child_id"])
    append_only.protect(op, "serial_link")


def _stock() -> None:
    op.create_table(
        "stock_balance",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("location_id", RowId, sa.ForeignKey("location.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("reserved", Quantity, nullable=False),
        sa.UniqueConstraint("sku_id", "location_id", "lot"),
        sa.CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved"),
        sa.CheckConstraint("quantity >= 0", name="quantity"),
    )
    op.create_index("ix_stock_balance_location_id", "stock_balance", ["location_id"])
    op.create_table(
        "reservation",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("wanted", Quantity, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
        sa.CheckConstraint("status IN ('waiting', 'live', 'released', 'used')", name="status"),
        sa.CheckConstraint("wanted > 0", name="wanted"),
    )
    op.create_index("ix_reservation_document", "reservation", ["document"])
    op.create_index(
        "ix_reservation_sku_id_site_id_status", "reservation", ["sku_id", "site_id", "status"]
    )
    op.create_table(
        "reservation_part",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("reservation_id", RowId, sa.ForeignKey("reservation.id"), nullable=False),
        sa.Column("balance_id", RowId, sa.ForeignKey("stock_balance.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )
    op.create_index("ix_reservation_part_balance_id", "reservation_part", ["balance_id"])
    op.create_index("ix_reservation_part_reservation_id", "reservation_part", ["reservation_id"])


def _opening() -> None:
    op.create_table(
        "opening_sheet",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("given_by", sa.String(64), nullable=False),
        sa.Column("given_at", Instant, nullable=False),
        sa.Column("posted_at", Instant),
    )
    op.create_table(
        "opening_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sheet_id", RowId, sa.ForeignKey("opening_sheet.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("location_id", RowId, sa.ForeignKey("location.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("serials", Json, nullable=False),
        sa.UniqueConstraint("sheet_id", "line_no"),
        sa.UniqueConstraint("sku_id", "location_id", "lot"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )


def _beyond_the_house() -> None:
    """The places goods come from and go to, and what a blind delivery is before it is known."""
    location = sa.table(
        "location",
        sa.column("code"),
        sa.column("kind"),
        sa.column("zone"),
        sa.column("hazard"),
        sa.column("filled"),
        sa.column("walk_order"),
    )
    op.bulk_insert(
        location,
        [
            {"code": code, "kind": kind, "zone": "", "hazard": "", "filled": 0, "walk_order": 0}
            for code, kind in _BEYOND.items()
        ],
    )
    op.execute(
        "INSERT INTO product (code, name, category)"
        " VALUES ('UNIDENTIFIED', 'Unidentified goods', '')"
    )
    op.execute(
        "INSERT INTO sku (product_id, code, name, unit, step, serial_policy, zone, hazard,"
        " is_high_value) SELECT id, code, name, 'carton', 1000000, 'none', '', '', FALSE"
        " FROM product WHERE code = 'UNIDENTIFIED'"
    )
