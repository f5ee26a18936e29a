"""Who handed which task to whom, and lines above inboxes about it."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, RowId

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "assignment",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("task_id", RowId, nullable=False),
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("from_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("to_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("by_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_assignment_task_id", "assignment", ["task_id"])
    op.create_index("ix_assignment_instance_id", "assignment", ["instance_id"])
    append_only.protect(op, "assignment")
    op.create_table(
        "notice",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_id", RowId, nullable=False),
        sa.Column("by_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("seen_at", Instant),
    )
    op.create_index("ix_notice_person_id", "notice", ["person_id", "seen_at"])
