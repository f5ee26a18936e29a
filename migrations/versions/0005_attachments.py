"""Files people hand in."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("media_type", sa.String(40), nullable=False),
        sa.Column("size_bytes", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), index=True),
        sa.Column("kept_at", Instant, nullable=False),
    )
