"""When finished tasks were opened, so that pages can say what is usual."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "finished_task",
        sa.Column("process_key", sa.String(80), primary_key=True),
        sa.Column("element_id", sa.String(100), primary_key=True),
        sa.Column("finished_at", Instant, primary_key=True),
        sa.Column("task_id", RowId, primary_key=True),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("scope", sa.String(80), nullable=False),
        sqlite_with_rowid=False,
    )
