"""Costs that come after the goods: freight, differences of bills, concessions.

What of a late cost belongs to stock is the part of its receipt that survived all issues since;
the rest goes to cost of sales, today. Nothing that was booked before is touched.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.finance import accounts, journal, periods, pools, rules
from app.domain.finance.journal import Journal, Voucher
from app.domain.finance.pools import Change, CostEntry, CostPool
from app.kernel import append_only, batches, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Minor, split

KINDS = ("freight", "bill", "concession")
# What the goods' own supplier charges or lets off; freight is another's.
OF_SUPPLIER = ("bill", "concession")


class LateCost(Model):
    """An amount for the goods of one receipt line; `to_stock` of it was still in the house.

    `surviving` is that part as an exact fraction, to be shown. One that `corrects` another adds
    what the other should have been and was not.
    """

    __tablename__ = "late_cost"
    __table_args__ = (
        CheckConstraint("kind IN ('freight', 'bill', 'concession')", name="kind"),
        Index("ix_late_cost_origin", "origin"),
        Index("ix_late_cost_journal_id", "journal_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    origin: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    kind: Mapped[str] = mapped_column(String(12))
    amount: Mapped[int] = mapped_column(Minor)
    to_stock: Mapped[int] = mapped_column(Minor)
    surviving: Mapped[str] = mapped_column(Text)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("late_cost.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    journal: Mapped[Journal] = relationship()


class NothingReceived(Refusal):
    """A late cost belongs to goods that came."""

    code = "nothing_received"
    message = N_("Nothing that is ours came with this receipt line, so it has no cost to add to.")


def spread(
    kind: str, amount: int, *, over: Mapping[int, Decimal], document: str, credit: str
) -> list[LateCost]:
    """Add `amount` (− lowers the cost) to receipt lines, in proportion to their weights.

    A process step; `credit` is the account that bears the other side. Parts are split by largest
    remainder, so that they add up to the amount.

    Raises:
        NothingReceived: one of the lines brought nothing that is ours.
    """
    voucher = journal.begin(kind, document, day=periods.day_for(clock.now()))
    hold(sorted(over))
    added = add_all(kind, amount, over=over, voucher=voucher, credit=credit)
    voucher.write()
    return added


def of_voucher(journal_id: int) -> Mapping[int, int]:
    """What a voucher added, as the ids of its rows by receipt line: what a correction points at."""
    query = select(LateCost).filter_by(journal_id=journal_id)
    return {cost.origin: cost.id for cost in db.session.scalars(query)}


def hold(origins: Sequence[int]) -> None:
    """Lock the pools of these receipt lines, in the order of their SKUs."""
    query = (
        select(CostPool.sku_id)
        .join(CostEntry, CostEntry.pool_id == CostPool.id)
        .where(CostEntry.origin.in_(origins))
        .distinct()
        .order_by(CostPool.sku_id)
    )
    for sku_id in list(db.session.scalars(query)):
        pools.locked(sku_id)


def add_all(
    kind: str,
    amount: int,
    *,
    over: Mapping[int, Decimal],
    voucher: Voucher,
    credit: str,
    corrects: Mapping[int, int] = MappingProxyType({}),
) -> list[LateCost]:
    """Split an amount over receipt lines by weight, as part of a voucher; pools are locked.

    Each row points at the one it `corrects`, by receipt line, if there is one.
    """
    lines = sorted(over)
    parts = split(amount, [over[origin] for origin in lines])
    return [
        add(origin, kind, part, voucher=voucher, credit=credit, corrects=corrects.get(origin))
        for origin, part in zip(lines, parts, strict=True)
    ]


def add(
    origin: int,
    kind: str,
    amount: int,
    *,
    voucher: Voucher,
    credit: str,
    corrects: int | None = None,
) -> LateCost:
    """Add one amount to one receipt line, as part of a voucher; its pool is locked already."""
    came = _came(origin)
    pool = db.session.get_one(CostPool, came[0].pool_id)
    if came[0].serial_id is None:
        part = _surviving(pool, came)
        changes = _to_pool(pool, amount, part, kind, origin)
    else:
        changes, part = _to_units(came, amount, kind)
    pools.record(pool, changes, voucher)
    to_stock = sum(change.value for change in changes)
    _book(pool, amount, to_stock, voucher, credit)
    new = _keep(origin, kind, amount, to_stock, part, voucher)
    new.corrects_id = corrects
    return new


def survival_of(entry: CostEntry, pool: CostPool) -> Fraction:
    """The part of what came with `entry` that no issue has taken out of the pool since."""
    if pool.epoch != entry.epoch:
        return Fraction(0)
    query = (
        select(CostEntry.quantity, CostEntry.quantity_after)
        .where(
            CostEntry.pool_id == pool.id,
            CostEntry.epoch == entry.epoch,
            CostEntry.seq > entry.seq,
            CostEntry.quantity > 0,
        )
        .order_by(CostEntry.seq)
    )
    joined = [(after - quantity, after) for quantity, after in db.session.execute(query)]
    return rules.survival(entry.quantity_after, joined=joined, now=pool.quantity)


def _came(origin: int) -> list[CostEntry]:
    """The rows by which the line's goods became ours; of a relabelled unit, the last code's."""
    query = select(CostEntry).filter_by(origin=origin).where(CostEntry.quantity > 0)
    found = list(db.session.scalars(query.order_by(CostEntry.seq)))
    old = select(CostEntry.serial_id).filter_by(origin=origin, basis="relabelled")
    renamed = set(db.session.scalars(old.where(CostEntry.quantity < 0)))
    came = [entry for entry in found if entry.serial_id is None or entry.serial_id not in renamed]
    if not came:
        raise NothingReceived
    return came


def _surviving(pool: CostPool, came: Sequence[CostEntry]) -> Fraction:
    """The part of the line's goods that is still in the pool."""
    total = sum((Fraction(entry.quantity) for entry in came), Fraction(0))
    return sum(
        (Fraction(entry.quantity) / total * survival_of(entry, pool) for entry in came),
        Fraction(0),
    )


