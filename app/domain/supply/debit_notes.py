"""What a supplier owes for returned goods, at what they cost when they came, and what was paid."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.supply import claims, prices
from app.domain.supply.claims import Claim, Credit
from app.domain.supply.return_documents import SupplierReturn, SupplierReturnLine
from app.kernel import append_only
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
    """Charge what the goods cost that went back, as it was booked; None when that is nothing.

    Goods that nobody ordered, or that were noted as free of charge, were never paid for.
    """
    order = found.receipt.order
    if order is None:
        return None
    lines = [_line(line) for line in found.lines if line.quantity]
    lines = [line for line in lines if line.amount_minor > 0]
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


def _line(line: SupplierReturnLine) -> DebitNoteLine:
    return DebitNoteLine(return_line_id=line.id, quantity=line.quantity, amount_minor=_amount(line))


def _amount(line: SupplierReturnLine) -> int:
    source = line.receipt_line
    if not source.on_order:
        return 0
    charged = prices.returned(source, line.quantity, document=line.whole.number)
    return charged.minor if charged else 0
