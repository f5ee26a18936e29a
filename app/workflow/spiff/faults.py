"""What can go wrong while a process runs, apart from a refusal: always an incident."""


class EngineFault(Exception):
    """The engine stopped; nothing of this execution may be saved."""

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
    """A script, condition, decision or timer of the diagram failed; `line` counts from 1."""

    line: int = 0

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
