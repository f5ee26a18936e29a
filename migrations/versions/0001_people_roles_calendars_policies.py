"""People, roles, sessions, the audit, policies and calendars."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, RowId

revision = "0001"
down_revision = None

_ROLES = {
    "administrator": ("Administrator", "系統管理員", "系统管理员"),
    "operator": ("Operator", "維運人員", "运维人员"),
    "analyst": ("Process analyst", "流程分析師", "流程分析师"),
    "planner": ("Planner", "計劃員", "计划员"),
    "buyer": ("Buyer", "採購人員", "采购员"),
    "purchasing_manager": ("Purchasing manager", "採購主管", "采购主管"),
    "finance": ("Finance", "財務", "财务"),
    "warehouse_keeper": ("Warehouse keeper", "倉管人員", "仓管员"),
    "warehouse_manager": ("Warehouse manager", "倉儲主管", "仓储主管"),
    "inspector": ("Inspector", "品檢人員", "质检员"),
    "qc_manager": ("QC manager", "品檢主管", "质检主管"),
    "supplier": ("Supplier", "供應商", "供应商"),
}


def upgrade() -> None:
    _people()
    _sign_in()
    _audit()
    _policies()
    _calendars()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("username", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.Text),
        sa.Column("party", sa.String(100)),
        sa.Column("created_at", Instant, nullable=False),
    )
    role = op.create_table(
        "role",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("title", Json, nullable=False),
    )
    op.bulk_insert(
        role,
        [
            {"code": code, "title": {"en": en, "zh_Hant": hant, "zh_Hans": hans}}
            for code, (en, hant, hans) in _ROLES.items()
        ],
    )
    op.create_table(
        "membership",
        sa.Column("id", RowId, primary_key=True),
        sa.Column(
            "person_id", RowId, sa.ForeignKey("person.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("role", sa.String(64), sa.ForeignKey("role.code"), nullable=False, index=True),
        sa.Column("scope", sa.String(100), nullable=False),
        sa.UniqueConstraint("person_id", "role", "scope"),
    )


def _sign_in() -> None:
    op.create_table(
        "sign_in_session",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column(
            "person_id",
            RowId,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("last_seen_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False, index=True),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("agent", sa.String(200), nullable=False),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False, index=True),
    )


def _audit() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("for_person_id", RowId, sa.ForeignKey("person.id")),
        sa.Column("subject", sa.String(200), nullable=False, index=True),
        sa.Column("details", Json, nullable=False),
    )
    append_only.protect(op, "audit_entry")


def _policies() -> None:
    op.create_table(
        "policy_version",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("value", Json, nullable=False),
        sa.Column("effective_from", Instant, nullable=False),
        sa.Column("set_at", Instant, nullable=False),
        sa.Column("set_by", RowId, sa.ForeignKey("person.id")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.UniqueConstraint("name", "version"),
    )
    append_only.protect(op, "policy_version")


def _calendars() -> None:
    op.create_table(
        "calendar",
        sa.Column("code", sa.String(64), primary_key=True),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("week", Json, nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("subdivision", sa.String(16)),
    )
    op.create_table(
        "calendar_day",
        sa.Column("calendar", sa.String(64), sa.ForeignKey("calendar.code"), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("hours", Json, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_table(
        "calendar_scope",
        sa.Column("scope", sa.String(100), primary_key=True),
        sa.Column("calendar", sa.String(64), sa.ForeignKey("calendar.code"), nullable=False),
    )
