"""What staff say is wrong about a step, and what its analysts answered."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "step_report",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("process_key", sa.String(80), nullable=False),
        sa.Column("definition_id", RowId, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("answered_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("answered_at", Instant),
    )
    op.create_index("ix_step_report_process_key", "step_report", ["process_key", "answered_at"])
