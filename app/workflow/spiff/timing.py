"""When a timer of a diagram is due: decided once, when it begins to wait."""

import re
from datetime import UTC, datetime

from app.kernel import clock
from app.workflow.spiff.faults import script_failed
from app.workflow.spiff.outline import Event
from app.workflow.spiff.tokens import Token

MAX_REPEATS = 50
MAX_DAYS = 3_660
DUE = "due"
LATER = "later"

# What calendars count (kernel.calendars.durations), so that nothing is refused when it runs.
_DURATION = re.compile(
    r"P(?=[0-9T])(?:[0-9]{1,4}W)?(?:[0-9]{1,5}D)?"
    r"(?:T(?=[0-9])(?:[0-9]{1,6}H)?(?:[0-9]{1,7}M)?(?:[0-9]{1,9}S)?)?"
)
_DAYS = {"W": 7, "D": 1, "TH": 1 / 24, "TM": 1 / 1_440, "TS": 1 / 86_400}
_CYCLE = re.compile(r"R(\d{0,6})/(P.+)")


def arm(token: Token, event: Event) -> None:
    """Note on `token` the instant (or instants) at which its timer fires."""
    text = token.workflow.script_engine.evaluate(token, event.expression)
    problem = problem_of(event.timer, text)
    if problem is not None:
        raise script_failed(token, problem)
    try:
        dues = _dues(token, event.timer, text.strip())
    except (ValueError, OverflowError) as error:
        raise script_failed(token, f"the timer {text!r} cannot be reckoned: {error}") from error
    token.internal_data[DUE] = dues[0].isoformat()
    if dues[1:]:
        token.internal_data[LATER] = [due.isoformat() for due in dues[1:]]


def due_of(token: Token) -> datetime | None:
    """When the waiting `token` is due; None if it waits for no timer."""
    text = token.internal_data.get(DUE)
    return None if text is None else datetime.fromisoformat(text)


def pass_dues(token: Token) -> int:
    """How many instants of a repeated timer have passed; the first later one becomes its due.

    The level depends on the clock alone: a tick that was missed is not made up for.
    """
    known = [token.internal_data[DUE], *token.internal_data.get(LATER, [])]
    passed = int(token.internal_data.get("level", 0))
    now = clock.now()
    level = max(1, sum(datetime.fromisoformat(due) <= now for due in known))
    token.internal_data["level"] = passed + level
    if known[level:]:
        token.internal_data[DUE] = known[level]
        token.internal_data[LATER] = known[level + 1 :]
    else:
        token.internal_data.pop(DUE)
    return passed + level


def duration_problem(text: str) -> str | None:
    """Why `text` is no positive ISO duration; None when it is one."""
    if not _DURATION.fullmatch(text):
        return f"{text!r} is not a duration such as PT2H or P1D (months differ: write weeks)"
    days = _rough_days(text)
    if not days:
        return f"{text!r} is no time at all"
    return f"{text!r} is longer than {MAX_DAYS} days" if days > MAX_DAYS else None


def problem_of(kind: str, value: object) -> str | None:
    """Why a fixed `value` is nothing for a timer of this kind; None when it is fine."""
    if not isinstance(value, str):
        return f"it needs a text, not {value!r}"
    if kind == "timeDate":
        return _instant_problem(value.strip())
    if kind == "timeDuration":
        return duration_problem(value.strip())
    found = _CYCLE.fullmatch(value.strip())
    if found is None or not 0 < int(found[1] or 0) <= MAX_REPEATS:
        return f"{value!r} is not a repetition such as R3/PT4H (1 to {MAX_REPEATS} times)"
    return duration_problem(found[2])


def _rough_days(duration: str) -> float:
    date, _, clock_time = duration.partition("T")
    parts = re.findall(r"(\d+)(\D)", date) + [
        (n, f"T{unit}") for n, unit in re.findall(r"(\d+)(\D)", clock_time)
    ]
    return sum(int(number) * _DAYS[unit] for number, unit in parts)


def _dues(token: Token, timer: str, text: str) -> list[datetime]:
    if timer == "timeDate":
        return [datetime.fromisoformat(text).astimezone(UTC)]
    if timer == "timeDuration":
        return [_after(token, text, 1)]
    times, _, duration = text.removeprefix("R").partition("/")
    return [_after(token, duration, number) for number in range(1, int(times) + 1)]


def _instant_problem(text: str) -> str | None:
    try:
        instant = datetime.fromisoformat(text)
        instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return f"{text!r} is not an instant such as 2026-03-01T09:00:00+08:00"
    if instant.tzinfo is None:
        return f"{text!r} has no offset; write 2026-03-01T09:00:00+08:00"
    return None


def _after(token: Token, duration: str, times: int) -> datetime:
    multiple = re.sub(r"\d+", lambda number: str(int(number[0]) * times), duration)
    return token.workflow.top_workflow.host.due(multiple, data=token.data)
