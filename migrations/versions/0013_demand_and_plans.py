"""Demand history by day, purchase plans with every figure, and decisions on their lines."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, Quantity, RowId

revision = "0013"
down_revision = "0012"

_FIGURES = {
    "before": ("wanted", "daily_mean", "daily_sd", "lead_days", "lead_sd"),
    "aim": ("z", "spread", "safety_stock", "reorder_point", "order_up_to"),
    "stock": ("on_hand", "on_order", "coming", "reserved", "backorders", "planned", "position"),
    "order": ("asked", "need", "good_rate", "with_yield", "moq", "pack", "quantity"),
}


def upgrade() -> None:
    _demand()
    _plans()
    _decisions()


def _demand() -> None:
    op.create_table(
        "demand_day",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("wanted", Quantity, nullable=False),
        sa.Column("was_available", sa.Boolean, nullable=False),
        sa.Column("is_promotion", sa.Boolean, nullable=False),
        sa.Column("is_noted", sa.Boolean, nullable=False),
        sa.UniqueConstraint("site_id", "sku_id", "day"),
        sa.CheckConstraint("wanted >= 0", name="wanted"),
        sa.CheckConstraint("NOT is_noted OR (wanted = 0 AND NOT was_available)", name="is_noted"),
    )
    op.create_index("ix_demand_day_sku_id", "demand_day", ["sku_id"])
    op.create_index("ix_demand_day_site_id_day", "demand_day", ["site_id", "day"])


def _plans() -> None:
    op.create_table(
        "plan_run",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("scope", sa.String(100), nullable=False),
        sa.Column("cause", sa.String(10), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("planned_on", sa.Date, nullable=False),
        sa.Column("considered", sa.Integer, nullable=False),
        sa.Column("too_little", sa.Integer, nullable=False),
        sa.Column("rest", sa.Integer, nullable=False),
        sa.Column("assumptions", Json, nullable=False),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("made_at", Instant, nullable=False),
        sa.CheckConstraint("cause IN ('day', 'hand', 'again')", name="cause"),
    )
    op.create_table(
        "plan_line",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("run_id", RowId, sa.ForeignKey("plan_run.id"), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("site_id", RowId, sa.ForeignKey("site.id"), nullable=False),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id")),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("history_since", sa.Date),
        sa.Column("history_until", sa.Date),
        sa.Column("days", sa.Integer, nullable=False),
        sa.Column("censored_days", sa.Integer, nullable=False),
        sa.Column("promotion_days", sa.Integer, nullable=False),
        *_figures("before", "aim", "stock", "order"),
        sa.Column("required_on", sa.Date, nullable=False),
        sa.Column("reason", sa.String(10), nullable=False),
        sa.UniqueConstraint("run_id", "line_no"),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("source IN ('agreement', 'last_order', 'defaults')", name="source"),
    )
    op.create_index("ix_plan_line_sku_id", "plan_line", ["sku_id"])
    op.create_index("ix_plan_line_site_id", "plan_line", ["site_id"])
    for table in ("plan_run", "plan_line"):
        append_only.protect(op, table)


def _decisions() -> None:
    op.create_table(
        "plan_decision",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("line_id", RowId, sa.ForeignKey("plan_line.id"), nullable=False, unique=True),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("quantity", Quantity, nullable=False),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id")),
        sa.Column("required_on", sa.Date),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("message_key", sa.String(300)),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.CheckConstraint("outcome IN ('ordered', 'left_out', 'lapsed')", name="outcome"),
        sa.CheckConstraint("(outcome = 'ordered') = (quantity > 0)", name="quantity"),
    )
    op.create_index("ix_plan_decision_message_key", "plan_decision", ["message_key"])
    append_only.protect(op, "plan_decision")


def _figures(*groups: str) -> list[sa.Column[object]]:
    """Figures of the rule; all of them are always known."""
    return [sa.Column(name, Quantity, nullable=False) for one in groups for name in _FIGURES[one]]
