"""Lines above a person's inbox about what a colleague did for them, until they have looked."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, delete, update
from sqlalchemy.orm import Mapped, mapped_column

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import NotFound

ASSIGNED, GIVEN_BACK, ANSWERED, CANCELLED = "assigned", "given_back", "answered", "cancelled"


class Notice(Model):
    """One line; `subject_id` is a task somebody got (back), a report answered, a case cancelled."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_person_id", "person_id", "seen_at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int] = mapped_column(RowId)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime | None] = mapped_column(Instant)


def tell(person_id: int, kind: str, subject_id: int, *, by: Person) -> None:
    """Put a line above the person's inbox."""
    line = Notice(
        person_id=person_id, kind=kind, subject_id=subject_id, by_id=by.id, at=clock.now()
    )
    db.session.add(line)


def take_back(person_id: int, kind: str, subject_id: int) -> None:
    """Drop the lines about something that is no longer so, if nobody looked yet."""
    same = delete(Notice).filter_by(person_id=person_id, kind=kind, subject_id=subject_id)
    db.session.execute(same.where(Notice.seen_at.is_(None)))


def see(notice_id: int, *, by: Person) -> Notice:
    """The person has looked; returns the line.

    Raises:
        NotFound: it is nobody's, or somebody else's.
    """
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.person_id != by.id:
        raise NotFound
    same = update(Notice).filter_by(
        person_id=by.id, kind=notice.kind, subject_id=notice.subject_id, seen_at=None
    )
    db.session.execute(same.values(seen_at=clock.now()))
    return notice
