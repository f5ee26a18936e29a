"""Bills that never come are asked for."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "bill_chase",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.CheckConstraint("outcome IN ('', 'billed', 'free')", name="outcome"),
    )
    op.create_index("ix_bill_chase_order_id", "bill_chase", ["order_id"])
