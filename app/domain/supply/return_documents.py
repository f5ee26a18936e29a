"""Returns to suppliers as documents: their lines, their units, and what is left to return."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.inventory import places
from app.domain.inventory.serials import Serial
from app.domain.numbers import Numbered
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.receipts import Receipt, ReceiptLine, ReceiptSerial
from app.kernel.db import Instant, Model, Quantity, RowId, db


class SupplierReturn(Numbered):
    """Goods of one receipt that go back together; `settlement` is what we want for them."""

    PREFIX = "RT"
    __tablename__ = "supplier_return"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'shipped')", name="status"),
        Index("ix_supplier_return_receipt_id", "receipt_id"),
    )

    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    status: Mapped[str] = mapped_column(String(10), default="open")
    reason: Mapped[str] = mapped_column(String(40))
    settlement: Mapped[str] = mapped_column(String(12), default="")
    freight_payer: Mapped[str] = mapped_column(String(10), default="")
    effect_key: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    shipped_at: Mapped[datetime | None] = mapped_column(Instant)

    receipt: Mapped[Receipt] = relationship()
    lines: Mapped[list["SupplierReturnLine"]] = relationship(
        back_populates="whole", order_by="SupplierReturnLine.line_no"
    )


class SupplierReturnLine(Model):
    """How much of one receipt line goes back; nothing when it was decided to keep it here."""

    __tablename__ = "supplier_return_line"
    __table_args__ = (
        UniqueConstraint("return_id", "line_no"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("ix_supplier_return_line_receipt_line_id", "receipt_line_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("supplier_return.id"))
    line_no: Mapped[int]
    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)

    whole: Mapped[SupplierReturn] = relationship(back_populates="lines")
    receipt_line: Mapped[ReceiptLine] = relationship()
    units: Mapped[list[Serial]] = relationship(
        secondary="supplier_return_serial", order_by=Serial.code
    )

    @property
    def codes(self) -> list[str]:
        """The codes of its units."""
        return [unit.code for unit in self.units]


class SupplierReturnSerial(Model):
    """One unit that goes back."""

    __tablename__ = "supplier_return_serial"
    __table_args__ = (Index("ix_supplier_return_serial_serial_id", "serial_id"),)

    return_line_id: Mapped[int] = mapped_column(
        ForeignKey("supplier_return_line.id"), primary_key=True
    )
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial.id"), primary_key=True)


def locked(number: str) -> SupplierReturn:
    """The return with this number, locked and read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(SupplierReturn, number)


def by_number(number: str) -> SupplierReturn:
    """The return with this number, to be read.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(SupplierReturn, number)


def of_receipt(receipt: Receipt) -> list[SupplierReturn]:
    """What of a receipt goes back, the first first."""
    query = select(SupplierReturn).filter_by(receipt_id=receipt.id).order_by(SupplierReturn.id)
    return list(db.session.scalars(query))


def is_going_back(order: PurchaseOrder) -> bool:
    """Whether goods of an order wait to go back to their supplier."""
    query = (
        select(SupplierReturn.id)
        .join(Receipt, Receipt.id == SupplierReturn.receipt_id)
        .where(Receipt.order_id == order.id, SupplierReturn.status == "open")
    )
    return db.session.scalar(query.limit(1)) is not None


def left(line: ReceiptLine) -> Decimal:
    """How much of what was rejected on a receipt line, or recalled, is in no return."""
    taken = select(func.sum(SupplierReturnLine.quantity)).where(
        SupplierReturnLine.receipt_line_id == line.id
    )
    return line.rejected + line.recalled - (db.session.scalar(taken) or Decimal(0))


def units_left(line: ReceiptLine) -> list[Serial]:
    """The units of a receipt line that wait for their supplier and are in no return."""
    taken = (
        select(SupplierReturnSerial.serial_id)
        .join(SupplierReturnLine, SupplierReturnLine.id == SupplierReturnSerial.return_line_id)
        .where(SupplierReturnLine.receipt_line_id == line.id)
    )
    query = (
        select(Serial)
        .join(ReceiptSerial, ReceiptSerial.serial_id == Serial.id)
        .where(
            ReceiptSerial.receipt_line_id == line.id,
            Serial.location_id == places.rejected(line.receipt.site).id,
            Serial.id.not_in(taken),
        )
        .order_by(Serial.code)
    )
    return list(db.session.scalars(query))
