"""Effects of these tests: they write to the ledger of effects like any other, and can be broken."""

from sqlalchemy import text

from app.kernel.db import db
from app.kernel.errors import Refusal
from app.workflow.effects import effect

calls: list[str] = []
broken: dict[str, Exception] = {}
returned: dict[str, object] = {}


class NotEnough(Refusal):
    """As a real effect refuses."""

    code = "not_enough"
    message = "Only {left} are left."


class Locked(Exception):
    """Stands for a lock the effect waited for in vain."""


class Deadlock(Exception):
    """Stands for a deadlock that the database finds in the effect, once."""


_DEADLOCK = "DO $$ BEGIN RAISE EXCEPTION 'deadlock' USING ERRCODE = '40P01'; END $$"
_LOCKED = "DO $$ BEGIN RAISE EXCEPTION 'locked' USING ERRCODE = '55P03'; END $$"


def reset() -> None:
    """Whole again, and nothing called yet."""
    calls.clear()
    broken.clear()
    returned.clear()


@effect
def book(sku: str, quantity: int) -> object:
    """Remember what was booked."""
    calls.append(f"{sku}:{quantity}")
    if isinstance(broken.get("book"), Deadlock):
        del broken["book"]
        db.session.execute(text(_DEADLOCK))
    if isinstance(broken.get("book"), Locked):
        db.session.execute(text(_LOCKED))
    if "book" in broken:
        raise broken["book"]
    return returned.get("book", {"booked": quantity})


@effect
def weigh(item: str) -> int:
    """Remember what was weighed."""
    calls.append(item)
    if item in broken:
        raise broken[item]
    return len(item)
