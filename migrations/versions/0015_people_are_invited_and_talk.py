"""Invitations to choose a password."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    _invitations()


def _invitations() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "person_id",
            RowId,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("made_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant),
    )
