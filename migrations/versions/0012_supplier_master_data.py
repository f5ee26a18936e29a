"""What we know of suppliers, their bank accounts, and changes that wait for a second person."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, RowId

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    _master_data()
    _proposals()
    _labels()


def _master_data() -> None:
    with op.batch_alter_table("supplier") as supplier:
        for name, length in (("contact", 200), ("tax_number", 40)):
            supplier.add_column(
                sa.Column(name, sa.String(length), nullable=False, server_default="")
            )
        supplier.add_column(
            sa.Column("currency", sa.String(3), nullable=False, server_default="TWD")
        )
        supplier.add_column(
            sa.Column("payment_days", sa.Integer, nullable=False, server_default="30")
        )
        supplier.add_column(
            sa.Column("standing", sa.String(10), nullable=False, server_default="approved")
        )
        supplier.create_check_constraint("standing", "standing IN ('trial', 'approved', 'stopped')")
        supplier.create_check_constraint("payment_days", "payment_days >= 0")
    op.create_table(
        "supplier_bank_account",
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), primary_key=True),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("bank", sa.String(200), nullable=False),
        sa.Column("account", sa.String(60), nullable=False),
        sa.Column("approved_at", Instant, nullable=False),
    )


def _proposals() -> None:
    op.create_table(
        "supplier_proposal",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("kind", sa.String(15), nullable=False),
        sa.Column("supplier_id", RowId, sa.ForeignKey("supplier.id"), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("decided_by", sa.String(64)),
        sa.Column("decided_at", Instant),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("kind IN ('prices', 'master_data', 'bank_details')", name="kind"),
        sa.CheckConstraint("status IN ('open', 'approved', 'refused', 'withdrawn')", name="status"),
    )
    op.create_index("ix_supplier_proposal_supplier_id", "supplier_proposal", ["supplier_id"])
    op.create_table(
        "supplier_proposal_field",
        sa.Column("proposal_id", RowId, sa.ForeignKey("supplier_proposal.id"), primary_key=True),
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("was", sa.Text, nullable=False),
        sa.Column("wanted", sa.Text, nullable=False),
    )


def _labels() -> None:
    op.create_table(
        "label_print",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("asn_id", RowId, sa.ForeignKey("asn.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("labels", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("printed_at", Instant, nullable=False),
        sa.CheckConstraint("labels > 0", name="labels"),
        sa.CheckConstraint("kind IN ('unit', 'carton')", name="kind"),
    )
    op.create_index("ix_label_print_asn_id", "label_print", ["asn_id"])
    append_only.protect(op, "label_print")
