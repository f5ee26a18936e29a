"""What plans say in words: why they were made, why a line is there, what became of it."""

from decimal import Decimal

from app.domain.planning.plans import AGAIN, HAND, REASONS, PlanLine, PlanRun
from app.web.tongue import _
from app.web.words import name_of, quantity


def cause(run: PlanRun) -> str:
    """Why a plan was made."""
    if run.cause == HAND:
        return _("asked for by %(name)s", name=name_of(run.person_id))
    if run.cause == AGAIN:
        return _("goods of %(document)s wanted again", document=run.document)
    return _("plan of the day")


def reason(line: PlanLine) -> str:
    """Why a line is there."""
    facts = {
        "position": number(line.position),
        "reorder_point": number(line.reorder_point),
        "asked": number(line.asked),
        "unit": line.sku.unit,
        "document": line.run.document,
    }
    return _(REASONS[line.reason]).format(**facts)


def source(line: PlanLine) -> str:
    """Where the terms are from."""
    name = line.supplier.name if line.supplier else ""
    return {
        "agreement": _("from the agreement with %(name)s", name=name),
        "last_order": _("usual terms; %(name)s delivered last", name=name),
        "defaults": _("usual terms; no supplier is known"),
    }[line.source]


def outcome(line: PlanLine) -> str:
    """What became of a line."""
    if line.decision is None:
        return _("not decided")
    return {
        "ordered": _("ordered"),
        "left_out": _("left out"),
        "lapsed": _("lapsed"),
    }[line.decision.outcome]


def number(value: Decimal | float) -> str:
    """A figure to two decimal places, without noughts at its end."""
    return quantity(Decimal(f"{value:.2f}").normalize() + 0)
