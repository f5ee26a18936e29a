"""Calling for plans: once a working day, as soon as the company opens."""

from app.domain.planning import demand
from app.domain.planning.snapshot import EVERYWHERE
from app.identity import memberships
from app.identity.people import Person
from app.kernel import calendars, clock, outbox
from app.kernel.errors import N_, NotAllowed

MESSAGE = "plan_due"
PLANNERS = frozenset({"planner", "buyer", "purchasing_manager"})
_LONGEST = 60


class NotYourPlan(NotAllowed):
    """Plans are made by those who buy."""

    code = "not_your_plan"
    message = N_("Plans are made by planners and buyers, for the sites they work for. Ask one.")


def call_for_the_day() -> bool:
    """Call for the plan of a working day, if it is open and nobody did; whether we did.

    Who told us of no demand has nothing to plan from, and is spared an empty case a day.
    """
    now, calendar = clock.now(), calendars.of_scope(None)
    if not calendar.is_open(now) or not demand.is_known():
        return False
    day = calendar.today(now).isoformat()
    return call(EVERYWHERE, correlation=day, key=f"{MESSAGE}:{day}")


def call_by_hand(scope: str, *, by: Person, token: str) -> bool:
    """Call for a plan on behalf of a person; the same token of theirs calls once.

    Raises:
        NotYourPlan: planning there is not theirs.
    """
    held = memberships.of(by.id)
    if not any(role in PLANNERS and memberships.covers(at, scope) for role, at in held):
        raise NotYourPlan
    key = f"{MESSAGE}:{by.username}:{token[:_LONGEST]}"
    return call(scope, correlation=scope, key=key, asked_by=by.username)


def call(scope: str, *, correlation: str, key: str, asked_by: str | None = None) -> bool:
    """Say that a plan is due (message `plan_due`); False when `key` was said before."""
    payload = {"scope": scope, "asked_by": asked_by}
    return outbox.announce(MESSAGE, correlation, payload, key=key)
