"""One stored case: its files, the state a release wrote, what comes then and how it must end."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.kernel import clock
from app.kernel.errors import Refusal
from app.workflow.spiff.calls import EffectCall
from app.workflow.spiff.execution import Execution
from app.workflow.spiff.parsing import ParsedProcess, parse

FOLDER = Path(__file__).parent
Move = list[Any]  # what happens, to which element, and with what


class Broken(Refusal):
    """An effect that refuses."""

    code = "broken"


@dataclass
class Stored:
    """`effects` tells what each effect returns; those named in `refusing` refuse."""

    name: str
    key: str
    files: dict[str, str]
    begin: dict[str, Any]
    before: list[Move]
    then: list[Move]
    effects: dict[str, Any] = field(default_factory=dict)
    refusing: list[str] = field(default_factory=list)
    at: str | None = None
    library: str = ""
    state: str = ""
    ends_with: str = ""

    @property
    def process(self) -> ParsedProcess:
        return parse({name: text.encode() for name, text in self.files.items()}, self.key)

    @property
    def kept(self) -> bytes:
        return base64.b64decode(self.state)

    def call(self, call: EffectCall) -> object:
        if call.name in self.refusing:
            raise Broken
        return self.effects[call.name]

    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return {"policy": lambda _name: "PT2H"}

    def due(self, duration: str, *, data: Mapping[str, Any]) -> datetime:  # noqa: ARG002
        return clock.now() + timedelta(hours=int(duration.removeprefix("PT").removesuffix("H")))

    def played(self, state: bytes, moves: list[Move]) -> bytes:
        """The state after these moves, saved and loaded before each, as in life."""
        for move in moves:
            execution = Execution.load(self.process, state, self)
            _do(execution, *move)
            execution.advance()
            state = execution.save()
        return state

    def end_of(self, state: bytes) -> Execution:
        return Execution.load(self.process, state, self)

    def write(self) -> None:
        path = FOLDER / f"{self.name}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", "utf-8")


def every() -> list[Stored]:
    """All that is stored, by name."""
    return [Stored(**json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))]


def _do(execution: Execution, what: str, element: str, given: Any = None) -> None:
    if what == "complete":
        people = execution.waiting_people()
        token = next(one.token for one in people if one.element.id == element)
        execution.complete(token, given or {})
    elif what == "fire":
        timers = execution.waiting_timers()
        execution.fire_timer(next(one.token for one in timers if one.element_id == element))
    elif what == "deliver":
        assert execution.deliver(element, *given)
    else:
        assert what == "go on"
