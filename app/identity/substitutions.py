"""Who stands in for whom: named by the absent person, for a while, with all their roles."""

from datetime import datetime

from sqlalchemy import (
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    and_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.identity import audit
from app.identity.people import HELD, Person
from app.identity.roles import ADMINISTRATOR, ANALYST, OPERATOR
from app.kernel import clock, once
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, NotFound, Refusal

# Rights over the house itself are not handed on.
KEPT_ROLES = (ADMINISTRATOR, ANALYST, OPERATOR)


class Substitution(Model):
    """From `begins_at` until `ends_at` the substitute may do what is for the person's roles."""

    __tablename__ = "substitution"
    __table_args__ = (
        CheckConstraint("person_id <> substitute_id", name="two_people"),
        Index("ix_substitution_substitute_id", "substitute_id"),
        Index("ix_substitution_person_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    substitute_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begins_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    named_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    named_at: Mapped[datetime] = mapped_column(Instant)


class NobodyStandsIn(Refusal):
    """A substitute is a colleague."""

    code = "nobody_stands_in"
    field = "substitute"
    message = N_("Name a colleague who works here, other than yourself.")


class NoTimeToStandIn(Refusal):
    """A period has a beginning before its end."""

    code = "no_time_to_stand_in"
    field = "last"
    message = N_("Name a last day that is not over and not before the first.")


def name(
    person: Person, substitute: Person, *, begins_at: datetime, ends_at: datetime, by: int | None
) -> Substitution:
    """Let `substitute` stand in for `person` for a while.

    Raises:
        NobodyStandsIn: it is the same person, one who left, or one of another party.
        NoTimeToStandIn: the period is over, or upside down.
    """
    if person.id == substitute.id or not substitute.is_active or person.party != substitute.party:
        raise NobodyStandsIn
    if ends_at <= max(begins_at, clock.now()):
        raise NoTimeToStandIn
    row = Substitution(
        person_id=person.id,
        substitute_id=substitute.id,
        begins_at=begins_at,
        ends_at=ends_at,
        named_by=by,
        named_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    once.forget((HELD, substitute.id))
    _record("substitute_named", row, by=by)
    return row


def end(substitution_id: int, *, of: int, by: int | None) -> None:
    """Let nobody stand in any more, from now on."""
    row = db.session.get(Substitution, substitution_id)
    if row is None or row.person_id != of:
        raise NotFound
    row.ends_at = min(row.ends_at, clock.now())
    row.begins_at = min(row.begins_at, row.ends_at)
    db.session.flush()
    once.forget((HELD, row.substitute_id))
    _record("substitute_ended", row, by=by)


def of(person_id: int) -> list[Substitution]:
    """Who stands in for this person, or will; the soonest first."""
    query = select(Substitution).filter_by(person_id=person_id)
    query = query.where(Substitution.ends_at > clock.now())
    return list(db.session.scalars(query.order_by(Substitution.begins_at, Substitution.id)))


def in_force(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition of a substitution that counts at an instant."""
    return and_(Substitution.begins_at <= at, Substitution.ends_at > at)


def absent(substitute_id: int) -> list[int]:
    """The people somebody stands in for now."""
    query = select(Substitution.person_id).filter_by(substitute_id=substitute_id)
    return list(db.session.scalars(query.where(in_force(clock.now())).order_by(Substitution.id)))


def _record(action: str, row: Substitution, *, by: int | None) -> None:
    details: dict[str, object] = {
        "substitute": row.substitute_id,
        "from": row.begins_at.isoformat(),
        "until": row.ends_at.isoformat(),
    }
    audit.record(action, by=by, subject=f"person:{row.person_id}", details=details)
