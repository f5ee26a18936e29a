"""What arrived: receipts, their lines, and how each line's goods were judged."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.catalog.products import Sku
from app.domain.inventory.places import Location, Site
from app.domain.inventory.serials import Serial
from app.domain.numbers import Code, NoSuchDocument, Numbered
from app.domain.recorded import Recorded
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import Supplier
from app.kernel import append_only, cause, clock
from app.kernel.db import Instant, Json, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal

# expected and damaged goods and duplicate codes belong to the order; the rest waits for a word.
KINDS = ("expected", "damaged", "duplicate", "over", "wrong", "unidentified")

# Decisions by which goods that nobody ordered become ours.
KEPT = ("keep_free", "relabel")


class Receipt(Numbered):
    """One delivery at the gate: announced by an ASN, or blind."""

    PREFIX = "R"
    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'counted', 'settled')", name="status"),
        Index("ix_receipt_order_id", "order_id"),
        Index("ix_receipt_site_id", "site_id"),
    )

    asn_id: Mapped[int | None] = mapped_column(ForeignKey("asn.id"), unique=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_order.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    status: Mapped[str] = mapped_column(String(10), default="open")
    gate: Mapped[dict[str, object]] = mapped_column(Json)
    effect_key: Mapped[str] = mapped_column(String(400))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    counted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime | None] = mapped_column(Instant)

    asn: Mapped[Asn | None] = relationship()
    order: Mapped[PurchaseOrder | None] = relationship()
    supplier: Mapped[Supplier] = relationship(lazy="joined")
    site: Mapped[Site] = relationship(lazy="joined")
    lines: Mapped[list["ReceiptLine"]] = relationship(
        back_populates="receipt", order_by="ReceiptLine.line_no"
    )


class ReceiptLine(Model):
    """Goods of one SKU and lot that share one fate; always waiting + judged = what arrived.

    `on_order` says whether they count towards the order line; `place` is where they wait.
    `recalled` of what was accepted turned out bad later, and waits for its supplier.
    """

    __tablename__ = "receipt_line"
    __table_args__ = (
        UniqueConstraint("receipt_id", "line_no"),
        CheckConstraint(
            "kind IN ('expected', 'damaged', 'duplicate', 'over', 'wrong', 'unidentified')",
            name="kind",
        ),
        CheckConstraint(
            "waiting >= 0 AND accepted >= 0 AND rejected >= 0 AND returned >= 0"
            " AND quantity = waiting + accepted + rejected + returned",
            name="judged",
        ),
        CheckConstraint("recalled >= 0 AND recalled <= accepted", name="recalled"),
        Index("ix_receipt_line_order_line_id", "order_line_id"),
        Index("ix_receipt_line_place_id_sku_id", "place_id", "sku_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    line_no: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    order_line_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_order_line.id"))
    on_order: Mapped[bool]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    lot: Mapped[str] = mapped_column(Code, default="")
    expires_on: Mapped[date | None]
    place_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    outcome: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    waiting: Mapped[Decimal] = mapped_column(Quantity)
    accepted: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    rejected: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    returned: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0))
    recalled: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(0), server_default="0")

    receipt: Mapped[Receipt] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship(lazy="joined")
    place: Mapped[Location] = relationship()
    serials: Mapped[list["ReceiptSerial"]] = relationship(order_by="ReceiptSerial.serial_id")

    @property
    def number(self) -> str:
        return f"{numbers.number(Receipt.PREFIX, self.receipt_id)}/{self.line_no}"

    @property
    def is_ours(self) -> bool:
        """Whether the goods count as bought; what nobody ordered is not, until it is kept."""
        return self.on_order or self.outcome in KEPT


class ReceiptSerial(Model):
    """One unit of a receipt line: how it came into the house."""

    __tablename__ = "receipt_serial"
    __table_args__ = (Index("ix_receipt_serial_serial_id", "serial_id"),)

    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"), primary_key=True)
    serial_id: Mapped[int] = mapped_column(ForeignKey("serial.id"), primary_key=True)

    serial: Mapped[Serial] = relationship(lazy="joined")


class Inspection(Recorded):
    """One verdict on part of a receipt line; never changed.

    Of `looked_at` units `bad_found` were bad: a sample speaks for its lot. Nothing is known of it
    in verdicts from before anybody wrote it down: they looked at everything. A verdict overturned
    later is corrected by another with negative figures.
    """

    __tablename__ = "inspection"
    __table_args__ = (
        Index("ix_inspection_receipt_line_id", "receipt_line_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    accepted: Mapped[Decimal] = mapped_column(Quantity)
    rejected: Mapped[Decimal] = mapped_column(Quantity)
    looked_at: Mapped[Decimal | None] = mapped_column(Quantity)
    bad_found: Mapped[Decimal | None] = mapped_column(Quantity)
    defect: Mapped[str] = mapped_column(Text, default="")


class AlreadyArrived(Refusal):
    """A notice is received once."""

    code = "already_arrived"
    message = N_("Delivery {asn} arrived before; its receipt is {receipt}.")


def open_for(asn: Asn, gate: Mapping[str, object] | None = None) -> Receipt:
    """The receipt of an announced delivery that is at the gate.

    `gate` keeps what was written down there: vehicle, seal, cartons, damage.

    Raises:
        AlreadyArrived: the delivery has a receipt.
    """
    before = db.session.scalar(select(Receipt).filter_by(asn_id=asn.id))
    if before is not None:
        raise AlreadyArrived(asn=asn.number, receipt=before.number)
    asn.status = "arrived"
    return _open(
        Receipt(
            asn_id=asn.id, order_id=asn.order_id, supplier_id=asn.supplier_id, site_id=asn.site_id
        ),
        gate,
    )


def open_blind(
    supplier: Supplier, *, site: Site, gate: Mapping[str, object] | None = None
) -> Receipt:
    """The receipt of a delivery that nobody announced."""
    return _open(Receipt(supplier_id=supplier.id, site_id=site.id), gate)


def by_number(number: str) -> Receipt:
    """The receipt with this number, read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    found = db.session.get(Receipt, numbers.row_id(Receipt.PREFIX, number), populate_existing=True)
    if found is None:
        raise NoSuchDocument(number=number)
    return found


def line(receipt: Receipt, line_no: int) -> ReceiptLine:
    """One line, locked with its receipt and read afresh: a decision rests on it.

    Raises:
        NoSuchDocument: there is none.
    """
    db.session.refresh(receipt, with_for_update={"of": Receipt})
    query = (
        select(ReceiptLine)
        .filter_by(receipt_id=receipt.id, line_no=line_no)
        .with_for_update(of=ReceiptLine)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is None:
        raise NoSuchDocument(number=f"{receipt.number}/{line_no}")
    return found


def _open(new: Receipt, gate: Mapping[str, object] | None) -> Receipt:
    new.gate = dict(gate or {})
    new.effect_key = cause.current().effect_key
    new.opened_at = clock.now()
    db.session.add(new)
    db.session.flush()
    return new
