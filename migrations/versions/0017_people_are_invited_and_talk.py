"""Invitations, comments on cases, and views of the inbox that people keep."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, RowId

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    _invitations()
    _comments()
    _saved_views()


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


def _comments() -> None:
    op.create_table(
        "comment",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index("ix_comment_instance_id", "comment", ["instance_id"])
    append_only.protect(op, "comment")
    op.create_table("comment_text", _of_comment(), sa.Column("text", sa.Text, nullable=False))
    op.create_table(
        "comment_file",
        _of_comment(),
        sa.Column("attachment_id", RowId, sa.ForeignKey("attachment.id"), primary_key=True),
    )
    op.create_table(
        "mention",
        _of_comment(),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("seen_at", Instant),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id", "seen_at"])


def _of_comment() -> sa.Column[int]:
    return sa.Column("comment_id", RowId, sa.ForeignKey("comment.id"), primary_key=True)


def _saved_views() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "person_id",
            RowId,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("filters", Json, nullable=False),
        sa.UniqueConstraint("person_id", "name"),
    )
