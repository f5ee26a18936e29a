"""Why something costs what it costs: down to the receipts and late costs it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.domain.finance import rules
from app.domain.finance.pools import CostEntry, CostPool
from app.kernel.db import db


@dataclass(frozen=True)
class Part:
    """What one row brought, how much of it survived, and what that is: value × surviving.

    `entry.origin` is the receipt line, `entry.journal` the voucher with its document and step.
    """

    entry: CostEntry
    surviving: Fraction
    value: Fraction


@dataclass(frozen=True)
class Explanation:
    """`quantity` worth `value`: the sum of the parts, and what rounding moved between issues."""

    quantity: Decimal
    value: int
    parts: Sequence[Part]

    @property
    def rounding(self) -> Fraction:
        return self.value - sum((part.value for part in self.parts), Fraction(0))


def pool(sku_id: int, *, until: int | None = None) -> Explanation:
    """What a pool is made of: now, or just after the row `until`."""
    held = db.session.scalar(select(CostPool).filter_by(sku_id=sku_id))
    last = _last(held.id, until) if held else None
    if held is None or last is None or not last.quantity_after:
        return Explanation(Decimal(0), 0, [])
    rows = _rows(CostEntry.pool_id == held.id, CostEntry.epoch == last.epoch, until=last.seq)
    joins = [row for row in rows if row.quantity > 0]
    brought = [row for row in rows if row.quantity >= 0]
    parts = [_part(row, joins, last.quantity_after) for row in brought]
    return Explanation(last.quantity_after, last.value_after, parts)


def issue(entry: CostEntry) -> Explanation:
    """What goods that left were made of: the same receipts, in the same proportion."""
    if entry.serial_id is not None:
        return unit(entry.serial_id, until=entry.seq - 1)
    sku_id = db.session.get_one(CostPool, entry.pool_id).sku_id
    before = pool(sku_id, until=_before(entry))
    taken = Fraction(entry.quantity) / Fraction(-entry.quantity_before)
    parts = [Part(part.entry, part.surviving * taken, part.value * taken) for part in before.parts]
    return Explanation(-entry.quantity, -entry.value, parts)


def unit(serial_id: int, *, until: int | None = None) -> Explanation:
    """What one unit with a code cost: its receipt, and what came later."""
    rows = _rows(CostEntry.serial_id == serial_id, until=until)
    parts = [Part(row, Fraction(1), Fraction(row.value)) for row in rows]
    quantity = sum((row.quantity for row in rows), Decimal(0))
    return Explanation(quantity, sum(row.value for row in rows), parts)


def _part(row: CostEntry, joins: Sequence[CostEntry], now: Decimal) -> Part:
    later = [(each.quantity_before, each.quantity_after) for each in joins if each.seq > row.seq]
    surviving = rules.survival(row.quantity_after, joined=later, now=now)
    return Part(row, surviving, row.value * surviving)


def _last(pool_id: int, until: int | None) -> CostEntry | None:
    query = select(CostEntry).filter_by(pool_id=pool_id).order_by(CostEntry.seq.desc()).limit(1)
    return db.session.scalar(query if until is None else query.where(CostEntry.seq <= until))


def _before(entry: CostEntry) -> int:
    """The row before this one in its pool."""
    query = select(CostEntry.seq).filter_by(pool_id=entry.pool_id).where(CostEntry.seq < entry.seq)
    return db.session.scalar(query.order_by(CostEntry.seq.desc()).limit(1)) or 0


def _rows(*which: ColumnElement[bool], until: int | None) -> list[CostEntry]:
    query = select(CostEntry).where(*which).order_by(CostEntry.seq)
    if until is not None:
        query = query.where(CostEntry.seq <= until)
    return list(db.session.scalars(query.options(joinedload(CostEntry.journal))))
