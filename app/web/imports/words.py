"""What each import unlocks."""

from collections.abc import Iterable

from app.domain.imports.cells import Problem
from app.web.tongue import _
from app.web.words import shown


def unlocks(kind: str) -> str:
    """Why a company would import this."""
    return {
        "products": _("Products and SKUs with their units: everything else names them."),
        "suppliers": _("Who you buy from."),
        "agreements": _("What suppliers agreed to deliver for: orders are priced from it."),
        "locations": _("Warehouses, outlets and their bins: where goods can lie."),
        "opening_stock": _("What lies on the shelves today; a process writes it into the ledger."),
        "purchase_orders": _("What is on order: what deliveries are compared with."),
        "demand": _("What was wanted day by day: purchase plans learn from it."),
        "asns": _("What suppliers announced: each starts receiving at the gate."),
    }.get(kind, "")


def problem_words(problems: Iterable[Problem]) -> list[str]:
    """Each problem of a file as one line that begins with its row."""
    return [
        _("Row %(row)s, %(column)s:", row=problem.row, column=problem.column)
        + " "
        + _(problem.message).format(**{name: shown(v) for name, v in problem.facts.items()})
        for problem in problems
    ]
