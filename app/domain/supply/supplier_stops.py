"""Suppliers nothing more is ordered from, and what they owe us for orders paid ahead."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.finance import accounts, journal, periods, rates
from app.domain.finance.company import ours
from app.domain.numbers import Numbered
from app.domain.recorded import Recorded
from app.domain.supply import prices
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import STOPPED, Supplier
from app.kernel import append_only
from app.kernel.db import RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Minor, Money, priced

CAUSES = ("bankrupt", "banned")


class SupplierStop(Recorded):
    """From then on nothing is ordered from the supplier, until its standing is changed again."""

    __tablename__ = "supplier_stop"
    __table_args__ = (
        CheckConstraint("cause IN ('bankrupt', 'banned')", name="cause"),
        Index("ix_supplier_stop_supplier_id", "supplier_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    cause: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)


class SupplierClaim(Numbered, Recorded):
    """What we paid ahead for an order that will not come, in its currency; never changed."""

    PREFIX = "CL"
    __tablename__ = "supplier_claim"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_supplier_claim_supplier_id", "supplier_id"),
        {"info": append_only.MARK},
    )

    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(Minor)

    order: Mapped[PurchaseOrder] = relationship()

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)


class SupplierStopped(Refusal):
    """Nothing is ordered from a supplier that was stopped."""

    code = "supplier_stopped"
    message = N_("Nothing more is ordered from {supplier}. Choose another supplier.")


class AlreadyStopped(Refusal):
    """A supplier is stopped once."""

    code = "already_stopped"
    message = N_("{supplier} is stopped already; its open orders were cancelled.")


def check(supplier: Supplier) -> None:
    """Refuse what would be ordered from a supplier that was stopped.

    Raises:
        SupplierStopped: it was.
    """
    if supplier.standing == STOPPED:
        raise SupplierStopped(supplier=supplier.name)


def check_not_stopped(supplier: Supplier) -> None:
    """Refuse to stop a supplier twice.

    Raises:
        AlreadyStopped: it was stopped before.
    """
    if supplier.standing == STOPPED:
        raise AlreadyStopped(supplier=supplier.name)


def stop(supplier: Supplier, why: str, *, reason: str) -> SupplierStop:
    """Order nothing more from a supplier, from now on.

    Raises:
        AlreadyStopped: it was stopped before.
    """
    db.session.refresh(supplier, with_for_update={"of": Supplier})
    check_not_stopped(supplier)
    supplier.standing = STOPPED
    new = SupplierStop(
        supplier_id=supplier.id,
        cause=why,
        reason=reason,
    )
    db.session.add(new)
    db.session.flush()
    return new


def open_orders(supplier: Supplier) -> list[PurchaseOrder]:
    """The orders of a supplier on which something is expected, the oldest first."""
    query = select(PurchaseOrder).filter_by(supplier_id=supplier.id, status="open")
    return list(db.session.scalars(query.order_by(PurchaseOrder.id)))


def claim(order: PurchaseOrder, amount: Money) -> SupplierClaim:
    """Keep what was paid ahead for an order that will not come, and book it as owed to us.

    Raises:
        NoRate: the order has no rate, and nobody entered one for today.
    """
    new = SupplierClaim(
        supplier_id=order.supplier_id,
        order_id=order.id,
        currency=amount.currency,
        amount_minor=amount.minor,
    )
    db.session.add(new)
    db.session.flush()
    _book(new)
    return new


def claims(supplier: Supplier) -> list[SupplierClaim]:
    """What a supplier owes us for orders paid ahead."""
    query = select(SupplierClaim).filter_by(supplier_id=supplier.id).order_by(SupplierClaim.id)
    return list(db.session.scalars(query))


def _book(new: SupplierClaim) -> None:
    """What was paid ahead settles nothing any more: the supplier owes it, at the order's rate."""
    day = periods.day_for(new.recorded_at)
    rate = prices.rate(new.order) or rates.on(new.currency, day)
    amount = priced(Decimal(1), new.amount.amount, ours().currency, rate=rate).minor
    voucher = journal.begin("claim", new.number, day=day)
    voucher.transfer(amount, debit=accounts.SUPPLIER_CLAIMS, credit=accounts.PAYABLES)
    voucher.write()
