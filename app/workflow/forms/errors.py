"""What forms say no with: findings at publish, complaints about answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from app.kernel.errors import N_, Refusal


@dataclass(frozen=True)
class Finding:
    """One reason why a form cannot be published: where, what, and what to do."""

    element: str
    message: str
    hint: str = ""


class FormRefused(Refusal):
    """The form uses something that is not offered."""

    code = "form_refused"
    message = N_("This form cannot be used: {first}")
    status = 422

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        super().__init__(first=f"{findings[0].element}: {findings[0].message}")


class Complaint(str):
    """A sentence about one answer; `message` and `facts` let a page say it in another language."""

    __slots__ = ("facts", "message")

    message: str
    facts: Mapping[str, object]

    def __new__(cls, message: str, **facts: object) -> Self:
        complaint = super().__new__(cls, message.format(**facts))
        complaint.message = message
        complaint.facts = facts
        return complaint

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.message,), dict(self.facts)


class InvalidAnswers(Refusal):
    """Some answers need another look; all of them are kept as they were given."""

    code = "invalid_answers"
    message = N_("Answers to look at again: {count}. Nothing is lost; nothing was booked yet.")
    status = 422

    def __init__(self, errors: Mapping[str, Complaint], answers: Mapping[str, object]) -> None:
        self.errors = dict(errors)
        self.answers = answers
        super().__init__(count=len(self.errors))
