"""One step of one case: load it, bring what happened, let it run to its next stop, save it."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from SpiffWorkflow.util.task import TaskState

from app.workflow.spiff import state as states
from app.workflow.spiff import timing
from app.workflow.spiff.calls import (
    EffectCall,
    Host,
    Passed,
    ReadyTask,
    SentMessage,
    WaitingMessage,
    WaitingTimer,
)
from app.workflow.spiff.cases import Case
from app.workflow.spiff.driving import drive
from app.workflow.spiff.faults import (
    EffectFailed,
    EngineFault,
    NotWaiting,
    Runaway,
    ScriptFailed,
    Stuck,
    UnknownState,
)
from app.workflow.spiff.merging import merged
from app.workflow.spiff.nodes.events import CORRELATION, Catch
from app.workflow.spiff.parsing import ParsedProcess
from app.workflow.spiff.tokens import Token

__all__ = [
    "EffectCall",
    "EffectFailed",
    "EngineFault",
    "Execution",
    "Host",
    "NotWaiting",
    "Passed",
    "ReadyTask",
    "Runaway",
    "ScriptFailed",
    "SentMessage",
    "Stuck",
    "UnknownState",
    "WaitingMessage",
    "WaitingTimer",
]


class Execution:
    """A case in memory. After a fault it is spoilt: throw it away, save nothing.

    `complete`, `fire_timer` and `deliver` only note what happened; `advance` does the work, and
    all faults and refusals come out of it.
    """

    def __init__(self, process: ParsedProcess, case: Case) -> None:
        self._process = process
        self._case = case
        self._spoilt = False

    @classmethod
    def start(
        cls, process: ParsedProcess, *, at: str | None, data: Mapping[str, Any], host: Host
    ) -> Self:
        """A new case at the start event `at` (without one: the plain start).

        `data` is the payload when a message starts the case.

        Raises:
            NotWaiting: the process has no start event `at`.
        """
        case = Case(process.specs[process.key], process.specs, host)
        if at is not None and at not in case.spec.starts:
            raise NotWaiting(at)
        chosen = case.spec.start_event(at)
        variable = chosen.event.variable
        case.begin({variable: data} if variable else data, at=chosen.name)
        return cls(process, case)

    @classmethod
    def load(cls, process: ParsedProcess, state: bytes, host: Host) -> Self:
        return cls(process, states.restore(process, state, host))

    def save(self) -> bytes:
        if self._spoilt:
            raise UnknownState("this execution failed and must not be saved")
        return states.dump(self._case)

    def complete(self, token: str, answers: Mapping[str, Any]) -> None:
        """Somebody did the task; the answers replace data of the same names, at the top level.

        Raises:
            NotWaiting: the task is not open (any more).
        """
        found = self._find(token)
        if found.state != TaskState.READY or not found.task_spec.manual:
            raise NotWaiting(token)
        variable = found.task_spec.element.variable
        found.data = {**found.data, **({variable: dict(answers)} if variable else answers)}
        found.answered = True
        self._case.queue.append(found)

    def fire_timer(self, token: str) -> None:
        """The timer is due.

        Raises:
            NotWaiting: it does not wait (any more).
        """
        found = self._find(token)
        if found.state != TaskState.WAITING or timing.due_of(found) is None:
            raise NotWaiting(token)
        found.task_spec.fire(found)

    def deliver(self, name: str, correlation: str, payload: Any) -> bool:
        """Give a message to the token that has waited longest for it; False if none does."""
        for token in self._waiting():
            event, wanted = token.task_spec.event, token.internal_data.get(CORRELATION, "")
            if (event.kind, event.name, wanted) == ("message", name, correlation):
                token.task_spec.fire(token, payload)
                return True
        return False

    def advance(self, halt_before: frozenset[str] = frozenset()) -> None:
        """Run to the next stop: people, timers, messages, the end.

        Tokens at the elements (or keys, `path:visit`) in `halt_before` stay where they are and
        go on with a later `advance`, also after saving.

        Raises:
            Refusal: an effect refused and no error event catches its code.
            EffectFailed, ScriptFailed, Runaway, Stuck: see `faults`.
        """
        try:
            drive(self._case, halt_before)
        except BaseException:
            self._spoilt = True
            raise

    def waiting_people(self) -> list[ReadyTask]:
        return [
            ReadyTask(str(t.id), t.task_spec.element, t.path, t.visit, t.data)
            for t in self._tokens(TaskState.READY)
            if t.task_spec.manual
        ]

    def ready(self, token: str) -> ReadyTask:
        """The open task of this name.

        Raises:
            NotWaiting: it is not open (any more).
        """
        found = self._find(token)
        if found.state != TaskState.READY or not found.task_spec.manual:
            raise NotWaiting(token)
        element = found.task_spec.element
        return ReadyTask(str(found.id), element, found.path, found.visit, found.data)

    def waiting_timers(self) -> list[WaitingTimer]:
        return [
            WaitingTimer(str(token.id), token.element_id, due)
            for token in self._waiting()
            if (due := timing.due_of(token)) is not None
        ]

    def waiting_messages(self) -> list[WaitingMessage]:
        return [
            WaitingMessage(
                str(token.id),
                token.element_id,
                token.task_spec.event.name,
                token.internal_data.get(CORRELATION, ""),
            )
            for token in self._waiting()
            if token.task_spec.event.kind == "message"
        ]

    @property
    def sent(self) -> list[SentMessage]:
        """Messages thrown since the case was loaded."""
        return self._case.sent

    @property
    def passed(self) -> list[Passed]:
        """Elements completed since the case was loaded, in order."""
        return self._case.passed

    @property
    def is_finished(self) -> bool:
        return bool(self._case.completed)

    @property
    def data(self) -> dict[str, Any]:
        """The data of the case: at its end the final data, until then what all branches know."""
        if self._case.completed:
            return self._case.data
        live = [token for token in self._case.live() if not token.triggered]
        return merged(self._case.task_tree.data, *(token.data for token in live))

    def _find(self, token: str) -> Token:
        found = self._case.find(int(token)) if token.isdecimal() else None
        if found is None:
            raise NotWaiting(token)
        return found

    def _tokens(self, state: int) -> Iterator[Token]:
        for part in self._case.parts():
            if not part.completed:
                yield from (t for t in part.tasks.values() if t._state == state)

    def _waiting(self) -> Iterator[Token]:
        return (t for t in self._tokens(TaskState.WAITING) if isinstance(t.task_spec, Catch))
