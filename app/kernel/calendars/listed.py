"""The calendars as an administrator reads them: who keeps each, and which days are not as usual."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.kernel.calendars import days_off
from app.kernel.calendars.hours import texts_of
from app.kernel.calendars.stored import CalendarDay, CalendarRow, CalendarScope, named
from app.kernel.calendars.working_time import Calendar
from app.kernel.db import db


@dataclass(frozen=True)
class OwnDay:
    """A day with hours of its own; without any it is closed."""

    day: date
    hours: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Kept:
    """One calendar, the scopes that keep it, and its own days from one day on."""

    code: str
    calendar: Calendar
    scopes: tuple[str, ...]
    days: tuple[OwnDay, ...]


def every(since: date) -> list[Kept]:
    """All calendars by code, with their own days from `since` on."""
    scopes, days = defaultdict(list), defaultdict(list)
    for scope in db.session.scalars(select(CalendarScope).order_by(CalendarScope.scope)):
        scopes[scope.calendar].append(scope.scope)
    own = select(CalendarDay).where(CalendarDay.day >= since).order_by(CalendarDay.day)
    for row in db.session.scalars(own):
        days[row.calendar].append(OwnDay(row.day, tuple(row.hours), row.reason))
    codes = db.session.scalars(select(CalendarRow.code).order_by(CalendarRow.code))
    return [Kept(code, named(code), tuple(scopes[code]), tuple(days[code])) for code in list(codes)]


def week_texts(calendar: Calendar) -> list[str]:
    """The hours of each day of a usual week, Monday first; empty where it is closed."""
    return [", ".join(texts_of(spans)) for spans in calendar.week]


def holidays(calendar: Calendar, since: date, days: int) -> list[date]:
    """The public holidays of the next `days` on which people would work otherwise."""
    if not calendar.country:
        return []
    ahead = [since + timedelta(days=n) for n in range(days)]
    return [
        day
        for day in ahead
        if calendar.week[day.weekday()]
        and day in days_off.around(calendar.country, calendar.subdivision, day.year).closed
    ]
