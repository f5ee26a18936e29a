"""What can go wrong while a process runs, apart from a refusal: always an incident."""

from typing import TypeVar

from SpiffWorkflow.exceptions import SpiffWorkflowException

from app.workflow.spiff.sandbox.errors import ScriptError
from app.workflow.spiff.tokens import Token

TEXT_ERRORS = (SpiffWorkflowException, ScriptError)


class EngineFault(Exception):
    """The engine stopped; nothing of this execution may be saved.

    `line` counts from 1 in the script to blame; 0 when no line is.
    """

    line: int = 0

    def __init__(
        self, message: str, *, element_id: str = "", path: str = "", visit: int = 0
    ) -> None:
        self.message = message
        self.element_id = element_id
        self.path = path
        self.visit = visit
        super().__init__(f"{element_id}: {message}" if element_id else message)

    @property
    def key(self) -> str:
        """Names this run of this element within its case, as effect keys do."""
        return f"{self.path}:{self.visit}"


class EffectFailed(EngineFault):
    """An effect broke (it did not refuse); `cause` is what it raised."""

    cause: Exception


class ScriptFailed(EngineFault):
    """A script, condition, decision or timer of the diagram failed."""

    @property
    def element(self) -> str:
        return self.element_id


class Runaway(EngineFault):
    """The step went on for too long: a loop without an end."""


class Stuck(EngineFault):
    """The case has tokens, but nothing can ever move them again."""


class NotWaiting(LookupError):
    """No token of this name waits for what was brought."""


class UnknownState(ValueError):
    """The saved state was not written by this version of the engine."""


Fault = TypeVar("Fault", bound=EngineFault)


def fault_at(token: Token, message: str, kind: type[Fault]) -> Fault:
    """A fault of `kind` that blames the element at which `token` stands."""
    return kind(message, element_id=token.element_id, path=token.path, visit=token.visit)


def script_failed(token: Token, message: str) -> ScriptFailed:
    return fault_at(token, message, ScriptFailed)


def failed_text(token: Token, error: Exception, *, where: str = "") -> ScriptFailed:
    """What the sandbox (or a host function) said about a text of the element."""
    cause = error.__cause__ if isinstance(error, SpiffWorkflowException) else error
    sentence = cause.sentence if isinstance(cause, ScriptError) else str(error)
    fault = script_failed(token, f"{where}{sentence}")
    fault.line = getattr(cause, "line", 0) or getattr(error, "line_number", 0) or 0
    return fault
