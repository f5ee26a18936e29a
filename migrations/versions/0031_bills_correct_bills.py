"""A bill may say what an earlier bill of freight should have been."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import RowId

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column("bill", sa.Column("corrects_id", RowId))
    op.create_index("ix_bill_corrects_id", "bill", ["corrects_id"])
