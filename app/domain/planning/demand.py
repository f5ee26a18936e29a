"""What was wanted of each SKU at each site, day by day; from this the rule learns.

Demand is what was ordered for a day, not what was shipped. A day on which nothing was to be had
tells nothing about demand, and a promotion's day tells too much: both are kept and left out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, Executable, ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import batches
from app.kernel.db import Model, Quantity, RowId, db

Pair = tuple[int, int]  # ids of SKU and site
Key = tuple[int, int, date]
_ONE_DAY = ["site_id", "sku_id", "day"]
AT_ONCE = 5_000


class DemandDay(Model):
    """One SKU at one site on one day, in its stock unit.

    `is_noted` days were only seen to begin with an empty shelf; nobody told their demand yet.
    """

    __tablename__ = "demand_day"
    __table_args__ = (
        UniqueConstraint("site_id", "sku_id", "day"),
        CheckConstraint("wanted >= 0", name="wanted"),
        CheckConstraint("NOT is_noted OR (wanted = 0 AND NOT was_available)", name="is_noted"),
        Index("ix_demand_day_sku_id", "sku_id"),
        Index("ix_demand_day_site_id_day", "site_id", "day"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    day: Mapped[date]
    wanted: Mapped[Decimal] = mapped_column(Quantity)
    was_available: Mapped[bool] = mapped_column(default=True)
    is_promotion: Mapped[bool] = mapped_column(default=False)
    is_noted: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True)
class Day:
    """What is told about one day."""

    sku_id: int
    site_id: int
    day: date
    wanted: Decimal
    was_available: bool = True
    is_promotion: bool = False


def record(days: Iterable[Day]) -> None:
    """Keep what was wanted; a shelf that was seen empty that day stays known as empty."""
    statement = _insert()
    new = statement.excluded
    told = {
        "wanted": new.wanted,
        "is_promotion": new.is_promotion,
        "was_available": new.was_available & DemandDay.__table__.c.was_available,
        "is_noted": False,
    }
    rows = [{**vars(one), "is_noted": False} for one in days]
    _write(statement.on_conflict_do_update(index_elements=_ONE_DAY, set_=told), rows)


def note_empty(pairs: Iterable[Pair], on: date) -> None:
    """Note that nothing was to be had on a day, unless more is known about it."""
    rows = [
        {
            "sku_id": sku_id,
            "site_id": site_id,
            "day": on,
            "wanted": Decimal(0),
            "was_available": False,
            "is_promotion": False,
            "is_noted": True,
        }
        for sku_id, site_id in sorted(pairs)
    ]
    _write(_insert().on_conflict_do_nothing(index_elements=_ONE_DAY), rows)


def is_known() -> bool:
    """Whether there is any history to plan from."""
    return db.session.scalar(select(DemandDay.id).limit(1)) is not None


def of_pair(sku_id: int, site_id: int, *, since: date, until: date) -> Mapping[date, DemandDay]:
    """The days of one SKU at one site that something is known about."""
    query = select(DemandDay).filter_by(sku_id=sku_id, site_id=site_id)
    found = db.session.scalars(query.where(DemandDay.day.between(since, until)))
    return {row.day: row for row in found}


def told(sites: Iterable[int], *, since: date, until: date) -> Mapping[Key, DemandDay]:
    """The days of these sites that somebody told of, by SKU, site and day."""
    query = select(DemandDay).where(DemandDay.site_id.in_(sorted(sites)), ~DemandDay.is_noted)
    found = db.session.scalars(query.where(DemandDay.day.between(since, until)))
    return {(row.sku_id, row.site_id, row.day): row for row in found}


def _insert() -> Any:
    """A statement for many rows of the table itself: no object is made for any of them."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(DemandDay.__table__)


def _write(statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
    for some in batches.of(rows, AT_ONCE):
        db.session.execute(statement, some)
