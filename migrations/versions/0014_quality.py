"""Criteria, what inspections looked at, blocked goods, recalls and claims against suppliers."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, Quantity, RowId
from app.kernel.money import Minor

revision = "0014"
down_revision = "0013"

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    _criteria()
    _inspections()
    _holds()
    _recalls()
    _charges()
    _used_up()


def _criteria() -> None:
    op.create_table(
        "quality_class",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("category", sa.String(100), nullable=False, unique=True),
        sa.Column("risk", sa.String(10), nullable=False),
        sa.Column("usual_good", Quantity, nullable=False),
        sa.Column("is_perishable", sa.Boolean, nullable=False),
        sa.CheckConstraint("risk IN ('low', 'normal', 'high')", name="risk"),
    )
    op.create_table(
        "quality_criterion",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("line_no", sa.Integer, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("at_least", Quantity),
        sa.Column("at_most", Quantity),
        sa.Column("is_destructive", sa.Boolean, nullable=False),
        sa.UniqueConstraint("category", "line_no"),
    )
    op.create_table(
        "defect_code",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("code", CODE, nullable=False, unique=True),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
    )


def _inspections() -> None:
    """Rows from before looked at everything they judged; they keep saying nothing about it."""
    op.add_column("inspection", sa.Column("looked_at", Quantity))
    op.add_column("inspection", sa.Column("bad_found", Quantity))
    op.create_table(
        "inspection_measure",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("inspection_id", RowId, sa.ForeignKey("inspection.id"), nullable=False),
        sa.Column("criterion", sa.String(200), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("at_least", Quantity),
        sa.Column("at_most", Quantity),
        sa.Column("measured", Quantity),
        sa.Column("is_met", sa.Boolean, nullable=False),
    )
    op.create_index("ix_inspection_measure_inspection_id", "inspection_measure", ["inspection_id"])
    append_only.protect(op, "inspection_measure")
    op.execute(
        "ALTER TABLE receipt_line ADD COLUMN recalled BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_receipt_line_recalled CHECK (recalled >= 0 AND recalled <= accepted)"
    )


def _holds() -> None:
    op.execute(
        "ALTER TABLE stock_balance ADD COLUMN held BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_stock_balance_held CHECK (held >= 0 AND reserved + held <= quantity)"
    )
    op.create_table(
        "hold",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("document", sa.String(80), nullable=False),
        sa.Column("sku_id", RowId, sa.ForeignKey("sku.id"), nullable=False),
        sa.Column("lot", CODE, nullable=False),
        sa.Column("serial_id", RowId, sa.ForeignKey("serial.id")),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("lifted_at", Instant),
    )
    op.create_index("ix_hold_document", "hold", ["document"])
    op.create_index("ix_hold_sku_id_lot", "hold", ["sku_id", "lot"])
    op.create_index("ix_hold_serial_id", "hold", ["serial_id"])


def _recalls() -> None:
    op.create_table(
        "recall",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("receipt_id", RowId, sa.ForeignKey("receipt.id")),
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("closed_at", Instant),
        sa.CheckConstraint("status IN ('open', 'confirmed', 'lifted')", name="status"),
    )


def _charges() -> None:
    op.create_table(
        "charge_note",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("receipt_line_id", RowId, sa.ForeignKey("receipt_line.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("total_minor", Minor, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        *_written_by(),
        sa.CheckConstraint("total_minor > 0", name="total"),
        sa.CheckConstraint("kind IN ('rework', 'scrap')", name="kind"),
    )
    op.create_index("ix_charge_note_receipt_line_id", "charge_note", ["receipt_line_id"])
    op.create_table(
        "charge_credit",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "charge_note_id", RowId, sa.ForeignKey("charge_note.id"), nullable=False, unique=True
        ),
        sa.Column("supplier_number", sa.String(60), nullable=False),
        sa.Column("amount_minor", Minor, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("journal_id", RowId, sa.ForeignKey("journal.id"), nullable=False),
        *_written_by(),
    )
    for table in ("charge_note", "charge_credit"):
        append_only.protect(op, table)


def _used_up() -> None:
    """Where samples go that a test destroys, and goods nobody can use; and who bears the former."""
    location = sa.table(
        "location",
        sa.column("code"),
        sa.column("kind"),
        sa.column("zone"),
        sa.column("hazard"),
        sa.column("filled", Quantity),
        sa.column("walk_order"),
    )
    empty = {"kind": "loss", "zone": "", "hazard": "", "filled": 0, "walk_order": 0}
    op.bulk_insert(location, [{"code": code, **empty} for code in ("TESTED", "SCRAPPED")])
    account = sa.table(
        "account",
        sa.column("name"),
        sa.column("number"),
        sa.column("kind"),
        sa.column("titles", Json),
    )
    titles = {"en": "Samples used up in tests", "zh_Hant": "檢驗耗用", "zh_Hans": "检验耗用"}
    row = {"name": "inspection_cost", "number": "5870", "kind": "expense", "titles": titles}
    op.bulk_insert(account, [row])


def _written_by() -> tuple[sa.Column[object], ...]:
    """Which step wrote the row, and on whose behalf."""
    return (
        sa.Column("effect_key", sa.String(400), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("recorded_at", Instant, nullable=False),
    )
