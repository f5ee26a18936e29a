"""Dates, times and moments as native inputs send them, checked against the calendar."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from app.kernel.errors import N_
from app.workflow.forms.errors import Complaint

FIRST_YEAR, LAST_YEAR = 1900, 2200
_WIDE = str.maketrans("０１２３４５６７８９－：．", "0123456789-:.")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)
_MOMENT = re.compile(r"([0-9-]{10})[T ]([0-9:]{5,8})(?:\.0{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?")


class NotADate(ValueError):
    """No such day, time or moment; `complaint` says why."""

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        super().__init__(complaint)


def day(text: str) -> date:
    """The day written as 2026-03-31."""
    match = _DATE.fullmatch(text.translate(_WIDE).strip())
    if not match:
        raise NotADate(Complaint(N_("Write the date as year-month-day, like 2026-03-31.")))
    year, month, number = map(int, match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADate(_no_such_day(text))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise NotADate(_no_such_day(text)) from error


def time_of_day(text: str) -> time:
    """The time written as 14:30 or 14:30:15."""
    match = _TIME.fullmatch(text.translate(_WIDE).strip())
    if not match:
        raise NotADate(Complaint(N_("Write the time as hours:minutes, like 14:30.")))
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    try:
        return time(hours, minutes, seconds)
    except ValueError as error:
        raise NotADate(Complaint(N_("There is no time {text}."), text=text.strip())) from error


def moment(text: str, zone: tzinfo) -> datetime:
    """The instant written as 2026-03-31T14:30, on the clocks of `zone` if it has no offset."""
    match = _MOMENT.fullmatch(text.translate(_WIDE).strip())
    if not match:
        raise NotADate(Complaint(N_("Write date and time like 2026-03-31 14:30.")))
    local = datetime.combine(day(match[1]), time_of_day(match[2]))
    return _at_offset(local, match[3], zone) if match[3] else _on_the_clocks(local, zone)


def _at_offset(local: datetime, offset: str, zone: tzinfo) -> datetime:
    try:
        return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(zone)
    except ValueError as error:
        raise NotADate(Complaint(N_("There is no offset {text}."), text=offset)) from error


def _on_the_clocks(local: datetime, zone: tzinfo) -> datetime:
    there = local.replace(tzinfo=zone)
    if there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise NotADate(
            Complaint(N_("The clocks skipped {text} that night."), text=f"{local:%H:%M}")
        )
    return there


def _no_such_day(text: str) -> Complaint:
    return Complaint(N_("There is no day {text}."), text=text.strip())
