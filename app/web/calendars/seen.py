"""How a calendar reads on the page of working time."""

from dataclasses import dataclass
from datetime import date

from babel.dates import get_day_names
from flask_babel import get_locale

from app.kernel import calendars, clock
from app.kernel.calendars import Kept
from app.kernel.calendars.hours import WEEKDAYS
from app.kernel.calendars.listed import OwnDay
from app.web.people.seen import where
from app.web.tongue import _

_AHEAD_DAYS = 90


@dataclass(frozen=True)
class Week:
    """One weekday: its name in a form, in words, and its hours."""

    code: str
    name: str
    hours: str


@dataclass(frozen=True)
class Seen:
    """One calendar on the page."""

    code: str
    title: str
    kept_by: str
    time_zone: str
    country: str
    today: str
    week: list[Week]
    days: tuple[OwnDay, ...]
    holidays: list[date]


def every() -> list[Seen]:
    """Every calendar, that of the whole company first."""
    today = calendars.of_scope("*").today(clock.now())
    found = [_seen(one, today) for one in calendars.every(today)]
    return sorted(found, key=lambda one: (one.code != calendars.DEFAULT_CODE, one.code))


def _seen(one: Kept, today: date) -> Seen:
    is_default = one.code == calendars.DEFAULT_CODE
    names = get_day_names("wide", locale=get_locale())
    texts = zip(WEEKDAYS, calendars.week_texts(one.calendar), strict=True)
    return Seen(
        code=one.code,
        title=_("The whole company") if is_default else one.code,
        kept_by=_(", ").join(where(scope) for scope in one.scopes),
        time_zone=one.calendar.time_zone,
        country=one.calendar.country or "",
        today=one.calendar.today(clock.now()).isoformat(),
        week=[Week(day, names[n], hours) for n, (day, hours) in enumerate(texts)],
        days=one.days,
        holidays=calendars.holidays(one.calendar, today, _AHEAD_DAYS),
    )
