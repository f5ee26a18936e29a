"""Plays a process in memory; every step is saved and loaded, as it is in life."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from app.kernel import clock
from app.kernel.errors import Refusal
from app.workflow.spiff.execution import EffectCall, Execution, SentMessage
from app.workflow.spiff.parsing import ParsedProcess, parse

Effect = Callable[..., object]


class NoStock(Refusal):
    """There is nothing left."""

    code = "no_stock"


class World:
    """A host whose hours are all working hours."""

    def __init__(self, effects: Mapping[str, Effect] | None = None) -> None:
        self.effects = effects or {}
        self.calls: list[EffectCall] = []

    def call(self, call: EffectCall) -> object:
        self.calls.append(call)
        return self.effects[call.name](**call.arguments)

    def functions(self) -> dict[str, Callable[..., Any]]:
        return {"policy": {"patience": "PT2H"}.__getitem__}

    def due(self, duration: str, *, data: Mapping[str, Any]) -> datetime:  # noqa: ARG002
        return clock.now() + timedelta(hours=int(duration.removeprefix("PT").removesuffix("H")))


class Play:
    """A case and its world."""

    def __init__(
        self,
        *files: bytes,
        data: dict[str, Any] | None = None,
        at: str | None = None,
        effects: Mapping[str, Effect] | None = None,
        decisions: Mapping[str, bytes] | None = None,
    ) -> None:
        named = {f"{number}.bpmn": file for number, file in enumerate(files)}
        self.process: ParsedProcess = parse({**named, **(decisions or {})})
        self.world = World(effects)
        self.sent: list[SentMessage] = []
        self.passed: list[str] = []
        self.execution = Execution.start(self.process, at=at, data=data or {}, host=self.world)
        self.go_on()

    def go_on(self, *halt_before: str) -> None:
        self.execution.advance(frozenset(halt_before))
        self.sent += self.execution.sent
        self.passed += [passed.element_id for passed in self.execution.passed]
        self.state = self.execution.save()
        self.load()

    def load(self) -> None:
        self.execution = Execution.load(self.process, self.state, self.world)

    def complete(self, element_id: str, **answers: Any) -> None:
        self.execution.complete(self.token(element_id), answers)
        self.go_on()

    def fire(self, element_id: str) -> None:
        timers = self.execution.waiting_timers()
        self.execution.fire_timer(next(t.token for t in timers if t.element_id == element_id))
        self.go_on()

    def deliver(self, name: str, correlation: str, payload: Any = None) -> bool:
        taken = self.execution.deliver(name, correlation, payload or {})
        self.go_on()
        return taken

    def token(self, element_id: str) -> str:
        people = self.execution.waiting_people()
        return next(t.token for t in people if t.element.id == element_id)

    @property
    def open(self) -> list[str]:
        return [task.element.id for task in self.execution.waiting_people()]

    @property
    def timers(self) -> list[str]:
        return [timer.element_id for timer in self.execution.waiting_timers()]

    @property
    def messages(self) -> list[str]:
        return [message.element_id for message in self.execution.waiting_messages()]

    @property
    def data(self) -> dict[str, Any]:
        return self.execution.data

    @property
    def is_finished(self) -> bool:
        return self.execution.is_finished
