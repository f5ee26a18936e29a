"""The vouchers of a case, for its evidence."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.create_index("ix_journal_instance_id", "journal", ["instance_id"])
