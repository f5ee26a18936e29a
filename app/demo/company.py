"""What the practice company has before its story begins: hours, goods, places, orders, stock."""

import re
from datetime import date, timedelta
from importlib import resources

from app.demo import people
from app.demo.acting import TAIPEI
from app.domain.imports import importing
from app.identity import people as staff
from app.kernel import calendars, clock, policy
from app.kernel.calendars import Calendar
from app.kernel.calendars.hours import WEEKDAYS
from app.kernel.db import in_transaction
from app.workflow import instances

BUYER, MANAGER, QUALITY = "lin", "admin", "huang"
LIMITS = {"without_approval": 200_000, "by_manager": 2_000_000}
_DAY = re.compile(r"\{(-?\d+)\}")


def found() -> None:
    """Make the company and fill its shelves."""
    in_transaction(people.engage)
    in_transaction(_keep_hours)
    in_transaction(_set_limits)
    for kind in ("products", "suppliers", "agreements", "locations"):
        load(kind, by=BUYER)
    for kind in ("quality_classes", "criteria", "defects"):
        load(kind, by=QUALITY)
    load("opening_stock", by=MANAGER)


def load(kind: str, *, by: str, rows: str = "") -> None:
    """Import the shipped file of a kind (only its header and the lines that start with `rows`)."""
    text = resources.files("app.demo").joinpath(f"data/{kind}.csv").read_text(encoding="utf-8")
    head, *lines = text.splitlines()
    bring(kind, "\n".join([head, *(line for line in lines if line.startswith(rows))]), by=by)


def bring(kind: str, text: str, *, by: str) -> None:
    """Import a file of a kind."""
    raw = _DAY.sub(_day, text).encode()
    in_transaction(lambda: _load(kind, raw, by))


def _set_limits() -> None:
    """What may be bought without asking anybody, and what with the manager's word alone."""
    by = staff.named(MANAGER).id
    for name, amount in LIMITS.items():
        policy.set_value(f"order_approval.{name}", amount, by=by, reason="Board, 2 January")


def _load(kind: str, raw: bytes, by: str) -> None:
    start = importing.load(kind, raw, by=by).start
    if start is not None:
        instances.start(start.process, dict(start.data), by=staff.named(by).id)


def _day(found: re.Match[str]) -> str:
    """`{-3}` is three days ago, in Taipei."""
    today: date = clock.now().astimezone(TAIPEI).date()
    return (today + timedelta(days=int(found[1]))).isoformat()


def _keep_hours() -> None:
    week = calendars.week_of
    always = Calendar("Asia/Taipei", week({day: ["00:00-24:00"] for day in WEEKDAYS}))
    outlets = Calendar("Asia/Taipei", week({day: ["09:00-21:00"] for day in WEEKDAYS}), "TW")
    calendars.save("three-shifts", always)
    calendars.save("outlet-hours", outlets)
    calendars.save("default", always)
