"""Chases of short deliveries, returns to suppliers, debit notes and their credits."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Quantity, RowId
from app.kernel.money import Minor

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _chases()
    _returns()
    _debit_notes()


def _chases() -> None:
    op.create_table(
        "chase",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_id", RowId, sa.ForeignKey("receipt.id"), nullable=False, unique=True),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
    )
    op.create_table(
        "chase_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("chase_id", RowId, sa.ForeignKey("chase.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("order_line_id", RowId, sa.ForeignKey("purchase_order_line.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("missing", Quantity, nullable=False),
        sa.UniqueConstraint("chase_id", "line_no"),
        sa.CheckConstraint("quantity > 0 AND missing >= 0 AND missing <= quantity", name="missing"),
    )
    op.create_index("ix_chase_line_order_line_id", "chase_line", ["order_line_id"])
    op.create_table(
        "line_closing",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("chase_line_id", RowId, sa.ForeignKey("chase_line.id"), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("claim_minor", Minor),
        sa.Column("reason", sa.Text, nullable=False),
        *_written_by(),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint(
            "outcome IN ('received', 'waived', 'resourced', 'cancelled')", name="outcome"
        ),
    )
    op.create_index("ix_line_closing_chase_line_id", "line_closing", ["chase_line_id"])
    append_only.protect(op, "line_closing")


def _returns() -> None:
    op.create_table(
        "supplier_return",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_id", RowId, sa.ForeignKey("receipt.id"), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("settlement", sa.String(12), nullable=False),
        sa.Column("freight_payer", sa.String(10), nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("shipped_at", Instant),
        sa.CheckConstraint("status IN ('open', 'shipped')", name="status"),
    )
    op.create_index("ix_supplier_return_receipt_id", "supplier_return", ["receipt_id"])
    op.create_table(
        "supplier_return_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("return_id", RowId, sa.ForeignKey("supplier_return.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.UniqueConstraint("return_id", "line_no"),
        sa.CheckConstraint("quantity >= 0", name="quantity"),
    )
    op.create_index(
        "ix_supplier_return_line_receipt_line_id", "supplier_return_line", ["receipt_line_id"]
    )
    op.create_table(
        "supplier_return_serial",
        sa.Column(
            "return_line_id", RowId, sa.ForeignKey("supplier_return_line.id"), primary_key=True
        ),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id"), primary_key=True),
    )
    op.create_index("ix_supplier_return_serial_serial_id", "supplier_return_serial", ["serial_id"])


def _debit_notes() -> None:
    op.create_table(
        "debit_note",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "return_id", RowId, sa.ForeignKey("supplier_return.id"), nullable=False, unique=True
        ),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total_minor", Minor, nullable=False),
        *_written_by(),
        sa.CheckConstraint("total_minor > 0", name="total"),
    )
    op.create_table(
        "debit_note_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("debit_note_id", RowId, sa.ForeignKey("debit_note.id"), nullable=False),
        sa.Column(
            "return_line_id",
            RowId,
            sa.ForeignKey("supplier_return_line.id"),
            nullable=False,
            unique=True,
        ),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("amount_minor", Minor, nullable=False),
    )
    op.create_index("ix_debit_note_line_debit_note_id", "debit_note_line", ["debit_note_id"])
    op.create_table(
        "supplier_credit",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "debit_note_id", RowId, sa.ForeignKey("debit_note.id"), nullable=False, unique=True
        ),
        sa.Column("supplier_number", sa.String(60), nullable=False),
        sa.Column("amount_minor", Minor, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        *_written_by(),
    )
    for table in ("debit_note", "debit_note_line", "supplier_credit"):
        append_only.protect(op, table)


def _written_by() -> tuple[sa.Column[object], ...]:
    """Which step wrote the row, and on whose behalf."""
    return (
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
