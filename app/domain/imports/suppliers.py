"""Importing suppliers."""

from functools import partial

from sqlalchemy import select

from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Column, Kind, Plan, Start, different, together
from app.domain.imports.table import Row
from app.domain.supply import suppliers
from app.domain.supply.suppliers import Supplier
from app.kernel.db import db
from app.kernel.errors import N_


def understand(rows: list[Row], report: Report, _by: str) -> Plan:
    """One row per supplier."""
    plan = Plan()
    groups = together(rows, "supplier", report)
    known = {each.code: each for each in db.session.scalars(select(Supplier))}
    for code, group in groups.items():
        facts = _facts(group[0])
        for again in group[1:]:
            report.add(again.row, "supplier", N_("{code} is there twice."), code=code)
        if code in known:
            ours = known[code]
            pairs = {name: (getattr(ours, name), value) for name, value in facts.items()}
            if not different(report, group[0].row, code, pairs):
                plan.knows([group[0].row])
        else:
            plan.add(partial(_write, code, facts))
    return plan


def _facts(cells: Cells) -> dict[str, str]:
    return {
        "name": cells.text("name", required=True),
        "email": cells.text("email"),
        "phone": cells.text("phone", longest=60),
    }


def _write(code: str, facts: dict[str, str]) -> Start | None:
    suppliers.add(code, **facts)
    return None


KIND = Kind(
    "suppliers",
    N_("Suppliers"),
    (
        Column("supplier", "HONGSHENG", required=True),
        Column("name", "Hongsheng 鴻昇", required=True),
        Column("email", "orders@hongsheng.example"),
        Column("phone", "+886 2 5550 0101"),
    ),
    understand,
)
