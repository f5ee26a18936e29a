"""The life of one unit, from its supplier to its customer and back, without a gap."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, false, func, null, or_, select, union_all
from sqlalchemy.orm import aliased

from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import Location
from app.domain.inventory.serials import Serial, SerialLink
from app.identity.people import Person
from app.kernel.db import db


@dataclass(frozen=True)
class Moment:
    """Something that happened to a unit.

    A move has a `reason` as its kind, `source`, `target` and a `document`; a link (contains,
    replaces, relabels, duplicates) has the `other` unit, which `came_first` or did not.
    """

    at: datetime
    kind: str
    source: str | None
    target: str | None
    document: str | None
    other: str | None
    came_first: bool
    effect_key: str
    instance_id: int | None
    person: str | None


def of(serial: Serial) -> list[Moment]:
    """Everything that happened to the unit, oldest first, in one query."""
    happened = union_all(_moves(serial), _links(serial)).subquery()
    names = ("at", "kind", "source", "target", "document", "other", "came_first", "effect_key")
    query = (
        select(
            *(happened.c[name] for name in names),
            happened.c.instance_id,
            Person.name.label("person"),
        )
        .outerjoin(Person, Person.id == happened.c.person_id)
        .order_by(happened.c.at, happened.c.seq)
    )
    return [Moment(**row._asdict()) for row in db.session.execute(query)]


def _moves(serial: Serial) -> Select[*tuple[Any, ...]]:
    """Each arrival, with the place the unit had been taken from just before."""
    entry = (
        select(
            StockEntry.seq,
            StockEntry.move_id,
            StockEntry.quantity,
            StockEntry.location_id.label("target_id"),
            func.lag(StockEntry.location_id).over(order_by=StockEntry.seq).label("source_id"),
        )
        .where(StockEntry.serial_id == serial.id)
        .subquery()
    )
    source, target = aliased(Location), aliased(Location)
    return (
        select(
            entry.c.seq.label("seq"),
            StockMove.recorded_at.label("at"),
            StockMove.reason.label("kind"),
            source.code.label("source"),
            target.code.label("target"),
            StockMove.document.label("document"),
            null().label("other"),
            false().label("came_first"),
            StockMove.effect_key.label("effect_key"),
            StockMove.instance_id.label("instance_id"),
            StockMove.person_id.label("person_id"),
        )
        .join(StockMove, StockMove.id == entry.c.move_id)
        .join(target, target.id == entry.c.target_id)
        .outerjoin(source, source.id == entry.c.source_id)
        .where(entry.c.quantity > 0)
    )


def _links(serial: Serial) -> Select[*tuple[Any, ...]]:
    """What the unit is to others: the parent came first."""
    is_child = SerialLink.child_id == serial.id
    other = aliased(Serial)
    other_id = case((is_child, SerialLink.parent_id), else_=SerialLink.child_id)
    return (
        select(
            SerialLink.id,
            SerialLink.recorded_at,
            SerialLink.kind,
            null(),
            null(),
            null(),
            other.code,
            is_child,
            SerialLink.effect_key,
            null(),
            SerialLink.person_id,
        )
        .join(other, other.id == other_id)
        .where(or_(is_child, SerialLink.parent_id == serial.id))
    )
