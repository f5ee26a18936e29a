"""Months of the books: open until somebody closes them, and then for ever as they are."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance.company import ours
from app.domain.finance.journal import Journal
from app.kernel import cause, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal


class Period(Model):
    """One month (2026-06); `sealed_at` is the last voucher written before it closed."""

    __tablename__ = "period"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sealed_at: Mapped[int | None] = mapped_column(RowId)
    effect_key: Mapped[str | None] = mapped_column(String(400))


class PeriodClosed(Refusal):
    """Nothing is dated into a closed month."""

    code = "period_closed"
    message = N_("{month} is closed. Book it today, as a correction.")


class PeriodNotOver(Refusal):
    """Today stays bookable."""

    code = "period_not_over"
    message = N_("{month} is not over. It can be closed on the first day after it.")


def day_for(effective_at: datetime) -> date:
    """The day to book what happened then: that day, or today when its month is closed.

    The month stays open until the caller's transaction ends.

    Raises:
        PeriodClosed: today's own month is closed, so the clock must be wrong.
    """
    day = ours().day(effective_at)
    if _held(day).closed_at is None:
        return day
    today = ours().day(clock.now())
    if _held(today).closed_at is not None:
        raise PeriodClosed(month=_month(today))
    return today


def close(month: str) -> Period:
    """Close a month that is over, as a process step; closing it again changes nothing.

    Raises:
        PeriodNotOver: it is still going on.
    """
    if month >= _month(ours().day(clock.now())):
        raise PeriodNotOver(month=month)
    _make(month)
    period = _locked(month)
    if period is None or period.closed_at is not None:
        return db.session.get_one(Period, month)
    by = cause.current()
    period.closed_at, period.closed_by, period.effect_key = clock.now(), by.person_id, by.effect_key
    period.sealed_at = db.session.scalar(select(func.max(Journal.id))) or 0
    db.session.flush()
    return period


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _held(day: date) -> Period:
    """The month, kept from closing until the transaction ends."""
    found = _locked(_month(day), shared=True)
    if found is None:
        _make(_month(day))
        found = _locked(_month(day), shared=True)
    if found is None:
        raise RuntimeError(f"the month {day:%Y-%m} disappeared")
    return found


def _locked(month: str, *, shared: bool = False) -> Period | None:
    query = select(Period).filter_by(month=month).with_for_update(read=shared)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _make(month: str) -> None:
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    new = dialect.insert(Period).values(month=month)
    db.session.execute(new.on_conflict_do_nothing(index_elements=["month"]))
