"""What is usual is measured: the median working time of what people finished lately."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.workflow import usual_times
from app.workflow.usual_times import FinishedTask
from tests.diagrams import bpmn, user
from tests.workflow.play import Case, deploy

COUNTING = bpmn(
    "counting",
    user("count"),
    flows="begin -> count -> done",
    lanes={"Warehouse keeper": "begin count"},
)
MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _deployed(app: object) -> None:
    deploy(COUNTING, "counting")


def test_the_usual_time_is_the_median_of_working_time(bruno: Person) -> None:
    for hours in (1, 2, 3, 4, 24):
        _counted_after(timedelta(hours=hours), by=bruno)

    assert _usual_minutes() == 180


def test_a_night_is_no_working_time(bruno: Person) -> None:
    for _ in range(5):
        _counted_after(timedelta(days=1, hours=1), by=bruno)

    assert _usual_minutes() == 9 * 60


def test_of_fewer_than_five_nothing_is_said(bruno: Person) -> None:
    for _ in range(4):
        _counted_after(timedelta(hours=1), by=bruno)

    assert _usual_minutes() is None


def test_after_ninety_days_they_do_not_count_and_then_are_dropped(bruno: Person) -> None:
    for _ in range(5):
        _counted_after(timedelta(hours=1), by=bruno)

    with clock.turned_to(MONDAY + timedelta(days=91)):
        forgotten = usual_times.usual("counting", "count")
        dropped = in_transaction(usual_times.forget_old)

    assert forgotten is None
    assert dropped == 5
    assert db.session.scalar(select(func.count()).select_from(FinishedTask)) == 0


def _counted_after(wait: timedelta, *, by: Person) -> None:
    with clock.turned_to(MONDAY):
        case = Case.start("counting")
    with clock.turned_to(MONDAY + wait):
        case.complete("count", by=by)


def _usual_minutes() -> int | None:
    with clock.turned_to(MONDAY + timedelta(days=2)):
        found = usual_times.usual("counting", "count")
    return round(found / timedelta(minutes=1)) if found else None
