"""Months of the books: open until somebody closes them, and then for ever as they are."""

import re
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.finance.company import ours
from app.domain.finance.journal import Journal
from app.kernel import cause, clock
from app.kernel.db import Instant, Model, RowId, db
from app.kernel.errors import N_, Refusal

_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


class Period(Model):
    """One month (2026-06); `sealed_at` is the last voucher written before it closed."""

    __tablename__ = "period"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sealed_at: Mapped[int | None] = mapped_column(RowId)
    effect_key: Mapped[str | None] = mapped_column(String(400))
    proposed_by: Mapped[int | None] = mapped_column(RowId)


class PeriodClosed(Refusal):
    """Nothing is dated into a closed month."""

    code = "period_closed"
    message = N_("{month} is closed. Book it today, as a correction.")


class PeriodNotOver(Refusal):
    """Today stays bookable."""

    code = "period_not_over"
    message = N_("{month} is not over. It can be closed on the first day after it.")


class MonthClosed(Refusal):
    """A closed month is never opened again."""

    code = "month_closed"
    message = N_("{month} was closed on {day} and stays closed. Corrections go into this month.")


class EarlierMonthOpen(Refusal):
    """Months close in their order."""

    code = "earlier_month_open"
    message = N_("{earlier} is still open. Close it before {month}.")


class NoSuchMonth(Refusal):
    """A month is written as a year and a month."""

    code = "no_such_month"
    message = N_("{month} is no month. Write it as 2026-05.")


def check_closable(month: str) -> None:
    """Refuse a month that is not over, is closed, or comes before its turn.

    Raises:
        NoSuchMonth: it is written in another way.
        PeriodNotOver: it is still going on.
        MonthClosed: nobody opens it again.
        EarlierMonthOpen: something was booked in a month before it that is still open.
    """
    if not _MONTH.fullmatch(month):
        raise NoSuchMonth(month=month)
    if month >= _month(ours().day(clock.now())):
        raise PeriodNotOver(month=month)
    found = db.session.get(Period, month, populate_existing=True)
    if found is not None and found.closed_at is not None:
        raise MonthClosed(month=month, day=ours().day(found.closed_at).isoformat())
    earlier = db.session.scalar(select(func.min(Period.month)).where(Period.closed_at.is_(None)))
    if earlier is not None and earlier < month:
        raise EarlierMonthOpen(earlier=earlier, month=month)


def every() -> list[Period]:
    """The months something was booked in, the latest first."""
    return list(db.session.scalars(select(Period).order_by(Period.month.desc())))


def over_and_open() -> list[str]:
    """The months that are over and may be closed, the earliest first."""
    this = _month(ours().day(clock.now()))
    query = select(Period.month).where(Period.closed_at.is_(None), Period.month < this)
    return list(db.session.scalars(query.order_by(Period.month)))


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


def close(month: str, *, proposed_by: int | None = None) -> Period:
    """Close a month that is over, as a process step; closing it again changes nothing.

    `proposed_by` went through its list; whoever acts now confirmed it.

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
    period.proposed_by = proposed_by
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
