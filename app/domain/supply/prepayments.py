"""What was paid ahead for orders that will not come: their suppliers owe it back."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.finance import accounts, journal, periods
from app.domain.supply import claims
from app.domain.supply.claims import Claim
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import append_only
from app.kernel.db import db
from app.kernel.money import Minor, Money


class SupplierClaim(Claim):
    """What we paid ahead for one order."""

    PREFIX = "CL"
    __tablename__ = "supplier_claim"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_supplier_claim_supplier_id", "supplier_id"),
        {"info": append_only.MARK},
    )

    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("purchase_order.id"), unique=True)
    total_minor: Mapped[int] = mapped_column("amount_minor", Minor, sort_order=1)

    order: Mapped[PurchaseOrder] = relationship()


def claim(order: PurchaseOrder, paid: Money) -> SupplierClaim:
    """Keep what was paid ahead for an order that will not come, and book it as owed to us.

    Raises:
        NoRate: the order has no rate, and nobody entered one for today.
    """
    new = SupplierClaim(
        supplier_id=order.supplier_id,
        order_id=order.id,
        currency=paid.currency,
        total_minor=paid.minor,
    )
    db.session.add(new)
    db.session.flush()
    _book(new)
    return new


def _book(new: SupplierClaim) -> None:
    """What was paid ahead settles nothing any more: the supplier owes it, at the order's rate."""
    day = periods.day_for(new.recorded_at)
    amount = claims.worth(new.total, new.order, day=day)
    voucher = journal.begin("claim", new.number, day=day)
    voucher.transfer(amount, debit=accounts.SUPPLIER_CLAIMS, credit=accounts.PAYABLES)
    voucher.write()
