"""The rows of the stock ledger: a move says why, its entries say what; neither ever changes."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.inventory.places import Location
from app.domain.numbers import Code
from app.identity.people import Person
from app.kernel import append_only, batches
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.errors import N_

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "opening": N_("Opening stock"),
        "received": N_("Received from supplier"),
        "undone": N_("Receipt taken back"),
        "accepted": N_("Accepted by quality control"),
        "rejected": N_("Rejected"),
        "kept": N_("Over-delivery kept"),
        "shelved": N_("Put away"),
        "returned": N_("Returned to supplier"),
        "relabelled": N_("Relabelled"),
        "counted": N_("Count difference"),
        "moved": N_("Moved"),
        "issued": N_("Issued"),
        "tested": N_("Used up in a test"),
        "scrapped": N_("Scrapped"),
        "reinstated": N_("Found good after all"),
        "recalled": N_("Recalled"),
    }
)


class StockMove(Model):
    """Why stock changed: one reason, one document, one process step.

    One step books a reason for a document at most once, and the database holds it to that.
    """

    __tablename__ = "stock_move"
    __table_args__ = (
        UniqueConstraint("effect_key", "reason", "document"),
        CheckConstraint("effective_at <= recorded_at", name="not_from_the_future"),
        Index("ix_stock_move_document", "document"),
        Index("ix_stock_move_instance_id", "instance_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(80))
    effect_key: Mapped[str] = mapped_column(String(400))
    instance_id: Mapped[int] = mapped_column(RowId)
    element_id: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    effective_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship()


class StockEntry(Model):
    """What one move added to (+) or took from (−) one place; a move's entries sum to zero."""

    __tablename__ = "stock_entry"
    __table_args__ = (
        CheckConstraint("quantity <> 0", name="quantity"),
        Index("ix_stock_entry_sku_id_location_id_lot", "sku_id", "location_id", "lot", "seq"),
        Index("ix_stock_entry_move_id", "move_id"),
        Index("ix_stock_entry_serial_id", "serial_id", "seq"),
        {"info": append_only.MARK},
    )

    seq: Mapped[int] = mapped_column(RowId, primary_key=True)
    move_id: Mapped[int] = mapped_column(ForeignKey("stock_move.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    serial_id: Mapped[int | None] = mapped_column(ForeignKey("serial.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    move: Mapped[StockMove] = relationship()
    location: Mapped[Location] = relationship()


def last_of(unit_ids: Iterable[int]) -> Mapping[int, StockMove]:
    """The move that brought each unit where it is, by id."""
    found: dict[int, StockMove] = {}
    for some in batches.of(sorted(set(unit_ids))):
        came = select(func.max(StockEntry.seq)).where(
            StockEntry.serial_id.in_(some), StockEntry.quantity > 0
        )
        query = select(StockEntry).where(StockEntry.seq.in_(came.group_by(StockEntry.serial_id)))
        for entry in db.session.scalars(query):
            if entry.serial_id is not None:
                found[entry.serial_id] = entry.move
    return found


def lots_of(unit_ids: Iterable[int]) -> Mapping[int, str]:
    """The lot each unit with a code lies in, by id: none (""), but for old ones moved with one."""
    found: dict[int, str] = {}
    for some in batches.of(sorted(set(unit_ids))):
        came = select(func.max(StockEntry.seq)).where(
            StockEntry.serial_id.in_(some), StockEntry.quantity > 0
        )
        query = select(StockEntry.serial_id, StockEntry.lot).where(
            StockEntry.seq.in_(came.group_by(StockEntry.serial_id))
        )
        found |= {unit: lot for unit, lot in db.session.execute(query) if unit is not None}
    return found
