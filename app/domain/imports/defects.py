"""Importing the defects inspectors tell apart, by short names."""

from sqlalchemy import select

from app.domain.imports.cells import Cells
from app.domain.imports.kinds import Column, Kind
from app.domain.imports.records import Facts, Records
from app.domain.supply.criteria import DefectCode
from app.kernel.db import db
from app.kernel.errors import N_


def _code(cells: Cells) -> str | None:
    return cells.code("defect") or None


def _facts(cells: Cells) -> Facts:
    """Without a category it is offered for all goods."""
    return {
        "name": cells.text("name", required=True),
        "category": cells.text("category", longest=100),
    }


def _known() -> dict[str, DefectCode]:
    return {each.code: each for each in db.session.scalars(select(DefectCode))}


def _add(code: str, facts: Facts) -> None:
    db.session.add(DefectCode(code=code, **facts))


KIND = Kind(
    "defects",
    N_("Defect codes"),
    (
        Column("defect", "FIN-BENT", required=True),
        Column("name", "Bent fins", required=True),
        Column("category", "Air conditioning"),
    ),
    Records("defect", _code, _facts, _known, _add).understand,
)
