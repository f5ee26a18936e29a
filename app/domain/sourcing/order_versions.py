"""What an order says, version by version: written, approved, issued, and then never changed."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.numbers import Code
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import money
from app.kernel.db import Instant, Model, Quantity, RowId, db
from app.kernel.money import Minor, Money

FIRST, AMENDMENT, IMPORTED = "order", "amendment", "import"
DRAFT, APPROVED, ISSUED = "draft", "approved", "issued"
SUPERSEDED, ABANDONED = "superseded", "abandoned"


class OrderVersion(Model):
    """One version of an order.

    While it is a draft it can be corrected; each correction is a new `edition`, which needs its
    approvals anew. Once issued the database refuses to change it or its lines: it can only be
    superseded. `required_on` is the day we need the goods, `due_on` the day they were promised.
    """

    __tablename__ = "order_version"
    __table_args__ = (
        UniqueConstraint("order_id", "version_no"),
        CheckConstraint("kind IN ('order', 'amendment', 'import')", name="kind"),
        CheckConstraint(
            "state IN ('draft', 'approved', 'issued', 'superseded', 'abandoned')", name="state"
        ),
        CheckConstraint("version_no > 0 AND edition > 0 AND total_minor >= 0", name="numbers"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"))
    version_no: Mapped[int]
    edition: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10), default=DRAFT)
    currency: Mapped[str] = mapped_column(String(3))
    required_on: Mapped[date | None]
    due_on: Mapped[date | None]
    total_minor: Mapped[int] = mapped_column(Minor, default=0)
    reason: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[str] = mapped_column(String(64))
    priced_by: Mapped[str | None] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(Instant)
    issued_at: Mapped[datetime | None] = mapped_column(Instant)
    effect_key: Mapped[str | None] = mapped_column(String(400))

    order: Mapped[PurchaseOrder] = relationship(lazy="joined")
    lines: Mapped[list["OrderVersionLine"]] = relationship(
        back_populates="version",
        order_by="OrderVersionLine.line_no",
        cascade="all, delete-orphan",
    )

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def title(self) -> str:
        """How people write it: PO-000012/2."""
        return f"{self.order.number}/{self.version_no}"


class OrderVersionLine(Model):
    """One SKU of a version, in stock units; `unit_price` buys `priced_for` of them.

    A quantity of zero takes the line out of the order. `price_source` says where the price
    comes from: an agreement, a quotation, somebody's word, the order before.
    """

    __tablename__ = "order_version_line"
    __table_args__ = (
        UniqueConstraint("version_id", "line_no"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("unit_price >= 0 AND priced_for > 0", name="price"),
        CheckConstraint(
            "price_source IN ('', 'agreement', 'quotation', 'stated', 'before')",
            name="price_source",
        ),
        Index("ix_order_version_line_sku_id", "sku_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("order_version.id"))
    line_no: Mapped[int]
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal | None] = mapped_column(Quantity)
    priced_for: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))
    price_source: Mapped[str] = mapped_column(String(10), default="")
    price_document: Mapped[str] = mapped_column(Code, default="")
    due_on: Mapped[date | None]

    version: Mapped[OrderVersion] = relationship(back_populates="lines")
    sku: Mapped[Sku] = relationship(lazy="joined")

    def amount(self, currency: str) -> Money:
        """What the line costs, rounded once; nothing while it has no price."""
        price = self.unit_price or Decimal(0)
        return money.priced(self.quantity, price, currency, per=self.priced_for)


def get(version_id: int) -> OrderVersion:
    """The version with this key."""
    return db.session.get_one(OrderVersion, version_id)


def of(order: PurchaseOrder) -> list[OrderVersion]:
    """Every version of an order, the first first."""
    query = select(OrderVersion).filter_by(order_id=order.id).order_by(OrderVersion.version_no)
    return list(db.session.scalars(query))


def in_force(order: PurchaseOrder) -> OrderVersion | None:
    """The version the supplier was last told; none while the order is a draft."""
    return db.session.scalar(select(OrderVersion).filter_by(order_id=order.id, state=ISSUED))


def total_of(lines: Iterable[OrderVersionLine], currency: str) -> int:
    """The sum of the lines as they are rounded, in minor units."""
    return sum(line.amount(currency).minor for line in lines)
