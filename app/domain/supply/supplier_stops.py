"""Suppliers nothing more is ordered from, and the orders that are open when one is stopped."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.recorded import Recorded
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.suppliers import STOPPED, Supplier
from app.kernel import append_only
from app.kernel.db import RowId, db
from app.kernel.errors import N_, Refusal

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
