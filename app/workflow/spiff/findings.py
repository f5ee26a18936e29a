"""What is wrong with a diagram or a decision, element by element."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.kernel.errors import N_, Refusal


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to mend: where, what, and how."""

    element: str
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        where = f"{self.element}: " if self.element else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")


class ParseRefused(Refusal):
    """The files cannot become a running process; `findings` say why, by element."""

    code = "process_refused"
    message = N_("The process cannot be used: {reasons}")
    status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(reasons="; ".join(str(finding) for finding in self.findings[:20]))


class NotExecutable(ParseRefused):
    """There is no process in the files that is meant to be run."""

    code = "not_executable"
