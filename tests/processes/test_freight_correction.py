"""A freight bill that was wrong: another one puts it right, by rows that point at the old."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.finance.late_costs import LateCost
from app.domain.payables.bills import Bill
from app.domain.payables.corrections import CorrectedMeanwhile, NotCorrectable, NothingDiffers
from app.domain.supply.receipts import ReceiptLine
from app.identity.people import Person
from app.kernel.db import db
from tests.builders.books import booked, is_proven, pool, sold
from tests.builders.steps import in_a_step
from tests.processes import billing
from tests.workflow.play import Case


def test_what_a_carrier_charged_too_much_leaves_stock_and_sales_to_the_cent(
    app: Flask, wang: Person
) -> None:
    """1,000 over goods of 100 and 300 that should have been 401; half of the flour is sold."""
    flour, rice = billing.bring(("FLOUR", 10, "10", []), ("RICE", 10, "30", []))
    _freight(wang, "1000")
    in_a_step(lambda: sold(db.session.merge(flour), 5))
    sales = booked("cost_of_sales")[0]

    case = _correction(wang, "401")

    # 599 less: 149.75 for the flour, of which half is left, and 449.25 for the rice.
    assert billing.worth_of(flour) == 5_000 + 12_500 - 7_488
    assert billing.worth_of(rice) == 30_000 + 75_000 - 44_925
    assert booked("payables", "cost_of_sales") == [-40_100, sales - 7_487]
    assert case.status == "finished"
    assert is_proven()


def test_a_correction_points_at_what_it_corrects(flour_line: ReceiptLine, wang: Person) -> None:
    _freight(wang, "1000")
    _correction(wang, "400")
    _correction(wang, "700", number="K-3")

    wrong, first, second = db.session.scalars(select(LateCost).order_by(LateCost.id))
    assert (first.amount, second.amount) == (-60_000, 30_000)
    assert {first.corrects_id, second.corrects_id} == {wrong.id}
    assert {first.journal.corrects_id, second.journal.corrects_id} == {wrong.journal_id}
    assert [bill.total for bill in _bills()] == [100_000, -60_000, 30_000]
    assert {bill.corrects_id for bill in _bills()[1:]} == {_bills()[0].id}
    assert pool(db.session.merge(flour_line).sku) == (100, 570_000)


def test_the_tax_is_put_right_too(flour_line: ReceiptLine, wang: Person) -> None:
    _freight(wang, "1050", tax="50")
    _correction(wang, "420", tax="20")

    assert booked("payables", "input_tax") == [-42_000, 2_000]


def test_only_booked_freight_is_corrected(flour_line: ReceiptLine, wang: Person) -> None:
    open_one = billing.recorded(wang, kind="freight", total="400", references="R-000001")
    billing.match(billing.recorded(wang, total="5000", number="H-2"), wang)
    goods = _bills()[-1].number
    _freight(wang, "1000")
    _correction(wang, "400")

    assert open_one.open == ["match_lines"]
    for number in (goods, _bills()[-1].number):
        with pytest.raises(NotCorrectable, match=number):
            _recorded(wang, "300", corrects=number, number="K-9")


def test_one_correction_at_a_time(flour_line: ReceiptLine, wang: Person) -> None:
    _freight(wang, "150000")
    assert _correction(wang, "400000").open == ["approve_bill"]

    with pytest.raises(CorrectedMeanwhile):
        _recorded(wang, "300", number="K-9")


def test_a_correction_corrects_something(flour_line: ReceiptLine, wang: Person) -> None:
    _freight(wang, "1000")

    with pytest.raises(NothingDiffers):
        _recorded(wang, "1000")


def test_a_correction_that_is_dropped_changes_nothing(
    flour_line: ReceiptLine, wang: Person
) -> None:
    _freight(wang, "1000")
    case = _recorded(wang, "400")
    case.complete("match_lines", by=wang, match_way="drop")

    assert (case.status, len(_bills())) == ("finished", 1)
    assert pool(db.session.merge(flour_line).sku) == (100, 600_000)


def _freight(by: Person, total: str, tax: str = "") -> None:
    lines = db.session.scalars(select(ReceiptLine).order_by(ReceiptLine.id))
    named = "\n".join(line.receipt.number for line in lines)
    db.session.rollback()
    head = {"kind": "freight", "total": total, "tax": tax, "number": "K-1"}
    billing.match(billing.recorded(by, references=named, **head), by, rows="carried", basis="value")


def _correction(by: Person, total: str, number: str = "K-2", tax: str = "") -> Case:
    case = _recorded(by, total, number=number, tax=tax)
    case.complete("match_lines", by=by, match_way="compare")
    return case


def _recorded(
    by: Person, total: str, *, corrects: str = "", number: str = "K-2", tax: str = ""
) -> Case:
    corrects = corrects or next(b.number for b in _bills() if b.supplier_number == "K-1")
    head = {"kind": "correction", "corrects": corrects, "total": total, "number": number}
    return billing.recorded(by, **head, tax=tax)


def _bills() -> list[Bill]:
    db.session.rollback()
    return list(db.session.scalars(select(Bill).order_by(Bill.id)).unique())
