"""What other currencies were worth, by day; documents freeze the rate they were written with."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance.company import ours
from app.identity import audit
from app.kernel import clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal
from app.kernel.money import Rate

_PLACES = 10


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
    entered_by: Mapped[int | None] = mapped_column(RowId)
    entered_at: Mapped[datetime | None] = mapped_column(Instant)


class NoRate(Refusal):
    """An amount in another currency needs a rate."""

    code = "no_rate"
    message = N_("There is no exchange rate for {currency} on {day}. Enter one first.")


class NotARate(Refusal):
    """A rate is for another currency, and above nothing."""

    code = "not_a_rate"
    field = "rate"
    message = N_("Enter a currency other than {ours} and a rate above 0, of at most 10 decimals.")


def enter(currency: str, day: date, rate: Decimal, *, by: int) -> ExchangeRate:
    """Keep what a currency is worth from `day` on, in place of what was entered for that day.

    Documents keep the rate they were written with; the audit trail keeps every rate.

    Raises:
        NotARate: it is our own currency, or nothing.
    """
    if currency == ours().currency or rate <= 0 or rate != round(rate, _PLACES):
        raise NotARate(ours=ours().currency)
    query = select(ExchangeRate).filter_by(currency=currency, day=day).with_for_update()
    found = db.session.scalar(query)
    before = None if found is None else found.rate
    kept = found or add(currency, day, rate)
    kept.rate, kept.entered_by, kept.entered_at = rate, by, clock.now()
    details = {"day": day.isoformat(), "rate": f"{rate:f}", "before": before and f"{before:f}"}
    audit.record("rate.entered", by=by, subject=f"rate:{currency}", details=details)
    db.session.flush()
    return kept


def every(limit: int = 200) -> list[ExchangeRate]:
    """What was entered, the latest days first."""
    query = select(ExchangeRate).order_by(ExchangeRate.day.desc(), ExchangeRate.currency)
    return list(db.session.scalars(query.limit(limit)))


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