def _to_pool(pool: CostPool, amount: int, part: Fraction, kind: str, origin: int) -> list[Change]:
    kept = rules.still_there(amount, part, value=pool.value, quantity=pool.quantity)
    return [Change(Decimal(0), kept, kind, origin)] if kept else []


def _to_units(came: Sequence[CostEntry], amount: int, kind: str) -> tuple[list[Change], Fraction]:
    """Each unit bears its part; that of a unit which has left is not in stock."""
    units = {entry.serial_id: entry for entry in came if entry.serial_id is not None}
    values = _in_house(list(units))
    changes = []
    for unit, part in zip(sorted(units), split(amount, [1] * len(units)), strict=True):
        kept = max(part, -values[unit]) if unit in values else 0
        if kept:
            changes.append(Change(Decimal(0), kept, kind, units[unit].origin, unit))
    return changes, Fraction(len(values), len(units))


def _in_house(units: Sequence[int]) -> dict[int, int]:
    """What each of these units is worth, of those that are ours now."""
    found: dict[int, int] = {}
    for some in batches.of(units):
        query = (
            select(CostEntry.serial_id, func.sum(CostEntry.value))
            .where(CostEntry.serial_id.in_(some))
            .group_by(CostEntry.serial_id)
            .having(func.sum(CostEntry.quantity) > 0)
        )
        found |= {unit: value for unit, value in db.session.execute(query) if unit is not None}
    return found


def _book(pool: CostPool, amount: int, to_stock: int, voucher: Voucher, credit: str) -> None:
    voucher.transfer(to_stock, debit=accounts.STOCK, credit=credit, sku_id=pool.sku_id)
    voucher.transfer(
        amount - to_stock, debit=accounts.COST_OF_SALES, credit=credit, sku_id=pool.sku_id
    )


def _keep(
    origin: int, kind: str, amount: int, to_stock: int, part: Fraction, voucher: Voucher
) -> LateCost:
    new = LateCost(
        journal_id=voucher.id,
        origin=origin,
        kind=kind,
        amount=amount,
        to_stock=to_stock,
        surviving=f"{part.numerator}/{part.denominator}",
        recorded_at=clock.now(),
    )
    db.session.add(new)
    return new
