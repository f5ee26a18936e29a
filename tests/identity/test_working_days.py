"""Who may say when a place works, and what is kept of it."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from app.identity import memberships, people, working_days
from app.identity.people import Person
from app.identity.working_days import NoReasonForDay, NotYourHours
from app.kernel import calendars
from app.kernel.calendars import DEFAULT, NoSuchCalendar
from app.kernel.db import in_transaction

DAY = date(2096, 6, 1)


@pytest.fixture
def ada(app: Flask) -> Person:
    """Administrates the house."""
    in_transaction(lambda: calendars.save("default", DEFAULT))
    return in_transaction(lambda: _a_person("ada", "*"))


@pytest.fixture
def adam(app: Flask) -> Person:
    """Administrates one site."""
    return in_transaction(lambda: _a_person("adam", "site:MAIN"))


DEEDS: list[Callable[[Person], None]] = [
    lambda by: working_days.close_on("default", DAY, reason="x", by=by),
    lambda by: working_days.open_on("default", DAY, ["09:00-12:00"], reason="x", by=by),
    lambda by: working_days.usual_on("default", DAY, by=by),
    lambda by: working_days.keep_week("default", {"mon": ["09:00-12:00"]}, None, by=by),
]


@pytest.mark.parametrize("deed", DEEDS)
def test_only_who_administrates_the_whole_house_may(
    ada: Person, adam: Person, deed: Callable[[Person], None]
) -> None:
    with pytest.raises(NotYourHours):
        in_transaction(lambda: deed(adam))
    in_transaction(lambda: deed(ada))


def test_a_calendar_nobody_made_has_no_days(ada: Person) -> None:
    with pytest.raises(NoSuchCalendar):
        in_transaction(lambda: working_days.close_on("moon", DAY, reason="x", by=ada))


def test_a_reason_is_one_line_that_can_be_read(ada: Person) -> None:
    with pytest.raises(NoReasonForDay):
        in_transaction(lambda: working_days.close_on("default", DAY, reason="\0 " * 9, by=ada))
    with pytest.raises(NoReasonForDay):
        in_transaction(lambda: working_days.close_on("default", DAY, reason="x" * 201, by=ada))


def _a_person(name: str, scope: str) -> Person:
    person = people.add(name, name=name.title())
    memberships.grant(person, "administrator", scope)
    return person
