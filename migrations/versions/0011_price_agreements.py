"""Price agreements with suppliers, their quantity breaks, and their ends."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Quantity, RowId

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "price_agreement",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("priced_for", Quantity, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("lead_days", sa.Integer, nullable=False),
        sa.Column("moq", Quantity, nullable=False),
        sa.Column("pack", Quantity, nullable=False),
        sa.Column("agreed_by", sa.String(64), nullable=False),
        sa.Column("effect_key", sa.String(400)),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        sa.CheckConstraint("moq > 0 AND pack > 0 AND priced_for > 0", name="quantities"),
        sa.CheckConstraint("lead_days >= 0", name="lead_days"),
    )
    op.create_index(
        "ix_price_agreement_supplier_id_sku_id",
        "price_agreement",
        ["supplier_id", "sku_id", "valid_from"],
    )
    op.create_index("ix_price_agreement_sku_id", "price_agreement", ["sku_id"])
    agreement = sa.ForeignKey("price_agreement.id")
    op.create_table(
        "price_agreement_break",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("agreement_id", RowId, agreement, nullable=False),
        sa.Column("min_quantity", Quantity, nullable=False),
        sa.Column("unit_price", Quantity, nullable=False),
        sa.UniqueConstraint("agreement_id", "min_quantity"),
        sa.CheckConstraint("min_quantity > 0 AND unit_price >= 0", name="figures"),
    )
    op.create_table(
        "price_agreement_end",
        sa.Column("agreement_id", RowId, sa.ForeignKey("price_agreement.id"), primary_key=True),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ended_by", sa.String(64), nullable=False),
        sa.Column("effect_key", sa.String(400)),
        sa.Column("recorded_at", Instant, nullable=False),
    )
    for table in ("price_agreement", "price_agreement_break", "price_agreement_end"):
        append_only.protect(op, table)
