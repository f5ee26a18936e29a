"""What goes wrong in analyst text, told as a line, a cause and what to do."""

from app.kernel.errors import N_, Refusal


class ScriptError(Exception):
    """A script, condition, decision or timer expression that cannot be run, or failed.

    `line` counts from 1 in the text as it was written; 0 when no line is to blame.
    """

    def __init__(self, message: str, *, line: int = 0, hint: str = "", kind: str = "") -> None:
        self.message, self.line, self.hint, self.kind = message, line, hint, kind
        super().__init__(self.sentence)

    @property
    def sentence(self) -> str:
        where = f"line {self.line}: " if self.line else ""
        return f"{where}{self.message}; {self.hint}" if self.hint else f"{where}{self.message}"


class ScriptRefused(ScriptError):
    """The text asks for something that scripts cannot do here; nothing was run."""


class ScriptStopped(ScriptError):
    """The text ran into a limit and was stopped."""


class ScriptsBusy(ScriptError):
    """Every worker this person may occupy is busy; trying again later helps."""


class UnkeepableValue(Refusal):
    """A value that cannot enter process data."""

    code = "unkeepable_value"
    message = N_("{where} cannot be kept with the case.")
    status = 422


class TooManyValues(UnkeepableValue):
    message = N_("{where} holds too many values; the limit is {limit}.")


class TooMuchText(UnkeepableValue):
    message = N_("{where} holds too much text; the limit is {limit} characters.")


class BrokenText(UnkeepableValue):
    message = N_("{where} holds a NUL or a broken Unicode character.")


class NumberTooLarge(UnkeepableValue):
    message = N_("{where} is a number with more than {limit} digits.")


class NotFinite(UnkeepableValue):
    message = N_("{where} is not a finite number.")


class NestedTooDeeply(UnkeepableValue):
    message = N_("{where} is nested too deeply, or contains itself.")


class ReservedName(UnkeepableValue):
    message = N_("{where} holds a field named “{name}”; that name is reserved, use another one.")


class NameIsNotText(UnkeepableValue):
    message = N_("{where} holds the field name {name}; field names are text.")


class UnknownKind(UnkeepableValue):
    message = N_("{where} is a {kind}, which cannot be kept with the case.")
