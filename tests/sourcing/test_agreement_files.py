"""A file of price agreements is looked at first, then kept whole or not at all."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.imports import importing
from app.domain.imports.importing import ImportRefused
from app.domain.sourcing.agreements import Agreement
from app.domain.supply import suppliers
from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from tests.builders.goods import a_sku

HEAD = "supplier,sku,unit,currency,valid_from,valid_to,lead_days,moq,pack,min_quantity,unit_price\n"
ROLLS = "BOREA,PIPE,roll,TWD,2026-01-01,2026-06-30,7,4,2,{},{}\n"


@pytest.fixture
def database_kind() -> str:
    """One is enough to read files."""
    return "sqlite"


@pytest.fixture(autouse=True)
def chloe(app: Flask) -> None:
    def step() -> None:
        memberships.grant(people.add("chloe", name="Chloé"), "buyer")
        suppliers.add("BOREA", name="Borea")
        a_sku("PIPE", unit="m", units={"roll": 20})

    in_transaction(step)


def problems(text: str) -> list[tuple[int, str]]:
    found = importing.preview("agreements", (HEAD + text).encode(), by="chloe").problems
    return [(problem.row, problem.text) for problem in found]


def load(text: str) -> importing.Loaded:
    raw = (HEAD + text).encode()
    return in_transaction(lambda: importing.load("agreements", raw, by="chloe"))


def test_rows_of_one_first_day_are_the_breaks_of_one_agreement() -> None:
    loaded = load(ROLLS.format(1, 1850) + ROLLS.format(5, 1700))

    agreed = db.session.scalars(select(Agreement)).one()
    assert loaded.new == 1
    assert {int(each.min_quantity): int(each.unit_price) for each in agreed.breaks} == {
        1: 1850,
        5: 1700,
    }
    assert agreed.agreed_by == "chloe"


def test_importing_twice_changes_nothing() -> None:
    load(ROLLS.format(1, 1850))

    assert load(ROLLS.format(1, 1850)).already == [2]


def test_another_price_for_the_same_days_is_told_in_its_row() -> None:
    load(ROLLS.format(1, 1850))

    ((row, text),) = problems(ROLLS.format(1, 1900))
    assert row == 2
    assert text.startswith("BOREA PIPE 2026-01-01 exists with unit_price 1850 × 1")


def test_days_that_overlap_are_told_per_row_and_nothing_is_kept() -> None:
    later = ROLLS.replace("2026-01-01", "2026-06-30").format(1, 1900)

    with pytest.raises(ImportRefused, match=r"Row 2 agrees on PIPE for some of the same days"):
        load(ROLLS.format(1, 1850) + later)
    assert db.session.scalar(select(func.count(Agreement.id))) == 0


def test_rows_that_cannot_be_understood_say_what_to_do() -> None:
    text = ROLLS.format(1, "free") + ROLLS.replace("roll", "reel").replace("01-01", "02-01")

    assert problems(text.format(1, 1)) == [
        (2, "free is not a quantity. Write it like 1200 or 0.5, without separators."),
        (3, "PIPE is counted in m, roll, not in reel."),
    ]
