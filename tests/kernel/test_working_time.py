"""Working time: forwards, backwards and between undo each other, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.calendars import (
    BadDuration,
    BadHours,
    Calendar,
    NoOpenHours,
    TooFar,
    UnknownPlace,
    elapsed,
)
from app.kernel.calendars.hours import WEEKDAYS, Spans, Week, hours_of, week_of

OFFICE = week_of({day: ["09:00-12:00", "13:00-18:00"] for day in WEEKDAYS[:5]})
ALWAYS = week_of({day: ["00:00-24:00"] for day in WEEKDAYS})
NIGHTS = week_of({day: ["22:00-06:00"] for day in WEEKDAYS[:5]})
WEEKEND = week_of({"sat": ["22:00-00:45"], "sun": ["03:00-04:00", "22:00-06:00"]})
SHOP = week_of({day: ["11:00-21:30"] for day in WEEKDAYS})
NOTHING = timedelta()

# Calendars remember the years they counted, so the examples share a few.
ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Asia/Taipei",
    "Australia/Lord_Howe",
    "America/Havana",
]
COUNTRIES = [None, "TW", "CN", "US", "DE"]
OWN_DAYS: tuple[tuple[date, Spans], ...] = (
    (date(2025, 12, 31), ((1320, 1800),)),
    (date(2026, 1, 1), ()),
    (date(2026, 3, 8), ((90, 200),)),
    (date(2026, 10, 25), ((0, 1440),)),
)
CALENDARS = [
    Calendar(zone, week, COUNTRIES[(x + y) % 5], None, OWN_DAYS if (x + y) % 2 else ())
    for x, zone in enumerate(ZONES)
    for y, week in enumerate([OFFICE, ALWAYS, NIGHTS, SHOP, WEEKEND])
]

instants = st.datetimes(
    datetime(2022, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
calendars = st.sampled_from(CALENDARS)
amounts = st.one_of(
    st.timedeltas(NOTHING, timedelta(hours=40)),
    st.timedeltas(NOTHING, timedelta(days=200)),
    st.integers(0, 400).map(lambda hours: timedelta(hours=hours)),
)


@given(calendars, instants, amounts)
@settings(deadline=None, max_examples=400)
def test_the_time_between_a_start_and_what_comes_after_it_is_what_was_added(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    assert calendar.between(start, calendar.after(start, amount)) == amount


@given(calendars, instants, amounts)
@settings(deadline=None, max_examples=400)
def test_the_time_between_an_end_and_what_comes_before_it_is_what_was_taken(
    calendar: Calendar, end: datetime, amount: timedelta
) -> None:
    assert calendar.between(calendar.before(end, amount), end) == amount


@given(calendars, instants, amounts)
@settings(deadline=None, max_examples=400)
def test_from_an_open_instant_forwards_and_backwards_lead_home(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    back = calendar.before(calendar.after(start, amount), amount)

    if calendar.is_open(start):
        assert back == start
    else:
        assert back >= start
        assert calendar.between(start, back) == NOTHING


@given(calendars, instants, amounts, amounts)
@settings(deadline=None, max_examples=150)
def test_amounts_add_up_in_any_order(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    assert calendar.after(calendar.after(start, one), other) == calendar.after(start, one + other)


@given(calendars, instants, instants)
@settings(deadline=None, max_examples=150)
def test_no_more_is_worked_than_passes(calendar: Calendar, a: datetime, b: datetime) -> None:
    start, end = sorted((a, b))

    assert NOTHING <= calendar.between(start, end) <= end - start
    assert calendar.between(end, start) == -calendar.between(start, end)


@given(
    st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"]),
    st.sampled_from([OFFICE, NIGHTS, WEEKEND, SHOP]),
    st.integers(0, 300),
)
@settings(deadline=None, max_examples=25)
def test_the_sums_agree_with_a_count_minute_by_minute(zone: str, week: Week, skip: int) -> None:
    calendar = _calendar(zone, week)
    start = datetime(2011, 2, 1, tzinfo=UTC) + timedelta(days=skip)

    counted = sum(_is_open_by_the_wall(calendar, start + _minutes(n)) for n in range(40 * 1440))

    assert calendar.between(start, start + timedelta(days=40)) == _minutes(counted)


def test_always_open_is_the_clock_on_the_wall() -> None:
    calendar = _calendar("America/New_York", ALWAYS)
    start = datetime(2026, 1, 1, 5, 17, tzinfo=UTC)

    assert calendar.after(start, timedelta(days=1826)) == start + timedelta(days=1826)
    assert calendar.after(start, "P1W") == start + timedelta(days=7)


def test_a_task_given_on_friday_evening_is_due_on_monday() -> None:
    friday = _taipei(2026, 6, 5, 17)

    assert _calendar("Asia/Taipei", OFFICE).after(friday, "PT4H") == _taipei(2026, 6, 8, 12)
    assert _calendar("Asia/Taipei", OFFICE).after(friday, "P1D") == _taipei(2026, 6, 8, 17)


def test_what_ends_with_the_day_is_due_when_the_day_ends() -> None:
    assert _calendar("Asia/Taipei", OFFICE).after(_taipei(2026, 6, 5, 17), "PT1H") == _taipei(
        2026, 6, 5, 18
    )


def test_a_public_holiday_is_not_worked() -> None:
    before_dragon_boat = _taipei(2026, 6, 18, 17)  # the festival is on Friday, 19 June

    assert _calendar("Asia/Taipei", OFFICE, "TW").after(before_dragon_boat, "PT2H") == _taipei(
        2026, 6, 22, 10
    )


def test_a_chinese_make_up_saturday_is_worked_and_its_bridge_day_is_not() -> None:
    calendar = Calendar("Asia/Shanghai", OFFICE, "CN")

    assert calendar.is_open(_taipei(2025, 9, 28, 10))  # Sunday, made up for 7 October's week
    assert not calendar.is_open(_taipei(2025, 10, 8, 10))
    assert not calendar.is_open(_taipei(2025, 9, 27, 10))


def test_a_day_of_its_own_outranks_the_holiday_and_the_week() -> None:
    stocktaking = (date(2026, 6, 19), ((600, 660),))
    closed = (date(2026, 6, 22), ())
    calendar = _calendar("Asia/Taipei", OFFICE, "TW", (stocktaking, closed))

    assert calendar.between(_taipei(2026, 6, 19, 0), _taipei(2026, 6, 23, 0)) == _minutes(60)


def test_a_night_shift_belongs_to_the_day_it_begins() -> None:
    calendar = _calendar("Asia/Taipei", NIGHTS)

    assert calendar.is_open(_taipei(2026, 6, 6, 5))  # Saturday morning, since Friday 22:00
    assert not calendar.is_open(_taipei(2026, 6, 7, 23))
    assert calendar.after(_taipei(2026, 6, 5, 21), "P1D") == _taipei(2026, 6, 6, 6)


@pytest.mark.parametrize(
    ("day", "worked"), [(date(2026, 3, 7), 420), (date(2026, 10, 31), 540), (date(2026, 6, 6), 480)]
)
def test_a_shift_over_a_change_of_clocks_is_as_long_as_it_really_is(day: date, worked: int) -> None:
    saturday_night = week_of({"sat": ["22:00-06:00"]})
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/New_York"))

    found = _calendar("America/New_York", saturday_night).between(noon, noon + timedelta(days=1))

    assert found == _minutes(worked)


def test_elapsed_time_takes_no_rest() -> None:
    friday = _taipei(2026, 6, 5, 17)

    assert elapsed(friday, "P1DT1H") == _taipei(2026, 6, 6, 18)
    with pytest.raises(BadDuration):
        elapsed(friday, "P9999WT999999H99999999M")
    with pytest.raises(BadDuration):
        elapsed(datetime(9999, 12, 30, tzinfo=UTC), "P9D")


def test_hours_inside_the_skipped_hour_have_no_length() -> None:
    calendar = _calendar("America/New_York", week_of({"sun": ["02:10-02:50", "04:00-05:00"]}))
    spring = datetime(2026, 3, 8, tzinfo=ZoneInfo("America/New_York"))

    assert calendar.between(spring, spring + timedelta(days=1)) == _minutes(60)


def test_a_day_is_the_normal_day_of_the_calendar_and_a_week_its_week() -> None:
    calendar = _calendar("Asia/Taipei", OFFICE)

    assert calendar.working("P1D") == timedelta(hours=8)
    assert calendar.working("P1W") == calendar.working("P5D") == timedelta(hours=40)
    assert calendar.working("P1DT1H30M0.5S") == timedelta(hours=9, minutes=30, seconds=0.5)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1M", "P1Y", "-PT1H", "PT1.5H", "1h", "PT1H ", "P1DT", "pt1h", "PT１H", "P1H",
     "PT0.1234567S", "P99999999D", "PT1S1M", "\nPT1H", "PT1H\n"],
)  # fmt: skip
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(BadDuration):
        _calendar("Asia/Taipei", OFFICE).working(text)


@pytest.mark.parametrize(
    "hours",
    [["8:00-12:00"], ["08:00-08:00"], ["08:00-24:30"], ["13:00-18:00", "09:00-12:00"],
     ["25:00-26:00"], ["09:00-12:00", "11:00-13:00"], ["nonsense"]],
)  # fmt: skip
def test_hours_nobody_can_keep_are_refused(hours: list[str]) -> None:
    with pytest.raises(BadHours):
        week_of({"mon": hours})


def test_a_night_shift_may_not_run_into_the_next_opening() -> None:
    with pytest.raises(BadHours):
        week_of({"sun": ["22:00-06:00"], "mon": ["05:00-13:00"]})


def test_hours_are_read_as_they_are_written() -> None:
    written = {"mon": ["08:00-12:00", "13:00-24:00"], "sun": ["22:00-06:00"]}

    assert hours_of(week_of(written)) == written


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(NoOpenHours):
        _calendar("Asia/Taipei", week_of({}))


@pytest.mark.parametrize(
    ("zone", "country"), [("Mars/Base", None), ("../etc/passwd", None), ("UTC", "XX")]
)
def test_an_unknown_place_is_refused(zone: str, country: str | None) -> None:
    with pytest.raises(UnknownPlace):
        _calendar(zone, OFFICE, country)


@pytest.mark.parametrize("text", ["P9999W", "PT999999H"])
def test_a_duration_of_generations_is_refused_at_once(text: str) -> None:
    with pytest.raises(TooFar):
        _calendar("Asia/Taipei", OFFICE).after(_taipei(2026, 6, 5, 17), text)


def test_a_calendar_closed_for_decades_does_not_search_for_ever() -> None:
    calendar = _calendar("Asia/Taipei", OFFICE)

    with pytest.raises(TooFar):
        calendar.after(datetime(2199, 12, 1, tzinfo=UTC), "P30D")


def _calendar(
    zone: str,
    week: Week,
    country: str | None = None,
    own: tuple[tuple[date, Spans], ...] = (),
) -> Calendar:
    return Calendar(zone, week, country, None, own)


def _taipei(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo("Asia/Taipei"))


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def _is_open_by_the_wall(calendar: Calendar, instant: datetime) -> bool:
    """Read the clock on the wall, as people in the shop do (an hour shown twice opens twice)."""
    wall = instant.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    today, yesterday = wall.date(), wall.date() - timedelta(days=1)
    spans = [*calendar.week[today.weekday()]]
    spans += [(a - 1440, b - 1440) for a, b in calendar.week[yesterday.weekday()]]
    return any(start <= minute < end for start, end in spans)
