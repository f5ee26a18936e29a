"""ISO 8601 durations, read strictly: weeks, days, time; months and years have no fixed length."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.kernel.errors import N_, Refusal

_ISO = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,7})M)?"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,6}))?S)?)?"
)


@dataclass(frozen=True)
class Duration:
    """Weeks and days wait for a calendar to say how long they are; `time` is exact."""

    weeks: int
    days: int
    time: timedelta


class BadDuration(Refusal):
    """The text is not a duration this product counts."""

    code = "bad_duration"
    message = N_(
        "{text!r} is not a duration. Write for example PT30M, PT4H30M, P2D or P1W "
        "(months and years differ in length: write weeks)."
    )


def parse(text: str) -> Duration:
    """The duration that `text` says.

    Raises:
        BadDuration: months, years, signs, fractions other than of seconds, anything else.
    """
    found = _ISO.fullmatch(text)
    if found is None:
        raise BadDuration(text=text[:60])
    number = {name: int(digits) for name, digits in found.groupdict("0").items()}
    micros = int((found["fraction"] or "0").ljust(6, "0"))
    return Duration(
        weeks=number["weeks"],
        days=number["days"],
        time=timedelta(
            hours=number["hours"],
            minutes=number["minutes"],
            seconds=number["seconds"],
            microseconds=micros,
        ),
    )


def elapsed(start: datetime, text: str) -> datetime:
    """`text` after `start`, nights and holidays included: P1D is 24 hours.

    Raises:
        BadDuration: as `parse`, and when the calendar of the world ends before.
    """
    duration = parse(text)
    try:
        return start + timedelta(weeks=duration.weeks, days=duration.days) + duration.time
    except OverflowError:
        raise BadDuration(text=text) from None
