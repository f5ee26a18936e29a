"""Who did what to accounts, roles and settings, and on whose behalf; nothing is ever changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import append_only, clock
from app.kernel.db import Instant, Json, Model, RowId, db

PAGE = 100


class AuditEntry(Model):
    """One act; people are named by id only, because their names can be erased and this cannot."""

    __tablename__ = "audit_entry"
    __table_args__ = ({"info": append_only.MARK},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    action: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    details: Mapped[dict[str, object]] = mapped_column(Json)


def record(
    action: str,
    *,
    by: int | None,
    subject: str,
    instead_of: int | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Write down that `by` (nobody: the product itself) did `action`, perhaps for another."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            action=action,
            person_id=by,
            for_person_id=instead_of,
            subject=subject,
            details=dict(details or {}),
        )
    )


def page(
    *, before: int | None = None, subject: str = "", by: int | None = None, limit: int = PAGE
) -> list[AuditEntry]:
    """The latest deeds, all or those about one subject or of one person, before a row's id."""
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
    if before:
        query = query.where(AuditEntry.id < before)
    if subject:
        query = query.where(AuditEntry.subject == subject)
    if by:
        query = query.where(AuditEntry.person_id == by)
    return list(db.session.scalars(query))


def about(subject: str, limit: int = 200) -> list[AuditEntry]:
    """What was done to `subject` ("person:7"), the latest first."""
    query = select(AuditEntry).filter_by(subject=subject).order_by(AuditEntry.id.desc())
    return list(db.session.scalars(query.limit(limit)))
