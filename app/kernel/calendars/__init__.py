"""Working time: which hours a place works, and instants and durations counted in those hours."""

from app.kernel.calendars.durations import BadDuration, Duration, elapsed, parse
from app.kernel.calendars.hours import BadHours, Week, week_of
from app.kernel.calendars.listed import Kept, every, holidays, week_texts
from app.kernel.calendars.stored import (
    DEFAULT,
    DEFAULT_CODE,
    NoSuchCalendar,
    assign,
    close_on,
    named,
    of_scope,
    open_on,
    save,
    usual_on,
)
from app.kernel.calendars.working_time import Calendar, NoOpenHours, TooFar, UnknownPlace

__all__ = [
    "DEFAULT",
    "DEFAULT_CODE",
    "BadDuration",
    "BadHours",
    "Calendar",
    "Duration",
    "Kept",
    "NoOpenHours",
    "NoSuchCalendar",
    "TooFar",
    "UnknownPlace",
    "Week",
    "assign",
    "close_on",
    "elapsed",
    "every",
    "holidays",
    "named",
    "of_scope",
    "open_on",
    "parse",
    "save",
    "usual_on",
    "week_of",
    "week_texts",
]
