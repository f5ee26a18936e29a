"""The calendars of this company, and which of them a site or supplier keeps."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import editions, once
from app.kernel.calendars.hours import WEEKDAYS, Spans, hours_of, spans_of, texts_of, week_of
from app.kernel.calendars.working_time import Calendar
from app.kernel.db import Json, Model, db
from app.kernel.errors import N_, NotFound

DEFAULT_CODE = "default"
DEFAULT = Calendar("UTC", week_of({day: ["09:00-17:00"] for day in WEEKDAYS[:5]}))
_KEY = "calendars"

ByScope = Mapping[str, Calendar]


class CalendarRow(Model):
    """One calendar; every change of it, its days or its scopes raises the edition."""

    __tablename__ = "calendar"

    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    edition: Mapped[int]
    time_zone: Mapped[str] = mapped_column(String(64))
    week: Mapped[dict[str, list[str]]] = mapped_column(Json)
    country: Mapped[str | None] = mapped_column(String(2))
    subdivision: Mapped[str | None] = mapped_column(String(16))


class CalendarDay(Model):
    """One day with hours of its own; none: closed."""

    __tablename__ = "calendar_day"

    calendar: Mapped[str] = mapped_column(ForeignKey("calendar.code"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[list[str]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(Text)


class CalendarScope(Model):
    """The calendar a site ("site:DAYUAN") or supplier keeps."""

    __tablename__ = "calendar_scope"

    scope: Mapped[str] = mapped_column(String(100), primary_key=True)
    calendar: Mapped[str] = mapped_column(ForeignKey("calendar.code"))


editions.watch(_KEY, *editions.raised(CalendarRow.edition))


class NoSuchCalendar(NotFound):
    """Nobody made that calendar."""

    code = "no_such_calendar"
    message = N_("There is no calendar {calendar}.")


def of_scope(scope: str | None) -> Calendar:
    """The calendar that `scope` keeps; else the one named "default"; else office hours in UTC."""
    known = _all()
    return known.get(scope or "") or known.get(DEFAULT_CODE) or DEFAULT


def named(code: str) -> Calendar:
    """The calendar of that code.

    Raises:
        NoSuchCalendar: nobody made it.
    """
    row = db.session.get(CalendarRow, code)
    if row is None:
        raise NoSuchCalendar(calendar=code)
    return _value(row, _own_days().get(code, {}))


def save(code: str, calendar: Calendar) -> None:
    """Make or change a calendar; days of its own are set one by one."""
    found = db.session.get(CalendarRow, code, with_for_update=True, populate_existing=True)
    row = found or CalendarRow(code=code, edition=0)
    row.time_zone = calendar.time_zone
    row.week = hours_of(calendar.week)
    row.country, row.subdivision = calendar.country, calendar.subdivision
    row.edition += 1
    db.session.add(row)
    db.session.flush()
    for day, spans in calendar.own_days:
        _set_day(code, day, texts_of(spans), reason="")
    once.forget(_KEY)


def close_on(code: str, day: date, *, reason: str) -> None:
    """Keep a calendar closed on one day."""
    _changed(code)
    _set_day(code, day, [], reason=reason)


def open_on(code: str, day: date, hours: Sequence[str], *, reason: str) -> None:
    """Give one day hours of its own, holiday or not."""
    spans = spans_of(hours)
    _changed(code)
    _set_day(code, day, texts_of(spans), reason=reason)


def usual_on(code: str, day: date) -> None:
    """Let one day be as the week and the holidays have it again."""
    _changed(code)
    db.session.execute(delete(CalendarDay).filter_by(calendar=code, day=day))


def assign(scope: str, code: str) -> None:
    """Let `scope` keep the calendar `code`."""
    named(code)
    db.session.merge(CalendarScope(scope=scope, calendar=code))
    db.session.flush()
    _changed(code)


def _all() -> ByScope:
    return editions.kept(_KEY, _read)


def _read() -> ByScope:
    days = _own_days()
    rows = db.session.scalars(select(CalendarRow))
    by_code = {row.code: _value(row, days.get(row.code, {})) for row in rows}
    scopes = db.session.scalars(select(CalendarScope))
    found = {row.scope: by_code[row.calendar] for row in scopes}
    if DEFAULT_CODE in by_code:
        found[DEFAULT_CODE] = by_code[DEFAULT_CODE]
    return found


def _own_days() -> dict[str, dict[date, Spans]]:
    found: dict[str, dict[date, Spans]] = {}
    for row in db.session.scalars(select(CalendarDay)):
        found.setdefault(row.calendar, {})[row.day] = spans_of(row.hours)
    return found


def _value(row: CalendarRow, days: Mapping[date, Spans]) -> Calendar:
    return Calendar(
        row.time_zone, week_of(row.week), row.country, row.subdivision, tuple(sorted(days.items()))
    )


def _set_day(code: str, day: date, hours: list[str], *, reason: str) -> None:
    db.session.merge(CalendarDay(calendar=code, day=day, hours=hours, reason=reason))
    db.session.flush()


def _changed(code: str) -> None:
    """Raise the edition; who changes the calendar too waits until this step ends."""
    raised = update(CalendarRow).filter_by(code=code).values(edition=CalendarRow.edition + 1)
    db.session.execute(raised)
    once.forget(_KEY)
