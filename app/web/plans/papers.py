"""A plan among the papers of a case, and among what the search finds."""

from flask import url_for

from app.domain.numbers import NoSuchDocument
from app.domain.planning import plans, reading
from app.domain.planning.plans import PlanLine, PlanRun
from app.web.documents.papers import Cell, Column, Paper
from app.web.plans import words
from app.web.rooms import is_open, my_sites
from app.web.tongue import _
from app.web.words import shown


def named(number: str) -> list[Paper]:
    """The plan with this number, if the reader may see it."""
    if not is_open("plans"):
        return []
    try:
        run = plans.by_number(number.partition("/")[0])
    except NoSuchDocument:
        return []
    return [_paper(run)] if reading.is_within(run, my_sites("plans")) else []


def _paper(run: PlanRun) -> Paper:
    return Paper(
        kind=_("Plan"),
        number=run.number,
        address=url_for("plans.show", number=run.number),
        status="",
        head=[(_("Why"), words.cause(run)), (_("Made"), shown(run.made_at))],
        columns=[
            Column("sku", _("SKU"), numeric=False),
            Column("name", _("Name"), numeric=False),
            Column("site", _("For"), numeric=False),
            Column("quantity", _("Recommended"), numeric=True),
            Column("unit", _("Unit"), numeric=False),
            Column("decision", _("Decision"), numeric=False),
        ],
        lines=[_line(run, one) for one in reading.lines(run, sites=my_sites("plans"))],
    )


def _line(run: PlanRun, line: PlanLine) -> dict[str, Cell]:
    way = url_for("plans.line", number=run.number, line_no=line.line_no)
    return {
        "sku": {"address": way, "text": line.sku.code},
        "name": line.sku.name,
        "site": line.site.name,
        "quantity": line.quantity,
        "unit": line.sku.unit,
        "decision": words.outcome(line),
    }
