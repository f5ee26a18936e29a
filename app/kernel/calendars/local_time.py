"""What the clock on the wall says against the instants of the world, where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICRO = timedelta(microseconds=1)
_SECOND = 1_000_000


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo | None:
    """The time zone of that name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def micros(instant: datetime) -> int:
    """Microseconds since 1970; the instant must know its offset."""
    return (instant - EPOCH) // MICRO


def instant_of(count: int) -> datetime:
    """The instant `count` microseconds after 1970, in UTC."""
    return EPOCH + timedelta(microseconds=count)


def at(day: date, minute: int, place: ZoneInfo) -> int:
    """When the clock in `place` first shows `minute` of `day`, in microseconds since 1970.

    A time that the clock skips is the moment of the skip; so hours that lie in a
    skip have no length, and the order of times on the wall is that of instants.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001
    first, second = _offset(wall, place, 0), _offset(wall, place, 1)
    naive = (wall.replace(tzinfo=UTC) - EPOCH) // MICRO
    if second > first:
        return _skip(naive - second, naive - first, place)
    return naive - first


def _offset(wall: datetime, place: ZoneInfo, fold: int) -> int:
    offset = wall.replace(tzinfo=place, fold=fold).utcoffset()
    return (offset or timedelta()) // MICRO


def _skip(before: int, after: int, place: ZoneInfo) -> int:
    """The second in (before, after] at which the offset changes."""
    old = instant_of(before).astimezone(place).utcoffset()
    low, high = before // _SECOND, after // _SECOND
    while high - low > 1:
        middle = (low + high) // 2
        is_old = instant_of(middle * _SECOND).astimezone(place).utcoffset() == old
        low, high = (middle, high) if is_old else (low, middle)
    return high * _SECOND
