"""Who and which process step is changing the business right now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One run of one service step of one case.

    `effect_key` is `instance:element path:visit`, unique in the database; ledgers
    keep it, so that every number leads back to its task, person and step. `for_person_id` is
    in whose place the person acts.
    """

    effect_key: str
    instance_id: int
    element_id: str
    person_id: int | None
    for_person_id: int | None = None


_current: ContextVar[Cause | None] = ContextVar("cause", default=None)


class NoCause(RuntimeError):
    """A ledger was written outside a process step; only processes change stock and money."""


def current() -> Cause:
    """The step that is running.

    Raises:
        NoCause: nothing but a process step may change a ledger.
    """
    cause = _current.get()
    if cause is None:
        raise NoCause("ledgers change only inside a process step")
    return cause


@contextmanager
def acting(cause: Cause) -> Iterator[None]:
    """Let `cause` be the reason of what happens inside the block."""
    token = _current.set(cause)
    try:
        yield
    finally:
        _current.reset(token)
