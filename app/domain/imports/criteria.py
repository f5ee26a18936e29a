"""Importing what inspectors look for in a category of goods."""

from sqlalchemy import select

from app.domain.imports.cells import Cells
from app.domain.imports.kinds import Column, Kind
from app.domain.imports.records import Facts, Records
from app.domain.supply.criteria import Criterion
from app.kernel.db import db
from app.kernel.errors import N_

_Key = tuple[str, int]


def _key(cells: Cells) -> _Key | None:
    """A category, and in which order inspectors meet the criterion."""
    category, line_no = cells.text("category", required=True, longest=100), cells.whole("line")
    return (category, line_no) if category and line_no else None


def _name(key: _Key) -> str:
    return "{} {}".format(*key)


def _facts(cells: Cells) -> Facts:
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


def _known() -> dict[_Key, Criterion]:
    return {(each.category, each.line_no): each for each in db.session.scalars(select(Criterion))}


def _add(key: _Key, facts: Facts) -> None:
    category, line_no = key
    db.session.add(Criterion(category=category, line_no=line_no, **facts))


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
    Records("line", _key, _facts, _known, _add, _name).understand,
)
