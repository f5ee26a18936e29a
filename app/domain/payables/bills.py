"""What suppliers and carriers ask for: bills with their lines, and credits as bills below zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain import numbers
from app.domain.finance import rates
from app.domain.numbers import Code, Numbered
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.suppliers import Supplier
from app.kernel import append_only, cause, clock
from app.kernel.db import Instant, Json, Model, Quantity, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Minor, Money, Rate, priced


class Bill(Numbered):
    """One bill in its own currency, at the rate of its day, which stays as it is.

    A bill that was dropped owes nothing; should it come again, its row is taken up again. One that
    `corrects` another is the difference to what that should have been.
    """

    PREFIX = "B"
    __tablename__ = "bill"
    __table_args__ = (
        UniqueConstraint("supplier_id", "supplier_number"),
        CheckConstraint("status IN ('recorded', 'disputed', 'accepted')", name="status"),
        Index("ix_bill_journal_id", "journal_id"),
        Index("ix_bill_corrects_id", "corrects_id"),
    )

    supplier_id: Mapped[int] = mapped_column(ForeignKey("supplier.id"))
    supplier_number: Mapped[str] = mapped_column(Code)
    billed_on: Mapped[date] = mapped_column(Date)
    currency: Mapped[str] = mapped_column(String(3))
    exchange_rate: Mapped[Decimal] = mapped_column(Rate)
    tax: Mapped[int] = mapped_column(Minor, default=0)
    total: Mapped[int] = mapped_column(Minor)
    status: Mapped[str] = mapped_column(String(10), default="recorded")
    journal_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    corrects_id: Mapped[int | None] = mapped_column(RowId)
    effect_key: Mapped[str] = mapped_column(String(400))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)

    supplier: Mapped[Supplier] = relationship(lazy="joined")
    lines: Mapped[list["BillLine"]] = relationship(
        back_populates="bill", order_by="BillLine.line_no"
    )


class BillLine(Model):
    """Goods of one receipt line, or a cost that is spread over several (`spread`: id → weight)."""

    __tablename__ = "bill_line"
    __table_args__ = (
        UniqueConstraint("bill_id", "line_no"),
        Index("ix_bill_line_receipt_line_id", "receipt_line_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"))
    line_no: Mapped[int]
    receipt_line_id: Mapped[int | None] = mapped_column(ForeignKey("receipt_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit_price: Mapped[Decimal] = mapped_column(Quantity)
    amount: Mapped[int] = mapped_column(Minor)
    spread: Mapped[dict[str, str]] = mapped_column(Json)

    bill: Mapped[Bill] = relationship(back_populates="lines")
    receipt_line: Mapped[ReceiptLine | None] = relationship()


class BillMatch(Model):
    """What an accepted bill line settled, in our currency; never changed.

    `cleared` is what we had booked as owed for the goods, `price_difference` what the bill said
    more, `currency_difference` what other rates made of it.
    """

    __tablename__ = "bill_match"
    __table_args__ = (
        UniqueConstraint("bill_line_id"),
        Index("ix_bill_match_receipt_line_id", "receipt_line_id"),
        {"info": append_only.MARK},
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    bill_line_id: Mapped[int] = mapped_column(ForeignKey("bill_line.id"))
    receipt_line_id: Mapped[int] = mapped_column(ForeignKey("receipt_line.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    cleared: Mapped[int] = mapped_column(Minor)
    price_difference: Mapped[int] = mapped_column(Minor)
    currency_difference: Mapped[int] = mapped_column(Minor)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))


@dataclass(frozen=True)
class Asked:
    """One line of a bill: `priced_for` stock units cost `unit_price` in the bill's currency.

    Without a receipt line it is a cost to be spread over receipt lines by weight.
    """

    quantity: Decimal
    unit_price: Decimal
    receipt_line_id: int | None = None
    priced_for: Decimal = Decimal(1)
    spread: Mapping[int, Decimal] = field(default_factory=dict)


class BillKnown(Refusal):
    """A bill counts once."""

    code = "bill_known"
    message = N_("Bill {bill} of {supplier} was recorded before, as {number}.")


class BillBooked(Refusal):
    """What is in the books stays there."""

    code = "bill_booked"
    message = N_("{bill} is booked. What is wrong with it is put right by another bill or credit.")


class BillDoesNotAdd(Refusal):
    """A bill's total is what its lines and its tax add up to."""

    code = "bill_does_not_add"
    message = N_("The lines and the tax add up to {found}; the bill says {total}.")


