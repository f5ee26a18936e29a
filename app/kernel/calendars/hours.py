"""The hours of a day and of a week, as people write them: "08:00-12:00", "22:00-06:00"."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from app.kernel.errors import N_, Refusal

DAY_MINUTES = 24 * 60
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TEXT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")

Span = tuple[int, int]  # minutes since the local midnight; past 1440 on the next day
Spans = tuple[Span, ...]
Week = tuple[Spans, ...]  # Monday first


class BadHours(Refusal):
    """Hours nobody can keep."""

    code = "bad_hours"
    status = 422
    message = N_(
        "{hours!r} are no opening hours. Write them like 08:00-12:00 (over midnight: "
        "22:00-06:00), in order and without overlap."
    )


def spans_of(texts: Iterable[str]) -> Spans:
    """The hours of one day.

    Raises:
        BadHours: malformed, out of order or overlapping.
    """
    spans = tuple(_span(text) for text in texts)
    if any(second[0] < first[1] for first, second in pairwise(spans)):
        raise BadHours(hours=", ".join(texts))
    return spans


def week_of(hours: Mapping[str, Sequence[str]]) -> Week:
    """The hours of a week by weekday ("mon" … "sun"); a day left out is closed.

    Raises:
        BadHours: also when a night shift runs into the next day's opening.
    """
    unknown = set(hours) - set(WEEKDAYS)
    if unknown:
        raise BadHours(hours=", ".join(sorted(unknown)))
    week = tuple(spans_of(hours.get(day, ())) for day in WEEKDAYS)
    for today, tomorrow in pairwise((*week, week[0])):
        if today and tomorrow and today[-1][1] - DAY_MINUTES > tomorrow[0][0]:
            raise BadHours(hours=", ".join((*texts_of(today), *texts_of(tomorrow))))
    return week


def texts_of(spans: Spans) -> list[str]:
    """The hours of one day as people write them."""
    return [f"{_clock(start)}-{_clock(end)}" for start, end in spans]


def hours_of(week: Week) -> dict[str, list[str]]:
    """The hours of a week as people write them."""
    return {day: texts_of(spans) for day, spans in zip(WEEKDAYS, week, strict=True) if spans}


def minutes(week: Week) -> int:
    """How long a week is open."""
    return sum(end - start for spans in week for start, end in spans)


def _span(text: str) -> Span:
    found = _TEXT.fullmatch(text)
    if found is None:
        raise BadHours(hours=text)
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    start, end = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if end > DAY_MINUTES or start == end:
        raise BadHours(hours=text)
    return start, end if end > start else end + DAY_MINUTES


def _clock(minute: int) -> str:
    if minute != DAY_MINUTES:
        minute %= DAY_MINUTES
    return f"{minute // 60:02}:{minute % 60:02}"
