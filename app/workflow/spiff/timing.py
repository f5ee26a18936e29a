"""When a timer of a diagram is due: decided once, when it begins to wait."""

import re
from datetime import UTC, datetime

from app.kernel import clock
from app.workflow.spiff.faults import script_failed
from app.workflow.spiff.outline import Event
from app.workflow.spiff.tokens import Token

MAX_REPEATS = 50
DUE = "due"
LATER = "later"

_PART = r"(?:\d{1,6}%s)?"
_DURATION = re.compile(
    "P(?=.*\\d)"
    + "".join(_PART % d for d in "YMWD")
    + "(?:T(?=\\d)"
    + _PART % "H"
    + _PART % "M"
    + _PART % "S"
    + ")?"
)
_CYCLE = re.compile(r"R(\d{0,6})/(P.+)")


def arm(token: Token, event: Event) -> None:
    """Note on `token` the instant (or instants) at which its timer fires."""
    text = token.workflow.script_engine.evaluate(token, event.expression)
    if not isinstance(text, str):
        raise script_failed(token, f'a timer needs a text such as "PT2H", not {text!r}')
    dues = _dues(token, event.timer, text.strip())
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
        return f"{text!r} is not a duration such as PT2H or P1D"
    if not re.search(r"[1-9]", text):
        return f"{text!r} is no time at all"
    return None


def _dues(token: Token, timer: str, text: str) -> list[datetime]:
    if timer == "timeDate":
        return [_instant(token, text)]
    if timer == "timeDuration":
        return [_after(token, text, 1)]
    found = _CYCLE.fullmatch(text)
    repeats = int(found[1] or 0) if found else 0
    if found is None or not 0 < repeats <= MAX_REPEATS:
        raise script_failed(
            token, f"{text!r} is not a repetition such as R3/PT4H (1 to {MAX_REPEATS} times)"
        )
    return [_after(token, found[2], times) for times in range(1, repeats + 1)]


def _instant(token: Token, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise script_failed(
            token, f"{text!r} is not an instant such as 2026-03-01T09:00:00+08:00"
        ) from None
    if instant.tzinfo is None:
        raise script_failed(token, f"{text!r} has no offset; write 2026-03-01T09:00:00+08:00")
    return instant.astimezone(UTC)


def _after(token: Token, duration: str, times: int) -> datetime:
    problem = duration_problem(duration)
    if problem:
        raise script_failed(token, problem)
    multiple = re.sub(r"\d+", lambda number: str(int(number[0]) * times), duration)
    return token.workflow.top_workflow.host.due(multiple, data=token.data)
