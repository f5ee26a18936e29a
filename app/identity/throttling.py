"""How long someone who guesses passwords has to wait."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Row, String, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel import clock
from app.kernel.db import Instant, Model, db
from app.kernel.errors import N_, Refusal

FORGET_AFTER = timedelta(hours=1)


class SignInFailure(Model):
    """How often a sign-in failed lately; keys are hashes, since people type passwords as names."""

    __tablename__ = "sign_in_failure"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant, index=True)


class TooManyTries(Refusal):
    """Guessing is slowed down; those already signed in are not disturbed."""

    code = "too_many_tries"
    message = N_("Too many tries. Wait {wait_seconds} seconds, then try again.")
    status = 429


@dataclass(frozen=True)
class Limit:
    """So many tries are free; then the wait doubles with each, up to the longest."""

    free: int
    first: timedelta
    longest: timedelta

    def wait(self, failures: int) -> timedelta:
        """How long after the last of `failures` the next try may come."""
        if failures < self.free:
            return timedelta()
        doublings: int = 1 << min(failures - self.free, 20)
        return min(self.first * doublings, self.longest)


# A stranger at one address locks out only that address, hardly the account itself.
PAIR = Limit(5, timedelta(seconds=15), timedelta(minutes=15))
ACCOUNT = Limit(30, timedelta(seconds=5), timedelta(minutes=1))
ADDRESS = Limit(60, timedelta(seconds=15), timedelta(minutes=15))


def keys(username: str, address: str) -> dict[str, Limit]:
    """What a try counts against."""
    return {
        _key("pair", username, address): PAIR,
        _key("account", username): ACCOUNT,
        _key("address", address): ADDRESS,
    }


def count_try(limits: Mapping[str, Limit]) -> timedelta:
    """Count a try as failed before it is checked, so that guesses in parallel count too.

    Returns how long to wait instead, and then counts nothing.
    """
    now = clock.now()
    waits = [
        last_at + limits[key].wait(failures) - now for key, failures, last_at in _known(limits, now)
    ]
    longest = max(waits, default=timedelta())
    if longest > timedelta():
        return longest
    for key in sorted(limits):
        _add_one(key, now)
    return timedelta()


def succeeded(limits: Mapping[str, Limit]) -> None:
    """Take the counted try back; the account at this address starts afresh."""
    pair, *others = limits
    db.session.execute(delete(SignInFailure).filter_by(key=pair))
    counted = update(SignInFailure).where(SignInFailure.key.in_(others), SignInFailure.failures > 0)
    db.session.execute(counted.values(failures=SignInFailure.failures - 1))


def sweep() -> int:
    """Delete what is forgotten anyway; returns how many rows."""
    old = delete(SignInFailure).where(SignInFailure.last_at < clock.now() - FORGET_AFTER)
    result = db.session.execute(old)
    return result.rowcount if isinstance(result, CursorResult) else 0


def _known(limits: Mapping[str, Limit], now: datetime) -> Sequence[Row[str, int, datetime]]:
    failed = SignInFailure
    query = (
        select(failed.key, failed.failures, failed.last_at)
        .where(failed.key.in_(limits), failed.last_at > now - FORGET_AFTER)
        .order_by(failed.key)
    )
    return db.session.execute(query.with_for_update()).all()


def _add_one(key: str, now: datetime) -> None:
    insert = (postgresql if db.engine.dialect.name == "postgresql" else sqlite).insert
    row = insert(SignInFailure).values(key=key, failures=1, last_at=now)
    again = case((SignInFailure.last_at > now - FORGET_AFTER, SignInFailure.failures + 1), else_=1)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["key"], set_={"failures": again, "last_at": now})
    )


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
