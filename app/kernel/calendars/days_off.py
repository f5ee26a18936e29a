"""Public holidays and make-up workdays of a country, as the `holidays` package knows them."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import holidays


class DaysOff(NamedTuple):
    """`closed` days, and weekend days that `make_up` for a bridge day (China, Taiwan)."""

    closed: frozenset[date]
    make_up: frozenset[date]


NONE = DaysOff(frozenset(), frozenset())


def is_known(country: str, subdivision: str | None) -> bool:
    """Whether the package has holidays for this place."""
    known = holidays.list_supported_countries()
    return country in known and (subdivision is None or subdivision in known[country])


@lru_cache(maxsize=512)
def around(country: str, subdivision: str | None, year: int) -> DaysOff:
    """The days off from the end of the year before to the start of the year after.

    One year more than is asked for: a bridge day in January is made up for in December.
    """
    closed: set[date] = set()
    make_up: set[date] = set()
    for one in (year - 1, year, year + 1):
        found = holidays.country_holidays(country, subdiv=subdivision, years=one, expand=False)
        closed.update(found)
        make_up.update(found.weekend_workdays)
    return DaysOff(frozenset(closed - make_up), frozenset(make_up))
