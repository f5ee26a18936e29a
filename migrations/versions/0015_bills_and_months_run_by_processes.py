"""Bills that were let go, who proposed to close a month, who entered a rate, runs of the proof."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, Json, RowId

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("bill", sa.Column("dropped_at", Instant))
    op.add_column("period", sa.Column("proposed_by", RowId))
    op.add_column("exchange_rate", sa.Column("entered_by", RowId))
    op.add_column("exchange_rate", sa.Column("entered_at", Instant))
    op.create_index("ix_bill_journal_id", "bill", ["journal_id"])
    op.create_index("ix_journal_day", "journal", ["day"])
    op.create_table(
        "proof_run",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("asked_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("begun_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("marks", Json, nullable=False),
        sa.Column("results", Json, nullable=False),
        sa.CheckConstraint("kind IN ('quick', 'full')", name="kind"),
        sa.CheckConstraint("status IN ('asked', 'running', 'held', 'broken')", name="status"),
    )
    op.create_index("ix_proof_run_status", "proof_run", ["status", "id"])
