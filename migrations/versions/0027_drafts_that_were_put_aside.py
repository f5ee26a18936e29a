"""Drafts that were put aside, so that starting afresh can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    aside = sa.Column("is_aside", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("task_draft", aside)
