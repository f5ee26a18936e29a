"""What a supplier owes for returned goods, at what they cost when they came, and what was paid."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.supply import claims
from app.domain.supply.claims import Claim, Credit
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.domain.supply.return_documents import SupplierReturn, SupplierReturnLine
from app.kernel import append_only, money
from app.kernel.db import Model, Quantity, RowId, db
from app.kernel.money import Minor, Money


class DebitNote(Claim):
    """What we charge a supplier for one return, in the order's currency."""

    PREFIX = "DN"
    __tablename__ = "debit_note"
    __table_args__ = (
        CheckConstraint("total_minor > 0", name="total"),
        {"info": append_only.MARK},
    )

    return_id: Mapped[int] = mapped_column(ForeignKey("supplier_return.id"), unique=True)

    lines: Mapped[list["DebitNoteLine"]] = relationship(order_by="DebitNoteLine.id")
    credit: Mapped["SupplierCredit | None"] = relationship()


class DebitNoteLine(Model):
    """The amount for one line of the return."""

    __tablename__ = "debit_note_line"
    __table_args__ = (
        Index("ix_debit_note_line_debit_note_id", "debit_note_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    debit_note_id: Mapped[int] = mapped_column(ForeignKey("debit_note.id"))
    return_line_id: Mapped[int] = mapped_column(ForeignKey("supplier_return_line.id"), unique=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    amount_minor: Mapped[int] = mapped_column(Minor)


class SupplierCredit(Credit):
    """What the supplier gave for a debit note."""

    __tablename__ = "supplier_credit"
    __table_args__ = ({"info": append_only.MARK},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    debit_note_id: Mapped[int] = mapped_column(ForeignKey("debit_note.id"), unique=True)


def issue(found: SupplierReturn) -> DebitNote | None:
    """Charge what the returned goods cost when they came; None when they cost nothing.

    Goods nobody ordered were never paid for, so they cost nothing.
    """
    order = found.receipt.order
    if order is None:
        return None
    lines = [_line(line, order.currency) for line in found.lines if line.quantity]
    lines = [line for line in lines if line.amount_minor]
    if not lines:
        return None
    new = DebitNote(
        return_id=found.id,
        currency=order.currency,
        total_minor=sum(line.amount_minor for line in lines),
        lines=lines,
    )
    db.session.add(new)
    db.session.flush()
    return new


def by_number(number: str) -> DebitNote:
    """The debit note with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(DebitNote, number)


def of(found: SupplierReturn) -> DebitNote | None:
    """The debit note for a return; none for what cost nothing, or has not been charged yet."""
    return db.session.scalar(select(DebitNote).filter_by(return_id=found.id))


def credit(note: DebitNote, amount: Decimal, *, supplier_number: str, reason: str = "") -> Money:
    """Settle a debit note by what the supplier gave for it; what is missing of it.

    Raises:
        AlreadyCredited: it was settled before.
        CreditDiffers: another amount, and no reason for it.
    """
    given = claims.given(note, amount, before=note.credit, reason=reason)
    note.credit = SupplierCredit(
        supplier_number=supplier_number, amount_minor=given.minor, note=reason
    )
    db.session.flush()
    return note.total - given


def _line(line: SupplierReturnLine, currency: str) -> DebitNoteLine:
    return DebitNoteLine(
        return_line_id=line.id, quantity=line.quantity, amount_minor=_amount(line, currency)
    )


def _amount(line: SupplierReturnLine, currency: str) -> int:
    """The share of what the receipt line cost; all shares of it add up to that to the cent.

    Each return takes what all returns so far are worth together, less what the earlier took.
    """
    ordered = _ordered(line)
    if ordered is None or ordered.unit_price is None:
        return 0
    before, taken = _before(line)
    quantity = before + line.quantity
    so_far = money.priced(quantity, ordered.unit_price, currency, per=ordered.priced_for)
    return so_far.minor - taken


def _ordered(line: SupplierReturnLine) -> PurchaseOrderLine | None:
    """The order line whose price the goods came at; none for what came free or unordered."""
    source = line.receipt_line
    if not source.on_order or source.order_line_id is None:
        return None
    return db.session.get_one(PurchaseOrderLine, source.order_line_id)


def _before(line: SupplierReturnLine) -> tuple[Decimal, int]:
    """How much of the receipt line was charged before, and at how much."""
    query = (
        select(func.sum(DebitNoteLine.quantity), func.sum(DebitNoteLine.amount_minor))
        .join(SupplierReturnLine, SupplierReturnLine.id == DebitNoteLine.return_line_id)
        .where(SupplierReturnLine.receipt_line_id == line.receipt_line_id)
    )
    quantity, amount = db.session.execute(query).one()
    return quantity or Decimal(0), amount or 0
