"""Promises of suppliers, cancelled quantities, chases of late orders, stopped suppliers."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Quantity, RowId
from app.kernel.money import Minor

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _promises()
    _cancellations()
    _stops()
    _chases_of_orders()


def _promises() -> None:
    op.create_table(
        "order_confirmation",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False),
        sa.Column("version_no", sa.Integer, nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        *_written_by(),
        sa.CheckConstraint("channel IN ('portal', 'telephone')", name="channel"),
    )
    op.create_index("ix_order_confirmation_order_id", "order_confirmation", ["order_id"])
    op.create_table(
        "order_promise",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("confirmation_id", RowId, sa.ForeignKey("order_confirmation.id"), nullable=False),
        sa.Column("order_line_id", RowId, sa.ForeignKey("purchase_order_line.id"), nullable=False),
        sa.Column("promised_on", sa.Date, nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.CheckConstraint("quantity > 0", name="quantity"),
    )
    for column in ("confirmation_id", "order_line_id"):
        op.create_index(f"ix_order_promise_{column}", "order_promise", [column])
    append_only.protect(op, "order_confirmation")
    append_only.protect(op, "order_promise")


def _cancellations() -> None:
    op.create_table(
        "order_cancellation",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("order_line_id", RowId, sa.ForeignKey("purchase_order_line.id"), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *_written_by(),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("cause IN ('no_answer', 'terms', 'amended', 'stopped')", name="cause"),
    )
    op.create_index("ix_order_cancellation_order_line_id", "order_cancellation", ["order_line_id"])
    append_only.protect(op, "order_cancellation")


def _stops() -> None:
    op.create_table(
        "supplier_stop",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *_written_by(),
        sa.CheckConstraint("cause IN ('bankrupt', 'banned')", name="cause"),
    )
    op.create_index("ix_supplier_stop_supplier_id", "supplier_stop", ["supplier_id"])
    op.create_table(
        "supplier_claim",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column(
            "order_id", RowId, sa.ForeignKey("purchase_order.id"), nullable=False, unique=True
        ),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount_minor", Minor, nullable=False),
        *_written_by(),
        sa.CheckConstraint("amount_minor > 0", name="amount"),
    )
    op.create_index("ix_supplier_claim_supplier_id", "supplier_claim", ["supplier_id"])
    append_only.protect(op, "supplier_stop")
    append_only.protect(op, "supplier_claim")


def _chases_of_orders() -> None:
    """A chase has an order of its own; it may have no receipt."""
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("chase", sa.Column("order_id", RowId, sa.ForeignKey("purchase_order.id")))
        op.alter_column("chase", "receipt_id", nullable=True)
    else:
        op.execute("ALTER TABLE chase ADD COLUMN order_id INTEGER REFERENCES purchase_order (id)")
        _allow_null("chase", "receipt_id INTEGER NOT NULL", "receipt_id INTEGER")
    op.create_index("ix_chase_order_id", "chase", ["order_id"])
    op.execute(
        "UPDATE chase SET order_id = "
        "(SELECT order_id FROM receipt WHERE receipt.id = chase.receipt_id)"
    )


def _allow_null(table: str, old: str, new: str) -> None:
    """SQLite's own way to change a column that rows of other tables stand below."""
    op.execute("PRAGMA writable_schema=ON")
    schema = sa.table("sqlite_master", sa.column("sql"), sa.column("name"))
    changed = sa.func.replace(schema.c.sql, old, new)
    op.execute(sa.update(schema).where(schema.c.name == table).values(sql=changed))
    op.execute("PRAGMA writable_schema=RESET")


def _written_by() -> tuple[sa.Column[object], ...]:
    """Which step wrote the row, and on whose behalf."""
    return (
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
