"""Importing what inspectors look for in a category of goods."""

from functools import partial

from sqlalchemy import select

from app.domain.imports.cells import Cells, Report
from app.domain.imports.kinds import Column, Kind, Plan, Start, different
from app.domain.imports.table import Row
from app.domain.supply.criteria import Criterion
from app.kernel.db import db
from app.kernel.errors import N_

_NAME = "{category} {line_no}"


def understand(rows: list[Row], report: Report, _by: str) -> Plan:
    """One row per criterion; its line says in which order inspectors meet it."""
    plan = Plan()
    known = {(one.category, one.line_no): one for one in db.session.scalars(select(Criterion))}
    seen: set[tuple[str, int]] = set()
    for row in rows:
        cells = Cells(row, report)
        key, facts = _key(cells), _facts(cells)
        name = _NAME.format(category=key[0], line_no=key[1])
        if key in seen:
            report.add(row, "line", N_("{code} is there twice."), code=name)
        seen.add(key)
        if key not in known:
            plan.add(partial(_write, key, facts))
            continue
        ours = known[key]
        pairs = {column: (getattr(ours, column), value) for column, value in facts.items()}
        if not different(report, row, name, pairs):
            plan.knows([row])
    return plan


def _key(cells: Cells) -> tuple[str, int]:
    category = cells.text("category", required=True, longest=100)
    return category, cells.whole("line") or 0


def _facts(cells: Cells) -> dict[str, object]:
    least = cells.quantity("at_least", required=False)
    most = cells.quantity("at_most", required=False)
    if least is not None and most is not None and least > most:
        message = N_("at_least is above at_most: nothing could be that.")
        cells.report.add(cells.row, "at_least", message)
    return {
        "name": cells.text("criterion", required=True),
        "unit": cells.text("unit", longest=20),
        "at_least": least,
        "at_most": most,
        "is_destructive": cells.yes("destructive"),
    }


def _write(key: tuple[str, int], facts: dict[str, object]) -> Start | None:
    category, line_no = key
    db.session.add(Criterion(category=category, line_no=line_no, **facts))
    return None


KIND = Kind(
    "criteria",
    N_("Inspection criteria"),
    (
        Column("category", "Installation", required=True),
        Column("line", "1", required=True),
        Column("criterion", "Wall thickness", required=True),
        Column("unit", "mm"),
        Column("at_least", "0.7"),
        Column("at_most", "0.9"),
        Column("destructive", "no"),
    ),
    understand,
)
