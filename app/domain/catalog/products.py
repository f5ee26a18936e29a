"""What we buy, keep and sell: products, their SKUs, and the units a SKU is counted in."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.numbers import Code
from app.kernel.db import Model, Quantity, RowId
from app.kernel.errors import N_

SERIAL_POLICIES = ("none", "unit", "lot")
# The SKU of goods that nobody knows, under the name it is founded with.
UNIDENTIFIED = "UNIDENTIFIED"
UNIDENTIFIED_NAME = N_("Unidentified goods")


class Product(Model):
    """What a customer calls one thing, in all its sizes."""

    __tablename__ = "product"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(100), default="")


class Sku(Model):
    """What lies on a shelf under one code.

    Stock is counted in `unit`, in multiples of `step`. `serial_policy` says whether every unit
    (`unit`), every batch (`lot`) or nothing (`none`) carries a code of its own.
    """

    __tablename__ = "sku"
    __table_args__ = (
        CheckConstraint("serial_policy IN ('none', 'unit', 'lot')", name="serial_policy"),
        CheckConstraint("step > 0", name="step"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    code: Mapped[str] = mapped_column(Code, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    barcode: Mapped[str | None] = mapped_column(Code, unique=True)
    unit: Mapped[str] = mapped_column(String(20))
    step: Mapped[Decimal] = mapped_column(Quantity, default=Decimal(1))
    serial_policy: Mapped[str] = mapped_column(String(10), default="none")
    zone: Mapped[str] = mapped_column(String(30), default="")
    hazard: Mapped[str] = mapped_column(String(30), default="")
    is_high_value: Mapped[bool] = mapped_column(default=False)

    product: Mapped[Product] = relationship(lazy="joined")
    conversions: Mapped[list["UnitConversion"]] = relationship(back_populates="sku")


class UnitConversion(Model):
    """One `unit` of a SKU is exactly `num`/`den` of its stock units: 1 roll = 20 m."""

    __tablename__ = "unit_conversion"
    __table_args__ = (
        UniqueConstraint("sku_id", "unit"),
        CheckConstraint("num > 0 AND den > 0", name="ratio"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    sku_id: Mapped[int] = mapped_column(ForeignKey("sku.id"))
    unit: Mapped[str] = mapped_column(String(20))
    num: Mapped[int]
    den: Mapped[int] = mapped_column(default=1)

    sku: Mapped[Sku] = relationship(back_populates="conversions")
