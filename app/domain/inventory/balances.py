"""How much lies where: one row per SKU, location and lot, changed only by conditional UPDATE.

A balance is what its ledger entries add up to. Rows are always changed in the order of their
keys, so that two moves never wait for each other; the condition stands in the statement, so
that the last unit is taken once. The world outside (supplier, customer, loss) has no balances.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.catalog.rules import plain
from app.domain.inventory.places import Location
from app.domain.numbers import Code
from app.kernel.db import Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal


class Key(NamedTuple):
    """Which balance: ids of SKU and location, and the lot."""

    sku_id: int
    location_id: int
    lot: str


NONE_HELD: Mapping[Key, Decimal] = MappingProxyType({})
_GROWING = ("quantity", "held")


class StockBalance(Model):
    """What is at one place now, how much of it is promised to somebody, and how much blocked."""

    __tablename__ = "stock_balance"
    __table_args__ = (
        UniqueConstraint("sku_id", "location_id", "lot"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("reserved >= 0 AND reserved <= quantity", name="reserved"),
        CheckConstraint("held >= 0 AND reserved + held <= quantity", name="held"),
        Index("ix_stock_balance_location_id", "location_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    reserved: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    held: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0), server_default="0")

    sku: Mapped[Sku] = relationship()
    location: Mapped[Location] = relationship()

    @property
    def free(self) -> Decimal:
        """What is promised to nobody and not blocked."""
        return self.quantity - self.reserved - self.held


class NotEnoughStock(Refusal):
    """A ledger place would go below zero, or below what is reserved there."""

    code = "not_enough_stock"
    message = N_("Only {available} of {sku} left at {place}; {wanted} were asked for.")


class BinFull(Refusal):
    """The place cannot hold that much."""

    code = "bin_full"
    message = N_("{place} has room for {free} more; {wanted} do not fit. Choose another place.")


def apply(deltas: Mapping[Key, Decimal], held: Mapping[Key, Decimal] = NONE_HELD) -> None:
    """Change balances by `deltas`, in key order; `held` says how much of each is blocked goods.

    Raises:
        NotEnoughStock: one of them has less than is taken, promised and blocked goods left aside.
    """
    for key in sorted(deltas):
        part = held.get(key, Decimal(0))
        if deltas[key] < 0:
            _take(key, -deltas[key], -part)
        elif deltas[key] > 0:
            _put(key, deltas[key], part)


def fill(deltas: Mapping[int, Decimal]) -> None:
    """Change how full the locations are, in order of their ids; unlimited ones are left alone.

    Raises:
        BinFull: there is less room than that.
    """
    for location_id in sorted(deltas):
        if deltas[location_id]:
            _fill(location_id, deltas[location_id])


def free(key: Key) -> Decimal:
    """What is there, promised to nobody and not blocked, read afresh."""
    unbound = StockBalance.quantity - StockBalance.reserved - StockBalance.held
    return db.session.scalar(select(unbound).filter_by(**key._asdict())) or Decimal(0)


def _take(key: Key, quantity: Decimal, held: Decimal) -> None:
    unbound = StockBalance.quantity - StockBalance.reserved - StockBalance.held
    taken = db.session.scalar(
        update(StockBalance)
        .filter_by(**key._asdict())
        .where(unbound >= quantity - held, StockBalance.held >= held)
        .values(quantity=StockBalance.quantity - quantity, held=StockBalance.held - held)
        .returning(StockBalance.id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        sku = db.session.get_one(Sku, key.sku_id)
        place = db.session.get_one(Location, key.location_id)
        raise NotEnoughStock(
            available=plain(free(key)), sku=sku.code, place=place.code, wanted=plain(quantity)
        )


def _put(key: Key, quantity: Decimal, held: Decimal) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = {**key._asdict(), "quantity": quantity, "reserved": 0, "held": held}
    added = dialect.insert(StockBalance).values(row)
    both = {name: StockBalance.__table__.c[name] + added.excluded[name] for name in _GROWING}
    db.session.execute(
        added.on_conflict_do_update(
            index_elements=["sku_id", "location_id", "lot"],
            set_=both,
        )
    )


def _fill(location_id: int, quantity: Decimal) -> None:
    fits = (Location.capacity.is_(None)) | (Location.filled + quantity <= Location.capacity)
    changed = db.session.scalar(
        update(Location)
        .where(Location.id == location_id, fits)
        .values(filled=Location.filled + quantity)
        .returning(Location.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        place = db.session.get_one(Location, location_id, populate_existing=True)
        room = (place.capacity or Decimal(0)) - place.filled
        raise BinFull(place=place.code, free=plain(room), wanted=plain(quantity))
