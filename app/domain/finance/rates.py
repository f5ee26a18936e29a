"""What other currencies were worth, by day; documents freeze the rate they were written with."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance.company import ours
from app.kernel.db import Model, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Rate


class ExchangeRate(Model):
    """From `day` on, one unit of `currency` is `rate` units of ours, until a later row."""

    __tablename__ = "exchange_rate"
    __table_args__ = (
        UniqueConstraint("currency", "day"),
        CheckConstraint("rate > 0", name="rate"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    currency: Mapped[str] = mapped_column(String(3))
    day: Mapped[date] = mapped_column(Date)
    rate: Mapped[Decimal] = mapped_column(Rate)


class NoRate(Refusal):
    """An amount in another currency needs a rate."""

    code = "no_rate"
    message = N_("There is no exchange rate for {currency} on {day}. Enter one first.")


def add(currency: str, day: date, rate: Decimal) -> ExchangeRate:
    """Keep the rate of a currency from `day` on."""
    new = ExchangeRate(currency=currency, day=day, rate=rate)
    db.session.add(new)
    db.session.flush()
    return new


def known(currency: str, day: date) -> Decimal | None:
    """How much of our currency one unit was worth that day, if anybody entered it."""
    if currency == ours().currency:
        return Decimal(1)
    query = select(ExchangeRate.rate).filter_by(currency=currency).where(ExchangeRate.day <= day)
    return db.session.scalar(query.order_by(ExchangeRate.day.desc()).limit(1))


def on(currency: str, day: date) -> Decimal:
    """The same, for who cannot go on without.

    Raises:
        NoRate: nobody entered one.
    """
    rate = known(currency, day)
    if rate is None:
        raise NoRate(currency=currency, day=day.isoformat())
    return rate
