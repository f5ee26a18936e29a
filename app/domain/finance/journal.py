"""The journal: vouchers whose lines always balance, because amounts only go from one to another."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.numbers import Numbered
from app.identity.people import Person
from app.kernel import append_only, cause, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.money import Minor


class Journal(Numbered):
    """Why amounts moved: one document, one process step, one day of the books.

    A correction is a voucher of its own that `corrects` the old one.
    """

    PREFIX = "J"
    __tablename__ = "journal"
    __table_args__ = (
        Index("ix_journal_month", "month"),
        Index("ix_journal_day", "day"),
        Index("ix_journal_document", "document"),
        Index("ix_journal_move_id", "move_id"),
        Index("ix_journal_instance_id", "instance_id"),
        {"info": append_only.MARK},
    )

    reason: Mapped[str] = mapped_column(String(20))
    document: Mapped[str] = mapped_column(String(80))
    day: Mapped[date] = mapped_column(Date)
    month: Mapped[str] = mapped_column(ForeignKey("period.month"))
    move_id: Mapped[int | None] = mapped_column(ForeignKey("stock_move.id"))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("journal.id"))
    effect_key: Mapped[str] = mapped_column(String(400))
    instance_id: Mapped[int] = mapped_column(RowId)
    element_id: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class JournalLine(Model):
    """+ debits an account, − credits it, in minor units of the company's currency."""

    __tablename__ = "journal_line"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        Index("ix_journal_line_journal_id", "journal_id"),
        Index("ix_journal_line_account_sku_id", "account", "sku_id"),
        {"info": append_only.MARK},
    )

    seq: Mapped[int] = mapped_column(RowId, primary_key=True)
    journal_id: Mapped[int] = mapped_column(ForeignKey("journal.id"))
    account: Mapped[str] = mapped_column(ForeignKey("account.name"))
    sku_id: Mapped[int | None] = mapped_column(ForeignKey("sku.id"))
    amount: Mapped[int] = mapped_column(Minor)


@dataclass
class Voucher:
    """A journal row that is being written; what it collects is kept by `write`."""

    header: Journal
    _amounts: dict[tuple[str, int | None], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def id(self) -> int:
        return self.header.id

    @property
    def number(self) -> str:
        return self.header.number

    def transfer(self, amount: int, *, debit: str, credit: str, sku_id: int | None = None) -> None:
        """Let `amount` go from the account `credit` to the account `debit`."""
        self._amounts[debit, sku_id] += amount
        self._amounts[credit, sku_id] -= amount

    def write(self) -> None:
        """Keep the lines; two that cancel each other are none."""
        rows = [
            {"journal_id": self.id, "account": account, "sku_id": sku_id, "amount": amount}
            for (account, sku_id), amount in self._amounts.items()
            if amount
        ]
        if rows:
            db.session.execute(insert(JournalLine), rows)


def begin(
    reason: str,
    document: str,
    *,
    day: date,
    move_id: int | None = None,
    corrects_id: int | None = None,
) -> Voucher:
    """A new voucher, as part of a process step; `day` comes from `periods.day_for`."""
    by = cause.current()
    header = Journal(
        reason=reason,
        document=document,
        day=day,
        month=f"{day:%Y-%m}",
        move_id=move_id,
        corrects_id=corrects_id,
        effect_key=by.effect_key,
        instance_id=by.instance_id,
        element_id=by.element_id,
        person_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(header)
    db.session.flush()
    return Voucher(header)
