"""A calendar as a value: counts working time forwards, backwards and between, exactly.

All durations are amounts of working time. A day (P1D) is the calendar's normal day, that is the
open time of its week divided by the days it opens; a week (P1W) is the open time of its week. So
amounts add up in any order, and `after`, `before` and `between` are exact to the microsecond:
`between(start, after(start, d)) == d == between(before(end, d), end)` for every start and end.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from app.kernel.calendars import days_off, durations, local_time, open_hours
from app.kernel.calendars.hours import Spans, Week, minutes
from app.kernel.calendars.open_hours import OpenHours
from app.kernel.errors import N_, Refusal

FIRST_YEAR, LAST_YEAR = 1971, 2199
YEARS_AT_ONCE = 30
_MARGIN = timedelta(days=4)  # the widest offset and a night shift, on either side of a year


class NoOpenHours(Refusal):
    """A calendar that never opens would wait for ever."""

    code = "no_open_hours"
    status = 422
    message = N_("A calendar needs at least one open hour in its week.")


class UnknownPlace(Refusal):
    """No such time zone, country or region."""

    code = "unknown_place"
    status = 422
    message = N_("{place!r} is no time zone or country known here.")


class TooFar(Refusal):
    """The calendar does not reach so far."""

    code = "too_far"
    message = N_("That is further than calendars reach ({first} to {last}, {years} years at once).")

    def __init__(self) -> None:
        super().__init__(first=FIRST_YEAR, last=LAST_YEAR, years=YEARS_AT_ONCE)


@dataclass(frozen=True)
class Calendar:
    """Weekly hours in a time zone, closed on a country's holidays, with days of its own."""

    time_zone: str
    week: Week
    country: str | None = None
    subdivision: str | None = None
    own_days: tuple[tuple[date, Spans], ...] = ()
    _years: dict[int, OpenHours] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if not minutes(self.week):
            raise NoOpenHours
        if local_time.zone(self.time_zone) is None:
            raise UnknownPlace(place=self.time_zone)
        if self.country and not days_off.is_known(self.country, self.subdivision):
            raise UnknownPlace(place=f"{self.country} {self.subdivision or ''}".strip())

    def after(self, start: datetime, duration: str | timedelta) -> datetime:
        """The earliest instant with `duration` of working time since `start`."""
        amount = self._bounded(duration)
        if amount < timedelta():
            return self.before(start, -amount)
        if not amount:
            return start.astimezone(UTC)
        year = _year(start)
        wanted = self._until(start) + amount // local_time.MICRO
        while wanted > self._open(year).total:
            wanted -= self._open(year).total
            year += 1
        return local_time.instant_of(self._open(year).earliest(wanted))

    def before(self, end: datetime, duration: str | timedelta) -> datetime:
        """The latest instant with `duration` of working time until `end`."""
        amount = self._bounded(duration)
        if amount < timedelta():
            return self.after(end, -amount)
        if not amount:
            return end.astimezone(UTC)
        year = _year(end)
        left = self._until(end) - amount // local_time.MICRO
        while left < 0:
            year -= 1
            left += self._open(year).total
        return local_time.instant_of(self._open(year).latest(left))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        whole = sum(self._open(year).total for year in range(_year(start), _year(end)))
        return timedelta(microseconds=whole + self._until(end) - self._until(start))

    def is_open(self, at: datetime) -> bool:
        """Whether people work at that instant."""
        return self._open(_year(at)).is_open(local_time.micros(at))

    def working(self, duration: str | timedelta) -> timedelta:
        """`duration` as an amount of working time: what P2D or P1W is on this calendar."""
        if isinstance(duration, timedelta):
            return duration
        parsed = durations.parse(duration)
        return parsed.weeks * self.week_length + parsed.days * self.day_length + parsed.time

    def today(self, at: datetime) -> date:
        """The date on the wall at that instant."""
        return at.astimezone(self.zone).date()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return local_time.zone(self.time_zone) or ZoneInfo("UTC")

    @cached_property
    def week_length(self) -> timedelta:
        """The open time of a normal week."""
        return timedelta(minutes=minutes(self.week))

    @cached_property
    def day_length(self) -> timedelta:
        """The open time of a normal day."""
        return self.week_length // sum(1 for spans in self.week if spans)

    @cached_property
    def _own(self) -> dict[date, Spans]:
        return dict(self.own_days)

    @cached_property
    def _make_up_hours(self) -> Spans:
        return next(spans for spans in self.week if spans)

    def _bounded(self, duration: str | timedelta) -> timedelta:
        amount = self.working(duration)
        if abs(amount) > self.week_length * 53 * YEARS_AT_ONCE:
            raise TooFar
        return amount

    def _until(self, instant: datetime) -> int:
        """The working time from the start of the year."""
        return self._open(_year(instant)).measure(local_time.micros(instant))

    def _open(self, year: int) -> OpenHours:
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = self._count(year)
        return found

    def _count(self, year: int) -> OpenHours:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise TooFar
        start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        first = (start - _MARGIN).date()
        days = (first + timedelta(days=n) for n in range((end + _MARGIN - start + _MARGIN).days))
        off = days_off.NONE
        if self.country:
            off = days_off.around(self.country, self.subdivision, year)
        intervals = (
            (local_time.at(day, opens, self.zone), local_time.at(day, closes, self.zone))
            for day in days
            for opens, closes in self._hours_on(day, off)
        )
        return open_hours.between(intervals, local_time.micros(start), local_time.micros(end))

    def _hours_on(self, day: date, off: days_off.DaysOff) -> Spans:
        own = self._own.get(day)
        if own is not None:
            return own
        if day in off.closed:
            return ()
        return self.week[day.weekday()] or (self._make_up_hours if day in off.make_up else ())


def _year(instant: datetime) -> int:
    return instant.astimezone(UTC).year
