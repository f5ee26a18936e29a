"""Importing how careful quality control is with each category of goods."""

from decimal import Decimal
from functools import partial

from sqlalchemy import select

from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Column, Kind, Plan, Start, different
from app.domain.imports.table import Row
from app.domain.supply.criteria import RISKS, USUALLY_GOOD, QualityClass
from app.kernel.db import db
from app.kernel.errors import N_

_MOST = Decimal("99.99")


def understand(rows: list[Row], report: Report, _by: str) -> Plan:
    """One row per category."""
    plan = Plan()
    known = {each.category: each for each in db.session.scalars(select(QualityClass))}
    seen: set[str] = set()
    for row in rows:
        cells = Cells(row, report)
        category, facts = cells.text("category", required=True, longest=100), _facts(cells)
        if category in seen:
            report.add(row, "category", N_("{code} is there twice."), code=category)
        seen.add(category)
        if category not in known:
            plan.add(partial(_write, category, facts))
            continue
        ours = known[category]
        pairs = {name: (getattr(ours, name), value) for name, value in facts.items()}
        if not different(report, row, category, pairs):
            plan.knows([row])
    return plan


def _facts(cells: Cells) -> dict[str, object]:
    percent = cells.quantity("usual_good_percent", required=False) or USUALLY_GOOD * 100
    if percent > _MOST:
        message = N_("Write how many percent are usually good, at most {most}.")
        cells.report.add(cells.row, "usual_good_percent", message, most=_MOST)
    return {
        "risk": cells.choice("risk", RISKS, default="normal"),
        "usual_good": (percent / 100).quantize(Decimal("0.000001")).normalize(),
        "is_perishable": cells.yes("perishable"),
    }


def _write(category: str, facts: dict[str, object]) -> Start | None:
    db.session.add(QualityClass(category=category, **facts))
    return None


KIND = Kind(
    "quality_classes",
    N_("Risk of categories"),
    (
        Column("category", "Filters", required=True),
        Column("risk", "high"),
        Column("usual_good_percent", "96"),
        Column("perishable", "no"),
    ),
    understand,
)
