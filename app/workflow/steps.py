"""What one step of a case is: why it moves, what it met, when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.kernel.errors import Refusal
from app.workflow.cases import Case
from app.workflow.waiting import Waiting

STARTED, COMPLETED, TIMER, MESSAGE = "started", "completed", "timer", "message"
RETRIED, CANCELLED, WITHDRAWN, INCIDENT = "retried", "cancelled", "withdrawn", "incident"
GIVEN_BACK = "given_back"
FOR = "for"  # in the detail of a completion: in whose place it was done


@dataclass(frozen=True)
class Trigger:
    """Why a case moves: a start, an answer, a timer, a message, a retry.

    `answers` are as they were given; `detail` is what history keeps of it; `retried` names an
    element that is tried again, `restarted` an effect key that an operator wants to happen once
    more.
    """

    kind: str
    element_id: str | None = None
    task_id: int | None = None
    person_id: int | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    detail: dict[str, object] = field(default_factory=dict)
    retried: str | None = None
    restarted: str | None = None

    @property
    def person_waits(self) -> bool:
        """Whether someone reads a refusal; otherwise it becomes an incident."""
        return self.person_id is not None and self.kind in {STARTED, COMPLETED}


@dataclass(frozen=True)
class Failure:
    """An element that could not be finished; the case waits before it."""

    element_id: str
    effect_key: str | None
    error: Exception

    @property
    def kind(self) -> str:
        return "refusal" if isinstance(self.error, Refusal) else "fault"


@dataclass(frozen=True)
class Step:
    """One step of a locked case; `before` is what it waited for until now."""

    case: Case
    trigger: Trigger
    at: datetime
    before: Waiting
    failures: list[Failure] = field(default_factory=list)

    @property
    def edition(self) -> int:
        """The edition of the case after this step."""
        return self.case.edition + 1

    @property
    def halted(self) -> frozenset[str]:
        """The elements the engine stops before: those with an incident, unless tried again."""
        failing = {each.element_id for each in self.failures}
        known = self.before.incidents.keys() - {self.trigger.retried}
        return frozenset(known | failing)