def record(  # noqa: PLR0913 - what stands at the head of a bill
    supplier: Supplier,
    number: str,
    lines: Sequence[Asked],
    *,
    currency: str,
    billed_on: date,
    tax: int = 0,
    total: int | None = None,
    instead_of: Bill | None = None,
    corrects: Bill | None = None,
) -> Bill:
    """Keep a bill as it was received; nothing is booked before it is accepted.

    Amounts are minor units of the bill's currency. `total`, when given, is compared. A bill
    that was recorded wrongly is written anew `instead_of` itself. One that `corrects` another is at
    the rate of that one.

    Raises:
        BillKnown: this supplier's bill was recorded before.
        BillBooked: what it replaces is in the books.
        BillDoesNotAdd: the total is not what the lines say.
        NoRate: nobody entered a rate for the currency.
    """
    written = [_line(at, asked, currency) for at, asked in enumerate(lines, start=1)]
    found = sum(line.amount for line in written) + tax
    if total is not None and total != found:
        raise BillDoesNotAdd(found=_shown(found, currency), total=_shown(total, currency))
    bill = _row(supplier, number, instead_of)
    bill.billed_on, bill.currency = billed_on, currency
    bill.exchange_rate = corrects.exchange_rate if corrects else rates.on(currency, billed_on)
    bill.corrects_id = corrects.id if corrects else None
    bill.tax, bill.total, bill.lines = tax, found, written
    bill.effect_key, bill.recorded_at = cause.current().effect_key, clock.now()
    bill.status, bill.dropped_at = "recorded", None
    db.session.add(bill)
    db.session.flush()
    return bill


def drop(bill: Bill) -> None:
    """Let go of a bill that is not ours to pay; whoever takes it up again records it afresh.

    Raises:
        BillBooked: it is in the books.
    """
    check_open(bill)
    bill.dropped_at = clock.now()
    db.session.flush()


def dispute(bill: Bill) -> None:
    """Note that its supplier was asked about the bill.

    Raises:
        BillBooked: it is in the books.
    """
    check_open(bill)
    bill.status = "disputed"
    db.session.flush()


def check_open(bill: Bill) -> None:
    """Refuse a bill that is in the books."""
    if bill.status == "accepted":
        raise BillBooked(bill=bill.number)


def locked(number: str) -> Bill:
    """The bill with our number, locked and read afresh.

    Raises:
        NoSuchDocument: there is none.
    """
    return numbers.locked(Bill, number)


def _shown(minor: int, currency: str) -> str:
    return f"{Money(minor, currency).amount} {currency}"


def _row(supplier: Supplier, number: str, before: Bill | None) -> Bill:
    """The row to write the bill into: that of what it replaces, of the same bill dropped, or new.

    Two people who record one bill at the same time meet at the supplier's row.
    """
    db.session.refresh(supplier, with_for_update={"of": Supplier, "key_share": True})
    query = select(Bill).filter_by(supplier_id=supplier.id, supplier_number=number.strip())
    known = db.session.scalar(query.execution_options(populate_existing=True))
    if known is not None and known is not before and known.dropped_at is None:
        raise BillKnown(bill=number, supplier=supplier.name, number=known.number)
    if known is not None and before is not None and known is not before:
        drop(before)
    found = known or before or Bill()
    found.supplier_id, found.supplier_number = supplier.id, number.strip()
    _empty(found)
    return found


def _empty(bill: Bill) -> None:
    if bill not in db.session:
        return
    check_open(bill)
    for line in list(bill.lines):
        db.session.delete(line)
    db.session.flush()
    db.session.expire(bill, ["lines"])


def _line(at: int, asked: Asked, currency: str) -> BillLine:
    amount = priced(asked.quantity, asked.unit_price, currency, per=asked.priced_for)
    return BillLine(
        line_no=at,
        receipt_line_id=asked.receipt_line_id,
        quantity=asked.quantity,
        unit_price=asked.unit_price,
        amount=amount.minor,
        spread={str(origin): str(weight) for origin, weight in asked.spread.items()},
    )
