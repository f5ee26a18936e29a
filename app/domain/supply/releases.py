"""What quality control let through: released goods on their way to a shelf."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.inventory.places import Site
from app.domain.inventory.serials import Serial
from app.domain.numbers import Code, Numbered
from app.domain.supply.receipts import ReceiptLine
from app.kernel import append_only
from app.kernel.db import Instant, Model, Quantity, RowId


class Release(Numbered):
    """One tranche of accepted goods: `quantity` + `difference` − `shelved` still to put away.

    `difference` is what a count by two people found more (+) or less (−).
    """

    PREFIX = "PA"
    __tablename__ = "release"
    __table_args__ = (
        CheckConstraint(
            "quantity > 0 AND shelved >= 0 AND shelved <= quantity + difference", name="shelved"
        ),
        Index("ix_release_receipt_line_id", "receipt_line_id"),
        Index("ix_release_site_id", "site_id"),
    )

    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    shelved: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    difference: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    effect_key: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    receipt_line: Mapped[ReceiptLine] = relationship()
    sku: Mapped[Sku] = relationship(lazy="joined")
    site: Mapped[Site] = relationship(lazy="joined")
    serials: Mapped[list["ReleaseSerial"]] = relationship(order_by="ReleaseSerial.serial_id")

    @property
    def remaining(self) -> Decimal:
        return self.quantity + self.difference - self.shelved


class ReleaseSerial(Model):
    """One unit of a release."""

    __tablename__ = "release_serial"
    __table_args__ = (Index("ix_release_serial_serial_id", "serial_id"),)

    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial.id"), primary_key=True)

    serial: Mapped[Serial] = relationship(lazy="joined")


class StockCount(Model):
    """What two people counted together; never changed."""

    __tablename__ = "stock_count"
    __table_args__ = (
        Index("ix_stock_count_release_id", "release_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    release_id: Mapped[int] = mapped_column(ForeignKey("release.id"))
    expected: Mapped[Decimal] = mapped_column(Quantity)
    counted: Mapped[Decimal] = mapped_column(Quantity)
    first_by: Mapped[str] = mapped_column(String(64))
    second_by: Mapped[str] = mapped_column(String(64))
    effect_key: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


def locked(number: str) -> Release:
    """The release with this number, locked and read afresh: a decision rests on it.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(Release, number)
