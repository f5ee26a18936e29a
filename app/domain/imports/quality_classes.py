"""Importing how careful quality control is with each category of goods."""

from decimal import Decimal

from sqlalchemy import select

from app.domain.imports.cells import Cells
from app.domain.imports.kinds import Column, Kind
from app.domain.imports.records import Facts, Records
from app.domain.supply.criteria import RISKS, USUALLY_GOOD, QualityClass
from app.kernel.db import db
from app.kernel.errors import N_

_MOST = Decimal("99.99")


def _category(cells: Cells) -> str | None:
    return cells.text("category", required=True, longest=100) or None


def _facts(cells: Cells) -> Facts:
    percent = cells.quantity("usual_good_percent", required=False) or USUALLY_GOOD * 100
    if percent > _MOST:
        message = N_("Write how many percent are usually good, at most {most}.")
        cells.report.add(cells.row, "usual_good_percent", message, most=_MOST)
    return {
        "risk": cells.choice("risk", RISKS, default="normal"),
        "usual_good": (percent / 100).quantize(Decimal("0.000001")).normalize(),
        "is_perishable": cells.yes("perishable"),
    }


def _known() -> dict[str, QualityClass]:
    return {each.category: each for each in db.session.scalars(select(QualityClass))}


def _add(category: str, facts: Facts) -> None:
    db.session.add(QualityClass(category=category, **facts))


KIND = Kind(
    "quality_classes",
    N_("Risk of categories"),
    (
        Column("category", "Filters", required=True),
        Column("risk", "high"),
        Column("usual_good_percent", "96"),
        Column("perishable", "no"),
    ),
    Records("category", _category, _facts, _known, _add).understand,
)
