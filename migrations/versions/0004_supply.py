"""Suppliers, purchase orders, shipping notices, receipts and releases."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, Quantity, RowId

revision = "0004"
down_revision = "0003"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    _orders()
    _notices()
    _receipts()
    _releases()


def _orders() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(60), nullable=False),
    )
    op.create_table(
        "purchase_order",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("number", CODE, nullable=False, unique=True),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("ordered_by", sa.String(64), nullable=False),
        sa.Column("ordered_on", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("status IN ('open', 'closed', 'cancelled')", name="status"),
    )
    op.create_index("ix_purchase_order_site_id", "purchase_order", ["site_id"])
    op.create_index("ix_purchase_order_supplier_id", "purchase_order", ["supplier_id"])
    op.create_table(
        "purchase_order_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("ordered", Quantity, nullable=False),
        sa.Column("unit_price", Quantity),
        sa.Column("let_in", Quantity, nullable=False),
        sa.Column("amended", Quantity, nullable=False),
        sa.Column("waived", Quantity, nullable=False),
        sa.Column("received", Quantity, nullable=False),
        sa.Column("accepted", Quantity, nullable=False),
        sa.Column("rejected", Quantity, nullable=False),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected <= received", name="received"
        ),
        sa.UniqueConstraint("order_id", "line_no"),
        sa.CheckConstraint(
            "ordered > 0 AND amended >= 0 AND waived >= 0 AND let_in >= 0", name="ordered"
        ),
    )
    op.create_index("ix_purchase_order_line_sku_id", "purchase_order_line", ["sku_id"])


def _notices() -> None:
    op.create_table(
        "asn",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("number", CODE, nullable=False, unique=True),
        sa.Column("supplier_number", CODE, nullable=False),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("expected_on", sa.Date),
        sa.Column("announced_by", sa.String(64), nullable=False),
        sa.Column("announced_at", Instant, nullable=False),
        sa.UniqueConstraint("supplier_id", "supplier_number"),
        sa.CheckConstraint("status IN ('announced', 'arrived', 'counted')", name="status"),
    )
    op.create_index("ix_asn_order_id", "asn", ["order_id"])
    op.create_table(
        "asn_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("asn_id", RowId, sa.ForeignKey("asn.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_id", RowId, sa.ForeignKey("purchase_order_line.id"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.UniqueConstraint("asn_id", "line_no"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )
    op.create_index("ix_asn_line_order_line_id", "asn_line", ["order_line_id"])
    op.create_table(
        "asn_serial",
        sa.Column("asn_line_id", RowId, sa.ForeignKey("asn_line.id"), primary_key=True),
        sa.Column("code", CODE, primary_key=True),
    )


def _receipts() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("asn_id", RowId, sa.ForeignKey("asn.id"), unique=True),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id")),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("gate", Json, nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("counted_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("counted_at", Instant),
        sa.CheckConstraint("status IN ('open', 'counted', 'settled')", name="status"),
    )
    op.create_index("ix_receipt_order_id", "receipt", ["order_id"])
    op.create_index("ix_receipt_site_id", "receipt", ["site_id"])
    op.create_table(
        "receipt_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_id", RowId, sa.ForeignKey("receipt.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("order_line_id", RowId, sa.ForeignKey("purchase_order_line.id")),
        sa.Column("on_order", sa.Boolean, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("expires_on", sa.Date),
        sa.Column("place_id", RowId, sa.ForeignKey("location.id"), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("waiting", Quantity, nullable=False),
        sa.Column("accepted", Quantity, nullable=False),
        sa.Column("rejected", Quantity, nullable=False),
        sa.Column("returned", Quantity, nullable=False),
        sa.UniqueConstraint("receipt_id", "line_no"),
        sa.CheckConstraint(
            "kind IN ('expected', 'damaged', 'duplicate', 'over', 'wrong', 'unidentified')",
            name="kind",
        ),
        sa.CheckConstraint(
            "waiting >= 0 AND accepted >= 0 AND rejected >= 0 AND returned >= 0"
            " AND quantity = waiting + accepted + rejected + returned",
            name="judged",
        ),
    )
    op.create_index("ix_receipt_line_order_line_id", "receipt_line", ["order_line_id"])
    op.create_index("ix_receipt_line_place_id_sku_id", "receipt_line", ["place_id", "sku_id"])
    op.create_table(
        "receipt_serial",
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), primary_key=True),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id"), primary_key=True),
    )
    op.create_index("ix_receipt_serial_serial_id", "receipt_serial", ["serial_id"])
    op.create_table(
        "inspection",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("accepted", Quantity, nullable=False),
        sa.Column("rejected", Quantity, nullable=False),
        sa.Column("defect", sa.Text, nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("ix_inspection_receipt_line_id", "inspection", ["receipt_line_id"])
    append_only.protect(op, "inspection")


def _releases() -> None:
    op.create_table(
        "release",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("shelved", Quantity, nullable=False),
        sa.Column("difference", Quantity, nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint(
            "quantity > 0 AND shelved >= 0 AND shelved <= quantity + difference", name="shelved"
        ),
    )
    op.create_index("ix_release_receipt_line_id", "release", ["receipt_line_id"])
    op.create_index("ix_release_site_id", "release", ["site_id"])
    op.create_table(
        "release_serial",
        sa.Column("release_id", RowId, sa.ForeignKey("release.id"), primary_key=True),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id"), primary_key=True),
    )
    op.create_index("ix_release_serial_serial_id", "release_serial", ["serial_id"])
    op.create_table(
        "stock_count",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("release_id", RowId, sa.ForeignKey("release.id"), nullable=False),
        sa.Column("expected", Quantity, nullable=False),
        sa.Column("counted", Quantity, nullable=False),
        sa.Column("first_by", sa.String(64), nullable=False),
        sa.Column("second_by", sa.String(64), nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    op.create_index("ix_stock_count_release_id", "stock_count", ["release_id"])
    append_only.protect(op, "stock_count")
