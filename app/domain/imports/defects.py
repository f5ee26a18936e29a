"""Importing the defects inspectors tell apart, by short names."""

from functools import partial

from sqlalchemy import select

from app.domain.imports.cells import Report
from app.domain.imports.kinds import Column, Kind, Plan, Start, different, together
from app.domain.imports.table import Row
from app.domain.supply.criteria import DefectCode
from app.kernel.db import db
from app.kernel.errors import N_


def understand(rows: list[Row], report: Report, _by: str) -> Plan:
    """One row per code; without a category it is offered for all goods."""
    plan = Plan()
    known = {each.code: each for each in db.session.scalars(select(DefectCode))}
    for code, group in together(rows, "defect", report).items():
        facts = {
            "name": group[0].text("name", required=True),
            "category": group[0].text("category", longest=100),
        }
        for again in group[1:]:
            report.add(again.row, "defect", N_("{code} is there twice."), code=code)
        if code not in known:
            plan.add(partial(_write, code, facts))
            continue
        pairs = {name: (getattr(known[code], name), value) for name, value in facts.items()}
        if not different(report, group[0].row, code, pairs):
            plan.knows([group[0].row])
    return plan


def _write(code: str, facts: dict[str, str]) -> Start | None:
    db.session.add(DefectCode(code=code, **facts))
    return None


KIND = Kind(
    "defects",
    N_("Defect codes"),
    (
        Column("defect", "FIN-BENT", required=True),
        Column("name", "Bent fins", required=True),
        Column("category", "Air conditioning"),
    ),
    understand,
)
