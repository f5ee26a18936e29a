"""Definitions, cases, the inbox, timers, messages, incidents, history and the outbox."""

import sqlalchemy as sa
from alembic import op

from app.kernel import append_only
from app.kernel.db import Instant, Json, RowId

revision = "0002"
down_revision = "0001"

_CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    _definitions()
    _cases()
    _inbox()
    _waiting()
    _incidents()
    _record()
    _leaving()


def _definitions() -> None:
    op.create_table(
        "process_definition",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("shipped", sa.Boolean, nullable=False),
        sa.Column("titles", Json, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("created_by", RowId, sa.ForeignKey("person.id")),
        sa.UniqueConstraint("key", "version"),
    )
    _partial(
        "uq_process_definition_published",
        "process_definition",
        ["key"],
        "status = 'published'",
        unique=True,
    )
    op.create_table(
        "definition_file",
        sa.Column("definition_id", RowId, sa.ForeignKey("process_definition.id"), primary_key=True),
        sa.Column("name", sa.String(200), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "message_start",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("definition_id", RowId, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
    )


def _cases() -> None:
    op.create_table(
        "process_instance",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("definition_id", RowId, sa.ForeignKey("process_definition.id"), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("business_key", sa.String(100)),
        sa.Column("subject", sa.String(200)),
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("numbers", sa.Text),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("state", sa.LargeBinary),
    )
    _partial("ix_process_instance_open", "process_instance", ["definition_id"], "status = 'open'")
    op.create_table(
        "case_number",
        sa.Column("number", _CODE, primary_key=True),
        sa.Column("instance_id", RowId, primary_key=True),
        sqlite_with_rowid=False,
    )


def _inbox() -> None:
    op.create_table(
        "task",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), nullable=False),
        sa.Column("definition_id", RowId, nullable=False),
        sa.Column("token", sa.String(40), nullable=False),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("scope", sa.String(80), nullable=False),
        sa.Column("holder_id", RowId),
        sa.Column("excluded", sa.Text),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("rank", RowId, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("claimed_at", Instant),
        sa.Column("business_key", sa.String(100)),
        sa.Column("subject", sa.String(200)),
        sa.UniqueConstraint("instance_id", "token"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_task_role_scope_rank", "task", ["role", "scope", "rank", "id"])
    op.create_index("ix_task_role_rank", "task", ["role", "rank", "id"])
    op.create_index("ix_task_role_scope_due_at", "task", ["role", "scope", "due_at", "id"])
    op.create_index("ix_task_role_due_at", "task", ["role", "due_at", "id"])
    op.create_index("ix_task_holder_id", "task", ["holder_id", "rank", "id"])
    op.create_table(
        "task_draft",
        sa.Column("task_id", RowId, primary_key=True),
        sa.Column("person_id", RowId, primary_key=True),
        sa.Column("answers", Json, nullable=False),
        sa.Column("saved_at", Instant, nullable=False),
    )


def _waiting() -> None:
    op.create_table(
        "timer_due",
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), primary_key=True),
        sa.Column("token", sa.String(40), primary_key=True),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("try_at", Instant),
        sa.Column("failures", sa.Integer, nullable=False),
    )
    op.create_index("ix_timer_due_try_at", "timer_due", ["try_at"])
    op.create_table(
        "message_wait",
        sa.Column("instance_id", RowId, sa.ForeignKey("process_instance.id"), primary_key=True),
        sa.Column("token", sa.String(40), primary_key=True),
        sa.Column("element_id", sa.String(100), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("correlation", sa.String(200), nullable=False),
    )
    op.create_index("ix_message_wait_name", "message_wait", ["name", "correlation"])


def _incidents() -> None:
    op.create_table(
        "incident",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("instance_id", RowId),
        sa.Column("message_id", RowId),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("element_id", sa.String(100)),
        sa.Column("effect_key", sa.String(300)),
        sa.Column("sentence", sa.Text, nullable=False),
        sa.Column("trace", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("try_at", Instant),
        sa.Column("resolved_at", Instant),
        sa.Column("resolved_by", RowId),
    )
    _partial("ix_incident_open", "incident", ["instance_id"], "resolved_at IS NULL")
    op.create_index("ix_incident_try_at", "incident", ["try_at"])


def _record() -> None:
    op.create_table(
        "effect",
        sa.Column("key", _CODE, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("person_id", RowId),
        sa.Column("at", Instant, nullable=False),
        sa.Column("arguments", sa.LargeBinary, nullable=False),
        sa.Column("result", sa.LargeBinary),
        sqlite_with_rowid=False,
    )
    append_only.protect(op, "effect")
    op.create_table(
        "history",
        sa.Column("instance_id", RowId, primary_key=True),
        sa.Column("edition", sa.Integer, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("element_id", sa.String(100)),
        sa.Column("task_id", RowId),
        sa.Column("person_id", RowId),
        sa.Column("detail", sa.LargeBinary),
        sqlite_with_rowid=False,
    )
    _partial("ix_history_task_id", "history", ["task_id"], "task_id IS NOT NULL")
    append_only.protect(op, "history")


def _leaving() -> None:
    op.create_table(
        "message",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("correlation", sa.String(200), nullable=False),
        sa.Column("payload", Json),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("sent_at", Instant, nullable=False),
        sa.Column("try_at", Instant),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("consumer_id", RowId),
    )
    op.create_index("ix_message_try_at", "message", ["try_at"])
    op.create_index("ix_message_waiting", "message", ["name", "correlation"])
    op.create_table(
        "outbox",
        sa.Column("id", RowId, primary_key=True),
        sa.Column("key", sa.String(300), nullable=False, unique=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("posted_at", Instant, nullable=False),
        sa.Column("try_at", Instant),
        sa.Column("sent_at", Instant),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text),
    )
    op.create_index("ix_outbox_try_at", "outbox", ["try_at"])


def _partial(
    name: str, table: str, columns: list[str], where: str, *, unique: bool = False
) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )
