"""The page where an administrator says when places work."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.kernel import calendars, clock
from app.kernel.calendars import Calendar
from app.kernel.db import db, in_transaction
from tests.pages.visitor import Visitor

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)
WEEK = calendars.week_of({day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")})


@pytest.fixture(autouse=True)
def _monday_in_taipei(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.kernel.clock._ahead_by", MONDAY - datetime.now(UTC))
    in_transaction(lambda: calendars.save("default", Calendar("Asia/Taipei", WEEK, "TW")))
    in_transaction(lambda: calendars.save("night", Calendar("Asia/Taipei", WEEK)))
    in_transaction(lambda: calendars.assign("site:MAIN", "night"))


def test_a_typhoon_closes_a_day_and_due_times_count_on_from_the_next(olga: Visitor) -> None:
    assert _due_in_a_day() == "2026-06-02"

    page = olga.post("/calendars/default/days", day="2026-06-02", reason="Typhoon")

    assert page.address == "/calendars"
    assert "Closed all day." in page.text
    assert '<span class="state-tag warn">closed all day</span>' in page.source
    assert "Typhoon" in page.text
    assert _due_in_a_day() == "2026-06-03"
    assert "default 2026-06-02 · Typhoon" in olga.get("/people/audit").text


def test_a_saturday_is_worked_in_hours_of_its_own_and_is_as_usual_again(olga: Visitor) -> None:
    page = olga.post(
        "/calendars/night/days",
        hours="09:00-12:00",
        day="2026-06-06",
        reason="Stocktaking",
    )
    assert "09:00-12:00" in page.text
    assert _worked("site:MAIN") == timedelta(hours=43)

    page = olga.post("/calendars/night/days/removal", day="2026-06-06")
    assert "Stocktaking" not in page.text
    assert _worked("site:MAIN") == timedelta(hours=40)


def test_the_week_and_its_holidays_are_changed_and_days_of_its_own_stay(olga: Visitor) -> None:
    olga.post("/calendars/default/days", day="2026-06-02", reason="Typhoon")

    page = olga.post(
        "/calendars/default/week", mon="08:00-12:00, 13:00-17:00", tue="08:00-12:00", country="cn"
    )

    kept = calendars.named("default")
    assert calendars.week_texts(kept)[:3] == ["08:00-12:00, 13:00-17:00", "08:00-12:00", ""]
    assert (kept.country, kept.time_zone) == ("CN", "Asia/Taipei")
    assert "Typhoon" in page.text


def test_public_holidays_ahead_are_told(olga: Visitor) -> None:
    text = olga.get("/calendars").text

    assert "Public holidays of TW" in text
    assert "Jun 19, 2026" in text  # the dragon boats


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-06-02", "reason": " "}, "why the day is not as usual"),
        ({"day": "2026-05-29", "reason": "Typhoon"}, "has passed"),
        ({"day": "", "reason": "Typhoon"}, "Choose a day"),
        ({"day": "2026-06-06", "reason": "x", "hours": "9-12"}, "no opening hours"),
        ({"day": "2026-06-06", "reason": "x", "hours": "12:00-09:00, 8"}, "no opening hours"),
    ],
)
def test_what_is_not_clear_is_refused_beside_what_was_typed(
    olga: Visitor, typed: dict[str, str], said: str
) -> None:
    page = olga.post("/calendars/default/days", typed)

    assert page.status == 422
    assert said in page.text
    assert f'value="{typed["reason"]}"' in page.source
    assert "None from today on." in page.text


def test_hours_nobody_could_keep_are_refused(olga: Visitor) -> None:
    assert olga.post("/calendars/default/week", mon="17:00-09:00x").status == 422
    assert olga.post("/calendars/default/week").status == 422
    assert olga.post("/calendars/default/week", mon="09:00-17:00", country="XX").status == 422
    assert olga.post("/calendars/none/week", mon="09:00-17:00").status == 404


def test_others_do_not_change_working_time(bruno: Visitor) -> None:
    assert bruno.get("/calendars").status == 403
    refused = bruno.post("/calendars/default/days", day="2026-06-02", reason="Sun")
    assert refused.status == 403
    assert _due_in_a_day() == "2026-06-02"


def _due_in_a_day() -> str:
    db.session.rollback()
    calendar = calendars.of_scope("*")
    return calendar.after(clock.now(), "P1D").astimezone(calendar.zone).date().isoformat()


def _worked(scope: str) -> timedelta:
    db.session.rollback()
    week = datetime(2026, 6, 1, tzinfo=UTC) - timedelta(hours=8)
    return calendars.of_scope(scope).between(week, week + timedelta(days=7))
