"""The calendars of a company, and who keeps which."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.kernel import calendars
from app.kernel.db import db, in_transaction

WEEK = calendars.week_of({day: ["08:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed")})
DAYUAN = calendars.Calendar("Asia/Taipei", WEEK, "TW")
MONDAY = datetime(2026, 6, 8, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _dayuan(app: Flask) -> None:
    def step() -> None:
        calendars.save("dayuan", DAYUAN)
        calendars.assign("site:DAYUAN", "dayuan")

    in_transaction(step)


def test_a_site_keeps_its_calendar() -> None:
    assert calendars.of_scope("site:DAYUAN") == DAYUAN
    assert calendars.named("dayuan") == DAYUAN


@pytest.mark.parametrize("scope", ["site:ELSEWHERE", "*", None])
def test_everyone_else_keeps_office_hours_until_the_company_says_otherwise(
    scope: str | None,
) -> None:
    assert calendars.of_scope(scope) == calendars.DEFAULT

    in_transaction(lambda: calendars.save(calendars.DEFAULT_CODE, DAYUAN))

    assert calendars.of_scope(scope) == DAYUAN


def test_a_closed_day_counts_at_once_and_can_be_taken_back() -> None:
    assert _worked_on_monday() == timedelta(hours=8)

    in_transaction(lambda: calendars.close_on("dayuan", date(2026, 6, 8), reason="Typhoon"))
    assert _worked_on_monday() == timedelta()

    in_transaction(lambda: calendars.usual_on("dayuan", date(2026, 6, 8)))
    assert _worked_on_monday() == timedelta(hours=8)


def test_a_day_may_have_hours_of_its_own() -> None:
    in_transaction(
        lambda: calendars.open_on("dayuan", date(2026, 6, 8), ["08:00-09:30"], reason="Stocktaking")
    )

    assert _worked_on_monday() == timedelta(hours=1, minutes=30)


def test_the_step_that_changes_a_calendar_sees_it() -> None:
    def step() -> timedelta:
        assert _worked_on_monday() == timedelta(hours=8)
        calendars.close_on("dayuan", date(2026, 6, 8), reason="Typhoon")
        return _worked_on_monday()

    assert in_transaction(step) == timedelta()


def test_what_a_failed_step_saw_is_not_what_the_next_one_reads() -> None:
    def failing() -> None:
        calendars.close_on("dayuan", date(2026, 6, 8), reason="Typhoon")
        assert _worked_on_monday() == timedelta()
        raise KeyError

    with pytest.raises(KeyError):
        in_transaction(failing)
    in_transaction(lambda: calendars.close_on("dayuan", date(2026, 6, 9), reason="Typhoon"))

    assert _worked_on_monday() == timedelta(hours=8)


def test_a_calendar_nobody_made_cannot_be_kept() -> None:
    with pytest.raises(calendars.NoSuchCalendar, match="nights"):
        in_transaction(lambda: calendars.assign("site:DAYUAN", "nights"))


def test_a_known_calendar_costs_one_statement_per_transaction(app: Flask) -> None:
    calendars.of_scope("site:DAYUAN")
    statements: list[str] = []
    event.listen(
        db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2])
    )

    in_transaction(lambda: [calendars.of_scope("site:DAYUAN") for _ in range(20)])

    assert len([line for line in statements if line.startswith("SELECT")]) == 1


def _worked_on_monday() -> timedelta:
    day = timedelta(hours=22)
    return calendars.of_scope("site:DAYUAN").between(MONDAY - day / 2, MONDAY + day / 2)
