"""Where a background job meets a fault: it is noted and the job goes on."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from app.kernel.errors import Refusal

T = TypeVar("T")
_log = logging.getLogger(__name__)
_LONGEST = 8_000


@dataclass(frozen=True)
class Fault:
    """What went wrong, as a sentence and as the operator reads it.

    Of a refusal its `message` and `facts`, so that it can be read in any language.
    """

    error: Exception
    sentence: str
    trace: str
    refusal: dict[str, Any] | None = None


def fault_of(error: Exception) -> Fault:
    """`error` as it is kept in an incident."""
    sentence = str(error).strip() or type(error).__name__
    trace = "".join(traceback.format_exception(error))
    refusal = _plain(error) if isinstance(error, Refusal) else None
    return Fault(error, sentence[:_LONGEST], trace[-_LONGEST:], refusal)


def contained(job: Callable[[], T]) -> T | Fault:
    """The result of `job`, or the fault it ended in: one bad row never stops the clockwork."""
    try:
        return job()
    except Exception as error:  # noqa: BLE001 - ends a background job safely; the fault is kept
        _log.exception("a background job failed")
        return fault_of(error)


def _plain(refusal: Refusal) -> dict[str, Any]:
    """As JSON holds it: numbers, texts and texts by language stay, all else is written out."""
    facts = {
        name: fact if isinstance(fact, str | int | dict) else str(fact)
        for name, fact in refusal.facts.items()
    }
    return {"message": refusal.message, "facts": facts}
