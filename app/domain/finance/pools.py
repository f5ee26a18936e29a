"""What our goods cost us: one pool per SKU, and a row for everything that went in or out of it.

A pool keeps a quantity and a value, never a cost per unit: that would be rounded. Every row
keeps what the pool held just after it, so that any day's value is one row away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.finance.journal import Journal, Voucher
from app.kernel import append_only, clock
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.money import Minor

# What a row's value rests on.
BASES = (
    "order",  # the order's price
    "opening",  # the opening list's
    "free",  # a gift: nothing is owed
    "estimate",  # no price yet: the goods we have cost this much
    "unknown",  # no price, and no such goods: nothing, until a bill says more
    "average",  # out: the part of the pool; back in: what went out
    "unit",  # out: what this very unit cost
    "relabelled",  # the same unit under another code
    "freight",
    "bill",
    "concession",
    "correction",
)


class CostPool(Model):
    """What we own of one SKU, and what it is worth; an epoch ends when nothing is left."""

    __tablename__ = "cost_pool"
    __table_args__ = (
        UniqueConstraint("sku_id"),
        CheckConstraint("quantity >= 0 AND value >= 0", name="not_below_zero"),
        CheckConstraint("quantity > 0 OR value = 0", name="empty_is_worth_nothing"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    value: Mapped[int] = mapped_column(Minor, default=0)
    epoch: Mapped[int] = mapped_column(default=1)

    sku: Mapped[Sku] = relationship()


class CostEntry(Model):
    """One change of a pool, by a move of goods or by an amount that came later.

    `origin` is the receipt line the goods came with. `agreed` is what the other side bears, when
    that is not `value`: a supplier takes goods back at what they once cost, not at the average.
    """

    __tablename__ = "cost_entry"
    __table_args__ = (
        CheckConstraint("quantity_after >= 0 AND value_after >= 0", name="not_below_zero"),
        Index("ix_cost_entry_pool_id_epoch", "pool_id", "epoch", "seq"),
        Index("ix_cost_entry_pool_id_recorded_at", "pool_id", "recorded_at"),
        Index("ix_cost_entry_serial_id", "serial_id", "seq"),
        Index("ix_cost_entry_origin", "origin"),
        Index("ix_cost_entry_journal_id", "journal_id"),
        {"info": append_only.MARK},
    )

    seq: Mapped[int] = mapped_column(RowId, primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("cost_pool.id"))
    epoch: Mapped[int]
    journal_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    origin: Mapped[int | None] = mapped_column(ForeignKey("receipt_line.id"))
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial.id"))
    basis: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    value: Mapped[int] = mapped_column(Minor)
    agreed: Mapped[int | None] = mapped_column(Minor)
    quantity_after: Mapped[Decimal] = mapped_column(Quantity)
    value_after: Mapped[int] = mapped_column(Minor)
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    journal: Mapped[Journal | None] = relationship()

    @property
    def quantity_before(self) -> Decimal:
        return self.quantity_after - self.quantity


@dataclass(frozen=True)
class Change:
    """What a row says, before it is one; + is into the pool."""

    quantity: Decimal
    value: int
    basis: str
    origin: int | None = None
    serial_id: int | None = None
    agreed: int | None = None


def locked(sku_id: int) -> CostPool:
    """The pool of a SKU, made when first asked for; nobody else changes it until the commit."""
    found = _locked(sku_id)
    if found is None:
        dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
        new = dialect.insert(CostPool).values(sku_id=sku_id, quantity=0, value=0, epoch=1)
        db.session.execute(new.on_conflict_do_nothing(index_elements=["sku_id"]))
        found = _locked(sku_id)
    if found is None:
        raise RuntimeError(f"the cost pool of SKU {sku_id} disappeared")
    return found


def record(pool: CostPool, changes: Sequence[Change], voucher: Voucher) -> None:
    """Change a locked pool, row by row, as part of a voucher."""
    rows = [_row(pool, change, voucher) for change in changes]
    db.session.flush()
    if rows:
        db.session.execute(insert(CostEntry), rows)


def _row(pool: CostPool, change: Change, voucher: Voucher) -> Mapping[str, object]:
    epoch = pool.epoch
    pool.quantity += change.quantity
    pool.value += change.value
    if change.quantity and not pool.quantity:
        pool.epoch += 1
    return {
        "pool_id": pool.id,
        "epoch": epoch,
        "journal_id": voucher.id,
        "quantity_after": pool.quantity,
        "value_after": pool.value,
        "recorded_at": clock.now(),
        **vars(change),
    }


def _locked(sku_id: int) -> CostPool | None:
    query = select(CostPool).filter_by(sku_id=sku_id).with_for_update()
    return db.session.scalar(query.execution_options(populate_existing=True))
