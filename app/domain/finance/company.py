"""The company whose books these are: its currency, and how it shows and taxes amounts."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance.journal import Journal
from app.kernel.db import Model, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Money


class Company(Model):
    """The one company of this house.

    Books keep every minor unit of `currency`; pages show `display_digits` of them. Days of the
    books are days in `time_zone`.
    """

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("display_digits BETWEEN 0 AND 3", name="display_digits"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    currency: Mapped[str] = mapped_column(String(3))
    display_digits: Mapped[int]
    prices_include_tax: Mapped[bool]
    time_zone: Mapped[str] = mapped_column(String(40))

    def day(self, instant: datetime) -> date:
        """The day of the books on which `instant` falls."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()


class BooksBegun(Refusal):
    """Amounts that were booked keep their meaning."""

    code = "books_begun"
    message = N_("The books are kept in {currency} already; the currency cannot change any more.")


def ours() -> Company:
    """The company."""
    return db.session.get_one(Company, 1)


def written(amount: Money) -> str:
    """An amount as people read it: 660,000 TWD."""
    return f"{as_shown(amount):,f} {amount.currency}"


def as_shown(amount: Money) -> Decimal:
    """The amount with the decimals that pages show.

    Of our own currency these are the company's display digits, and all of them where some would
    be lost.
    """
    company, value = ours(), amount.amount
    if amount.currency != company.currency:
        return value
    short = round(value, company.display_digits)
    return short if short == value else value


def keep_books_in(currency: str, *, display_digits: int) -> None:
    """Choose the currency of the books, before the first amount is booked.

    Raises:
        BooksBegun: something was booked in another currency.
    """
    company = ours()
    begun = db.session.scalar(select(Journal.id).limit(1)) is not None
    if begun and currency != company.currency:
        raise BooksBegun(currency=company.currency)
    company.currency, company.display_digits = currency, display_digits
    db.session.flush()
