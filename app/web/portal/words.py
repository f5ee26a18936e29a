"""What the steps of an order and the states of its papers are called for a supplier."""

from app.domain.finance.company import as_shown
from app.kernel.money import Money
from app.web.cases import naming
from app.web.tongue import _
from app.web.words import quantity
from app.workflow.records import Task


def step_words(step: str) -> str:
    """One bead."""
    return {
        "confirmed": _("Confirmed"),
        "shipped": _("Shipped"),
        "counted": _("Counted"),
        "accepted": _("Accepted"),
        "payable": _("Payable"),
    }[step]


def state_words(state: str) -> str:
    """How far a bead is, for who does not see its colour."""
    return {"done": _("all of it"), "part": _("part of it"), "ahead": _("not yet")}[state]


def task_words(task: Task) -> str:
    """What waits for them."""
    return naming.element_title(task.definition_id, task.element_id)


def amount(minor: int, currency: str) -> str:
    """An amount with its currency."""
    return f"{quantity(as_shown(Money(minor, currency)))} {currency}"


def notice_words(status: str) -> str:
    """Where a notice stands."""
    return {
        "announced": _("on its way"),
        "arrived": _("at our gate"),
        "counted": _("counted"),
    }.get(status, status)


def bill_words(status: str) -> str:
    """Where a bill stands."""
    return {
        "recorded": _("being checked"),
        "disputed": _("being discussed"),
        "accepted": _("payable"),
    }.get(status, status)


def return_words(status: str) -> str:
    """Where a return stands."""
    return {"open": _("being agreed on"), "shipped": _("on its way to you")}.get(status, status)


def label_words(kind: str) -> str:
    """What a label is stuck on."""
    return {"unit": _("units"), "carton": _("cartons")}.get(kind, kind)
