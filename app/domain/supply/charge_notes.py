"""Claims against suppliers that are no return: reworking and scrapping what they delivered."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.finance import accounts, journal, periods
from app.domain.finance.company import ours
from app.domain.supply import claims, prices
from app.domain.supply.claims import Claim, Credit
from app.domain.supply.receipts import ReceiptLine
from app.kernel import append_only, clock
from app.kernel.db import RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money

# What a supplier's credit makes good again.
_MADE_GOOD = {"rework": accounts.PURCHASE_VARIANCE, "scrap": accounts.STOCK_LOSS}


class ChargeNote(Claim):
    """What we charge a supplier for goods of one receipt line."""

    PREFIX = "DC"
    __tablename__ = "charge_note"
    __table_args__ = (
        CheckConstraint("total_minor > 0", name="total"),
        CheckConstraint("kind IN ('rework', 'scrap')", name="kind"),
        Index("ix_charge_note_receipt_line_id", "receipt_line_id"),
        {"info": append_only.MARK},
    )

    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, sort_order=1)

    receipt_line: Mapped[ReceiptLine] = relationship()
    credit: Mapped["ChargeCredit | None"] = relationship()


class ChargeCredit(Credit):
    """What the supplier gave for a charge note, and the voucher that makes the loss smaller."""

    __tablename__ = "charge_credit"
    __table_args__ = ({"info": append_only.MARK},)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    charge_note_id: Mapped[int] = mapped_column(ForeignKey("charge_note.id"), unique=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"), sort_order=1)


class NothingToCharge(Refusal):
    """A claim is for an amount."""

    code = "nothing_to_charge"
    message = N_(
        "Nothing is known of what {sku} cost. Let the company bear it, or decide otherwise."
    )


def issue(line: ReceiptLine, kind: str, total: Money, *, reason: str) -> ChargeNote:
    """Charge the supplier; part of a process step.

    Raises:
        NothingToCharge: the amount is nothing.
    """
    if total.minor <= 0:
        raise NothingToCharge(sku=line.sku.code)
    new = ChargeNote(
        receipt_line_id=line.id,
        kind=kind,
        currency=total.currency,
        total_minor=total.minor,
        reason=reason,
    )
    db.session.add(new)
    db.session.flush()
    return new


def currency_of(line: ReceiptLine) -> str:
    """The currency a supplier is charged in: the order's, else ours."""
    return line.receipt.order.currency if line.receipt.order else ours().currency


def price_of(line: ReceiptLine, quantity: Decimal) -> Money:
    """What `quantity` of the line costs by its order; nothing when no price is known."""
    price = prices.by_order(line, quantity) if line.on_order else None
    return price or Money(0, currency_of(line))


def by_number(number: str) -> ChargeNote:
    """The charge note with this number.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.named(ChargeNote, number)


def credit(note: ChargeNote, amount: Decimal, *, supplier_number: str, reason: str = "") -> Money:
    """Settle a charge note by what the supplier gave for it; what is missing of it.

    Raises:
        AlreadyCredited: it was settled before.
        CreditDiffers: another amount, and no reason for it.
    """
    given = claims.given(note, amount, before=note.credit, reason=reason)
    note.credit = ChargeCredit(
        supplier_number=supplier_number,
        amount_minor=given.minor,
        note=reason,
        journal_id=_book(note, given),
    )
    db.session.flush()
    return note.total - given


def _book(note: ChargeNote, given: Money) -> int:
    """We owe the supplier that much less, and the loss it is for is that much smaller."""
    day = periods.day_for(clock.now())
    amount = claims.worth(given, note.receipt_line.receipt.order, day=day)
    voucher = journal.begin("charge", note.number, day=day)
    voucher.transfer(
        amount,
        debit=accounts.PAYABLES,
        credit=_MADE_GOOD[note.kind],
        sku_id=note.receipt_line.sku_id,
    )
    voucher.write()
    return voucher.id
