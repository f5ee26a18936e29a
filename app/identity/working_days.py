"""What administrators say about the days and hours a place works; each of it is in the audit."""

from collections.abc import Mapping, Sequence
from datetime import date

from app.identity import audit, memberships
from app.identity.memberships import EVERYWHERE
from app.identity.people import Person
from app.identity.roles import ADMINISTRATOR
from app.kernel import calendars, clock
from app.kernel.calendars import BadHours, Calendar
from app.kernel.errors import N_, NotAllowed, Refusal

LONGEST_REASON = 200


class NotYourHours(NotAllowed):
    """Everybody's due times hang on these hours."""

    code = "not_your_hours"
    message = N_("Only an administrator may change working time.")


class NoReasonForDay(Refusal):
    """Whoever wonders about a day finds out why it was another."""

    code = "no_reason_for_day"
    message = N_("Say in up to {longest} characters why the day is not as usual.")
    status = 422


class DayIsOver(Refusal):
    """What was due on a day that has passed was due then."""

    code = "day_is_over"
    message = N_("{day} has passed. Choose today or a day to come.")
    status = 422


def close_on(code: str, day: date, *, reason: str, by: Person) -> None:
    """Nobody works on that day: what is due counts on from the next.

    Raises:
        NotYourHours, NoSuchCalendar, DayIsOver, NoReasonForDay: it is not to be said so.
    """
    why = _checked(code, day, reason, by)
    calendars.close_on(code, day, reason=why)
    _note("day_closed", code, day, why, by)


def open_on(code: str, day: date, hours: Sequence[str], *, reason: str, by: Person) -> None:
    """That day is worked in these hours, holiday or not.

    Raises:
        NotYourHours, NoSuchCalendar, DayIsOver, NoReasonForDay: it is not to be said so.
        BadHours: they are no hours of a day.
    """
    why = _checked(code, day, reason, by)
    if not hours:
        raise BadHours(hours="")
    calendars.open_on(code, day, hours, reason=why)
    _note("day_opened", code, day, f"{', '.join(hours)} · {why}", by)


def usual_on(code: str, day: date, *, by: Person) -> None:
    """That day is as the week and the holidays have it again.

    Raises:
        NotYourHours, NoSuchCalendar, DayIsOver: it is not to be said so.
    """
    _check(code, day, by)
    calendars.usual_on(code, day)
    _note("day_as_usual", code, day, "", by)


def keep_week(
    code: str, hours: Mapping[str, Sequence[str]], country: str | None, *, by: Person
) -> None:
    """The hours of a usual week, and whose public holidays are kept; days of its own stay.

    Raises:
        NotYourHours, NoSuchCalendar: it is not to be said so.
        BadHours, NoOpenHours, UnknownPlace: nobody could keep that.
    """
    _check_administrator(by)
    before = calendars.named(code)
    subdivision = before.subdivision if country == before.country else None
    week = calendars.week_of(hours)
    calendars.save(code, Calendar(before.time_zone, week, country, subdivision))
    said = "; ".join(f"{day} {', '.join(texts)}" for day, texts in hours.items() if texts)
    details = {"what": code, "reason": f"{said} {country or ''}".strip()}
    audit.record("week_changed", by=by.id, subject=f"calendar:{code}", details=details)


def _checked(code: str, day: date, reason: str, by: Person) -> str:
    """The reason, once the day may be made another."""
    _check(code, day, by)
    found = " ".join(reason.replace("\0", "").split())
    if not 0 < len(found) <= LONGEST_REASON:
        raise NoReasonForDay(longest=LONGEST_REASON)
    return found


def _check(code: str, day: date, by: Person) -> None:
    _check_administrator(by)
    if day < calendars.named(code).today(clock.now()):
        raise DayIsOver(day=day.isoformat())


def _check_administrator(by: Person) -> None:
    if (ADMINISTRATOR, EVERYWHERE) not in memberships.of(by.id):
        raise NotYourHours


def _note(action: str, code: str, day: date, why: str, by: Person) -> None:
    details = {"what": f"{code} {day.isoformat()}", "reason": why}
    audit.record(action, by=by.id, subject=f"calendar:{code}", details=details)
