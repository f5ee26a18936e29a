"""The tables of running processes: definitions, cases, the inbox, and what a case leaves behind."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import append_only
from app.kernel.db import Instant, Json, Model, RowId
from app.workflow.packing import PackedJson

# Compared byte by byte on both databases, so that a prefix is a range of the index.
Code = String().with_variant(String(collation="C"), "postgresql")

OPEN, FINISHED, CANCELLED = "open", "finished", "cancelled"
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class Definition(Model):
    """One version of a process: its diagram, decisions, forms and translations, frozen together."""

    __tablename__ = "process_definition"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        Index(
            "uq_process_definition_published",
            "key",
            unique=True,
            sqlite_where=text("status = 'published'"),
            postgresql_where=text("status = 'published'"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool]
    titles: Mapped[dict[str, str]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class DefinitionFile(Model):
    """One file of a definition, exactly as it was deployed."""

    __tablename__ = "definition_file"

    definition_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("process_definition.id"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class MessageStart(Model):
    """Which published process a message starts, when no case waits for it."""

    __tablename__ = "message_start"

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    definition_id: Mapped[int] = mapped_column(RowId, ForeignKey("process_definition.id"))
    element_id: Mapped[str] = mapped_column(String(100))


class ProcessInstance(Model):
    """One case. `state` is the engine's while open, and the packed final data afterwards."""

    __tablename__ = "process_instance"
    __table_args__ = (
        Index(
            "ix_process_instance_open",
            "definition_id",
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    definition_id: Mapped[int] = mapped_column(RowId, ForeignKey("process_definition.id"))
    status: Mapped[str] = mapped_column(String(10))
    edition: Mapped[int]
    business_key: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(String(80))
    numbers: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    state: Mapped[bytes | None] = mapped_column(LargeBinary)


class CaseNumber(Model):
    """A number under which a case is found, in upper case."""

    __tablename__ = "case_number"
    __table_args__ = ({"sqlite_with_rowid": False},)

    number: Mapped[str] = mapped_column(Code, primary_key=True)
    instance_id: Mapped[int] = mapped_column(RowId, primary_key=True)


class Task(Model):
    """One open task; when it ends the row goes and history keeps who, when and what.

    `rank` orders the inbox (urgent first, then due first); `excluded` holds the ids
    of people who may not do it, as " 3 17 ".
    """

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("instance_id", "token"),
        Index("ix_task_role_scope_rank", "role", "scope", "rank", "id"),
        Index("ix_task_role_rank", "role", "rank", "id"),
        Index("ix_task_role_scope_due_at", "role", "scope", "due_at", "id"),
        Index("ix_task_role_due_at", "role", "due_at", "id"),
        Index("ix_task_holder_id", "holder_id", "rank", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    instance_id: Mapped[int] = mapped_column(RowId, ForeignKey("process_instance.id"))
    definition_id: Mapped[int] = mapped_column(RowId)
    token: Mapped[str] = mapped_column(String(40))
    element_id: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(60))
    scope: Mapped[str] = mapped_column(String(80))
    holder_id: Mapped[int | None] = mapped_column(RowId)
    excluded: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int]
    rank: Mapped[int] = mapped_column(RowId)
    due_at: Mapped[datetime | None] = mapped_column(Instant)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    business_key: Mapped[str | None] = mapped_column(String(100))
    subject: Mapped[str | None] = mapped_column(String(200))


class TaskDraft(Model):
    """Half-filled answers of one person; kept even when someone else was faster.

    One that is aside fills no form: its writer started afresh, and may want it back.
    """

    __tablename__ = "task_draft"

    task_id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(RowId, primary_key=True)
    answers: Mapped[dict[str, object]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    is_aside: Mapped[bool] = mapped_column(default=False, server_default=false())


class EffectRow(Model):
    """One run of one service step. Its key makes it happen once; ledgers point at it."""

    __tablename__ = "effect"
    __table_args__ = ({"sqlite_with_rowid": False, "info": append_only.MARK},)

    key: Mapped[str] = mapped_column(Code, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(RowId)
    at: Mapped[datetime] = mapped_column(Instant)
    arguments: Mapped[dict[str, object]] = mapped_column(PackedJson)
    result: Mapped[object | None] = mapped_column(PackedJson)


class TimerDue(Model):
    """When a waiting timer is due, and when to try (again) to fire it; None: an incident has it."""

    __tablename__ = "timer_due"
    __table_args__ = (Index("ix_timer_due_try_at", "try_at"),)

    instance_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("process_instance.id"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(100))
    due_at: Mapped[datetime] = mapped_column(Instant)
    try_at: Mapped[datetime | None] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(default=0)


class MessageWait(Model):
    """A case waits for a message of this name about this business number."""

    __tablename__ = "message_wait"
    __table_args__ = (Index("ix_message_wait_name", "name", "correlation"),)

    instance_id: Mapped[int] = mapped_column(
        RowId, ForeignKey("process_instance.id"), primary_key=True
    )
    token: Mapped[str] = mapped_column(String(40), primary_key=True)
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(100))
    correlation: Mapped[str] = mapped_column(String(200))


class Incident(Model):
    """A step that could not be finished; the case waits before it until it is retried."""

    __tablename__ = "incident"
    __table_args__ = (
        Index(
            "ix_incident_open",
            "instance_id",
            sqlite_where=text("resolved_at IS NULL"),
            postgresql_where=text("resolved_at IS NULL"),
        ),
        Index("ix_incident_try_at", "try_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(RowId)
    message_id: Mapped[int | None] = mapped_column(RowId)
    kind: Mapped[str] = mapped_column(String(20))
    element_id: Mapped[str | None] = mapped_column(String(100))
    effect_key: Mapped[str | None] = mapped_column(String(300))
    sentence: Mapped[str] = mapped_column(Text)
    refusal: Mapped[dict[str, Any] | None] = mapped_column(Json)
    trace: Mapped[str] = mapped_column(Text)
    failures: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    try_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_at: Mapped[datetime | None] = mapped_column(Instant)
    resolved_by: Mapped[int | None] = mapped_column(RowId)


class HistoryRow(Model):
    """One moment of one case, in the order (edition, n); `detail` is its answers, payload, path."""

    __tablename__ = "history"
    __table_args__ = (
        Index(
            "ix_history_task_id",
            "task_id",
            sqlite_where=text("task_id IS NOT NULL"),
            postgresql_where=text("task_id IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False, "info": append_only.MARK},
    )

    instance_id: Mapped[int] = mapped_column(RowId, primary_key=True)
    edition: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(12))
    element_id: Mapped[str | None] = mapped_column(String(100))
    task_id: Mapped[int | None] = mapped_column(RowId)
    person_id: Mapped[int | None] = mapped_column(RowId)
    detail: Mapped[dict[str, object] | None] = mapped_column(PackedJson)
