"""What a supplier agreed to deliver for, from one day to another; replaced, never edited."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.catalog.products import Sku
from app.domain.sourcing import rules
from app.domain.supply.suppliers import Supplier
from app.kernel import append_only
from app.kernel.db import Instant, Model, Quantity, RowId, db


class Agreement(Model):
    """Prices of one SKU from one supplier, from `valid_from` to `valid_to`, both days included.

    Without `valid_to` it holds until it is ended. `moq`, `pack` and the breaks count order units
    (`unit`); one order unit is `priced_for` stock units, exactly. `lead_days` are calendar days
    from order to delivery.
    """

    __tablename__ = "price_agreement"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        CheckConstraint("moq > 0 AND pack > 0 AND priced_for > 0", name="quantities"),
        CheckConstraint("lead_days >= 0", name="lead_days"),
        Index("ix_price_agreement_supplier_id_sku_id", "supplier_id", "sku_id", "valid_from"),
        Index("ix_price_agreement_sku_id", "sku_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    unit: Mapped[str] = mapped_column(String(20))
    priced_for: Mapped[Decimal] = mapped_column(Quantity)
    currency: Mapped[str] = mapped_column(String(3))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    lead_days: Mapped[int]
    moq: Mapped[Decimal] = mapped_column(Quantity)
    pack: Mapped[Decimal] = mapped_column(Quantity)
    agreed_by: Mapped[str] = mapped_column(String(64))
    effect_key: Mapped[str | None] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    sku: Mapped[Sku] = relationship(lazy="joined")
    breaks: Mapped[list["AgreementBreak"]] = relationship(
        order_by="AgreementBreak.min_quantity", lazy="selectin"
    )
    end: Mapped["AgreementEnd | None"] = relationship(lazy="selectin")

    @property
    def last_day(self) -> date | None:
        """The last day it holds; nothing while nobody knows."""
        if self.end is None:
            return self.valid_to
        return min(self.end.last_day, self.valid_to or self.end.last_day)

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.last_day is None or day <= self.last_day)

    def unit_price(self, quantity: Decimal | Fraction) -> Decimal:
        """What one order unit costs when `quantity` order units are bought at once.

        Below the first break its price holds: whether so little is sold is a matter of `moq`.
        """
        return rules.price_at(
            [(each.min_quantity, each.unit_price) for each in self.breaks], quantity
        )

    def price_of(self, stock_quantity: Decimal) -> Decimal:
        """The price of one order unit when `stock_quantity` stock units are bought at once."""
        return self.unit_price(Fraction(stock_quantity) / Fraction(self.priced_for))

    def orderable(self, stock_quantity: Decimal) -> Decimal:
        """The least that can be ordered and covers `stock_quantity`, both in stock units."""
        wanted = Fraction(stock_quantity) / Fraction(self.priced_for)
        return rules.orderable(wanted, moq=self.moq, pack=self.pack) * self.priced_for


class AgreementBreak(Model):
    """From `min_quantity` order units on, one order unit costs `unit_price`."""

    __tablename__ = "price_agreement_break"
    __table_args__ = (
        UniqueConstraint("agreement_id", "min_quantity"),
        CheckConstraint("min_quantity > 0 AND unit_price >= 0", name="figures"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("price_agreement.id"))
    min_quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Quantity)


class AgreementEnd(Model):
    """An agreement that ends sooner than it says; before it begins, when it never shall."""

    __tablename__ = "price_agreement_end"
    __table_args__ = ({"info": append_only.MARK},)

    agreement_id: Mapped[int] = mapped_column(ForeignKey("price_agreement.id"), primary_key=True)
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(String(64))
    effect_key: Mapped[str | None] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


def in_force(supplier_id: int, sku_id: int, on: date) -> Agreement | None:
    """The agreement that holds on a day; there is never more than one."""
    query = select(Agreement).filter_by(supplier_id=supplier_id, sku_id=sku_id)
    return db.session.scalar(query.where(holding(on)))


def currency_of(supplier: Supplier, sku_id: int, on: date) -> str:
    """What goods are paid in on a day: as agreed, else as usual with the supplier."""
    agreement = in_force(supplier.id, sku_id, on)
    return agreement.currency if agreement else supplier.currency


def of_supplier(supplier_id: int) -> list[Agreement]:
    """All agreements of a supplier, by SKU, the newest first."""
    query = select(Agreement).filter_by(supplier_id=supplier_id).join(Sku)
    return list(db.session.scalars(query.order_by(Sku.code, Agreement.valid_from.desc())))


def holding(on: date) -> ColumnElement[bool]:
    """The condition of an agreement that holds on a day."""
    ended = select(AgreementEnd.agreement_id).where(AgreementEnd.last_day < on)
    return and_(
        Agreement.valid_from <= on,
        or_(Agreement.valid_to.is_(None), Agreement.valid_to >= on),
        Agreement.id.not_in(ended),
    )
