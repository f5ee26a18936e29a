"""Keys with which programs act as a person, and what their requests were answered."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, Json, RowId

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "api_key",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "person_id",
            RowId,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False, unique=True),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("last_used_at", Instant),
        sa.Column("revoked_at", Instant),
    )
    op.create_table(
        "answered_request",
        sa.Column(
            "person_id", RowId, sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("taken_at", Instant, nullable=False, index=True),
        sa.Column("status", sa.Integer),
        sa.Column("headers", Json),
        sa.Column("body", sa.LargeBinary),
    )
