"""The vouchers of a case, for its evidence."""

from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.create_index("ix_journal_instance_id", "journal", ["instance_id"])
