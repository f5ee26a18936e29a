"""Lists as files: the figures of the screen, and nothing that a spreadsheet would run."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from app.kernel.db import in_transaction
from app.web.files import workbook
from app.web.files.sheets import Sheet, as_csv
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import a_counted_delivery, a_delivery

TRAPS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1")


def test_the_stock_of_the_file_is_the_stock_of_the_page(bruno: Visitor) -> None:
    flour = in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])
    a_counted_delivery(flour, ordered=1234, counted=1234, by=bruno.person)

    rows = _rows(bruno.get("/stock?as=csv").source)

    assert "1,234" in bruno.get("/stock").text
    assert rows[1][:2] == ["FLOUR", "Flour"]
    assert dict(zip(rows[0], rows[1], strict=True))["To inspect"] == "1234"


def test_a_list_of_cases_comes_as_a_spreadsheet(bruno: Visitor) -> None:
    a_delivery((in_transaction(lambda: a_sku("FLOUR")), 10))

    rows = _cells(bruno.get("/cases?as=xlsx").response.data)

    assert rows[0][:2] == ("Case", "Process")
    assert len(rows) == 2


def test_the_lines_of_a_document_come_as_a_file(lee: Visitor) -> None:
    delivery = a_delivery((in_transaction(lambda: a_sku("FLOUR")), 10))
    number = delivery.data["po_no"]

    rows = _rows(lee.get(f"/documents/orders/{number}?as=csv").source)

    assert rows[1][1:4] == ["FLOUR", "Flour", "10"]


def test_there_is_no_other_kind_of_file(bruno: Visitor) -> None:
    assert bruno.get("/stock?as=exe").status == 404


@pytest.mark.parametrize("trap", TRAPS)
def test_text_that_looks_like_a_formula_stays_text(trap: str) -> None:
    sheet = Sheet("x", ["a"], [[trap]])

    assert _rows(as_csv(sheet).decode())[1] == [f"'{trap}"]
    cell = load_workbook(io.BytesIO(workbook.of(sheet))).active["A2"]
    assert cell.data_type == "s"


def test_numbers_are_numbers_and_no_digit_is_lost() -> None:
    long = Decimal("12345678901234.123456")
    sheet = Sheet("x", ["a", "b", "c"], [[Decimal("-3.5"), long, 7]])

    assert _rows(as_csv(sheet).decode())[1] == ["-3.5", "12345678901234.123456", "7"]
    assert _cells(workbook.of(sheet))[1] == (-3.5, "12345678901234.123456", 7)


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
