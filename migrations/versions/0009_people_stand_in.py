"""People name who stands in for them while they are away."""

import sqlalchemy as sa
from alembic import op

from app.kernel.db import Instant, RowId

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "substitution",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("substitute_id", RowId, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("begins_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("named_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("named_at", Instant, nullable=False),
        sa.CheckConstraint("person_id <> substitute_id", name="two_people"),
    )
    op.create_index("ix_substitution_substitute_id", "substitution", ["substitute_id"])
    op.create_index("ix_substitution_person_id", "substitution", ["person_id"])
