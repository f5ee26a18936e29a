"""What a person is told when the product says no."""

from typing import ClassVar, Self


def N_(message: str) -> str:  # noqa: N802 - the name gettext tools look for
    """Mark `message` for translation; it is translated where it is shown."""
    return message


class Refusal(Exception):
    """The product understood and says no; nothing was changed.

    `code` is what a BPMN error boundary catches and what the API returns;
    `message` is what a person reads, filled from `facts`;
    `field` is the answer it is about, by its name in forms, when it is about one.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = N_("This cannot be done.")
    status: ClassVar[int] = 409
    field: str = ""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message.format(**facts))

    def at(self, field: str) -> Self:
        """The same, about the answer `field`: where several could be meant."""
        self.field = field
        return self


class NotFound(Refusal):
    """There is no such thing, or it is not this person's to see."""

    code = "not_found"
    message = N_("There is nothing here under that name.")
    status = 404


class NotAllowed(Refusal):
    """The person may see it but may not do this."""

    code = "not_allowed"
    message = N_("Your roles do not allow this.")
    status = 403
