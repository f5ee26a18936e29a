"""Labels of bins and units that the house prints, each printing for good."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, RowId

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "label_sheet",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("printed_at", Instant, nullable=False),
        sa.CheckConstraint("kind IN ('bin', 'unit')", name="kind"),
    )
    append_only.protect(op, "label_sheet")
    _things("label_sheet_bin", "location_id", "location.id")
    _things("label_sheet_unit", "serial_id", "serial.id")


def _things(table: str, column: str, target: str) -> None:
    op.create_table(
        table,
        sa.Column("sheet_id", RowId, sa.ForeignKey("label_sheet.id"), primary_key=True),
        sa.Column(column, RowId, sa.ForeignKey(target), primary_key=True),
    )
    op.create_index(f"ix_{table}_{column}", table, [column])
    append_only.protect(op, table)
