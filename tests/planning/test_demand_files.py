"""Demand comes by files: looked at whole, kept whole, and the same file changes nothing."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.imports import importing
from app.domain.imports.importing import ImportRefused, Loaded
from app.domain.planning.demand import DemandDay
from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from tests.builders.goods import a_sku

HEADER = "site,sku,day,quantity,unit,available,promotion"
Load = Callable[..., Loaded]


@pytest.fixture
def load(app: Flask, flour: Sku) -> Load:
    """Bring in rows, as the planner does; PIPE is counted by the metre and told by the roll."""
    in_transaction(lambda: a_sku("PIPE", unit="m", units={"roll": 20}))
    in_transaction(lambda: memberships.grant(people.add("cheng", name="Cheng"), "planner"))

    def rows(*lines: str) -> Loaded:
        raw = "\n".join([HEADER, *lines]).encode()
        return in_transaction(lambda: importing.load("demand", raw, by="cheng"))

    return rows


def test_days_are_kept_in_stock_units_with_what_was_special(load: Load) -> None:
    load("MAIN,PIPE,2026-05-30,2,roll,no,", "MAIN,FLOUR,2026-05-30,0,,,yes")

    found = db.session.scalars(select(DemandDay).order_by(DemandDay.wanted)).all()
    assert [(str(one.wanted), one.was_available, one.is_promotion) for one in found] == [
        ("0", True, True),
        ("40", False, False),
    ]


def test_the_same_file_again_changes_nothing(load: Load) -> None:
    load("MAIN,FLOUR,2026-05-30,7,,,")

    again = load("MAIN,FLOUR,2026-05-30,7,,,", "MAIN,FLOUR,2026-05-31,8,,,")

    assert (again.new, again.already) == (1, [2])


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("MAIN,FLOUR,2026-05-30,9,,,", "quantity"),  # told as 7 before
        ("MAIN,FLOUR,2026-06-01,9,,,", "day"),  # today is not over
        ("MAIN,NOTHING,2026-05-29,9,,,", "sku"),
        ("NOWHERE,FLOUR,2026-05-29,9,,,", "site"),
        ("MAIN,FLOUR,2026-05-29,-3,,,", "quantity"),
        ("MAIN,FLOUR,2026-05-29,9,,maybe,", "available"),
        ("MAIN,FLOUR,2026-05-31,8,,,", "day"),  # stands in the file twice
    ],
)
def test_one_bad_row_keeps_the_whole_file_out(load: Load, row: str, column: str) -> None:
    load("MAIN,FLOUR,2026-05-30,7,,,")

    with pytest.raises(ImportRefused) as refused:
        load("MAIN,FLOUR,2026-05-31,8,,,", row)

    assert [(one.row, one.column) for one in refused.value.problems] == [(3, column)]
    db.session.rollback()
    assert db.session.scalar(select(func.count(DemandDay.id))) == 1
