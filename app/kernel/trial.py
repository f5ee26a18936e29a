"""A step that is only tried: what would refuse it is known before anybody asks for it."""

from collections.abc import Callable

from app.kernel.db import in_transaction
from app.kernel.errors import Refusal
from app.kernel.patience import Busy, TookTooLong


def refusal_of(step: Callable[[], object]) -> Refusal | None:
    """What refuses `step`, if anything does; whatever the step did is undone.

    Raises:
        Busy, TookTooLong: the database lost its patience, which says nothing about the step.
    """

    def tried() -> None:
        step()
        raise _UndoneError

    try:
        in_transaction(tried)
    except _UndoneError:
        return None
    except (Busy, TookTooLong):
        raise
    except Refusal as refusal:
        return refusal
    raise AssertionError("unreachable")


class _UndoneError(Exception):
    """Nothing refused the step; it ends all the same."""
