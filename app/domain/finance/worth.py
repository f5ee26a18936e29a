"""What our stock is worth: now, at any instant, and where nobody knows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.finance import accounts
from app.domain.finance.journal import JournalLine
from app.domain.finance.pools import CostEntry, CostPool
from app.kernel.db import db


@dataclass(frozen=True)
class Worth:
    """What we own of one SKU, and its value in minor units."""

    sku: Sku
    quantity: Decimal
    value: int


def now() -> list[Worth]:
    """Every SKU of which we own something, by code."""
    query = (
        select(Sku, CostPool.quantity, CostPool.value)
        .join(CostPool, CostPool.sku_id == Sku.id)
        .where(CostPool.quantity > 0)
        .order_by(Sku.code)
    )
    return [Worth(*row) for row in db.session.execute(query)]


def at(instant: datetime) -> list[Worth]:
    """The same as it was then: by when rows were written, in the order they were written."""
    last = (
        select(CostEntry.pool_id, func.max(CostEntry.seq).label("seq"))
        .where(CostEntry.recorded_at <= instant)
        .group_by(CostEntry.pool_id)
        .subquery()
    )
    query = (
        select(Sku, CostEntry.quantity_after, CostEntry.value_after)
        .join(CostPool, CostPool.sku_id == Sku.id)
        .join(last, last.c.pool_id == CostPool.id)
        .join(CostEntry, CostEntry.seq == last.c.seq)
        .where(CostEntry.quantity_after > 0)
        .order_by(Sku.code)
    )
    return [Worth(*row) for row in db.session.execute(query)]


def total(worths: Sequence[Worth]) -> int:
    """The value of all of them."""
    return sum(worth.value for worth in worths)


def booked(account: str = accounts.STOCK) -> int:
    """What the journal says an account holds."""
    query = select(func.sum(JournalLine.amount)).filter_by(account=account)
    return db.session.scalar(query) or 0


def unknown() -> list[CostEntry]:
    """Goods that became ours at a price nobody knew, so that they count for nothing yet."""
    query = select(CostEntry).filter_by(basis="unknown").where(CostEntry.quantity > 0)
    return list(db.session.scalars(query.order_by(CostEntry.seq)))
