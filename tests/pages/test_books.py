"""The books' pages: figures that agree everywhere, each leading to receipt, step and person."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.domain.finance import accounts, worth
from app.domain.finance.company import ours
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.kernel import clock
from app.kernel.db import db
from app.scheduler.jobs import prove_asked
from tests.builders.books import in_stock, shelf, sold
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.workflow.play import Case


@pytest.fixture
def wang(app: Flask) -> Visitor:
    """Finance of the whole company."""
    return a_visitor(app, "wang", "finance", scope="*")


@pytest.fixture
def goods(app: Flask) -> None:
    """30 FLOUR at 5.001, 7 of them sold; two units at 90.25, one sold."""

    def trade() -> None:
        flour, unit = a_sku("FLOUR"), a_sku("BA-28", serial_policy="unit")
        in_stock(flour, 30, "5.001")
        in_stock(unit, 2, "90.25", "S1", "S2")
        sold(flour, 7)
        sold(unit, 1, "S1")

    in_a_step(trade)


@pytest.fixture
def billed(goods: None, wang: Visitor) -> Case:
    """Borea's bill for the flour, at 5.50: the difference was accepted."""
    case = Case.start("supplier_bill", by=wang.person.id)
    head = {"kind": "goods", "supplier": "BOREA", "number": "=H-1", "billed_on": "2026-05-28"}
    bill = {**head, "total": "165", "references": "R-000001"}
    case.complete("record_bill", by=wang.person, bill=bill, record_way="record")
    rows = [{"quantity": "30", "unit_price": "5.50"}]
    case.complete("match_lines", by=wang.person, proposal={"goods": rows}, match_way="compare")
    case.complete(
        "resolve_mismatch", by=wang.person, mismatch_way="accept", mismatch_reason="Flour is dear"
    )
    return case


def test_the_journal_leads_to_voucher_sku_document_and_step(billed: Case, wang: Visitor) -> None:
    page = wang.get("/books")

    assert len(page.links("/books/vouchers/J-")) == len(_file(wang, "/books?as=csv"))
    assert "/books/bills/B-000001" in page.links("/books/bills/")
    assert "/books/costs/FLOUR" in page.links("/books/costs/")
    step = next(one for one in page.links(f"/cases/{billed.id}?step=book_bill"))
    assert wang.get(step).status == 200


def test_the_journal_is_narrowed(billed: Case, wang: Visitor) -> None:
    wanted = ("account=payables", "sku=BA-28", "document=b-0", "since=2199-01-01", "reason=bill")

    found = [len(_file(wang, f"/books?{query}&as=csv")) for query in wanted]

    assert found == [1, 4, 4, 0, 4]


def test_the_journal_goes_on_where_the_page_before_ended(
    goods: None, wang: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("app.web.books.journal"), "PAGE", 3)
    first = wang.get("/books")

    second = wang.get(first.links("/books?before=")[0])

    seen = [len(set(one.links("/books/vouchers/"))) for one in (first, second)]
    assert "Older" in first.text
    assert not set(first.links("/books/vouchers/")) & set(second.links("/books/vouchers/")[1:])
    assert min(seen) > 0


def test_a_voucher_tells_all_it_did(billed: Case, wang: Visitor) -> None:
    (number,) = {row["Voucher"] for row in _file(wang, "/books?document=B-000001&as=csv")}

    page = wang.get(f"/books/vouchers/{number}")

    assert "76.67 %" in page.text  # 23 of 30 are left
    assert "Wang" in page.text
    assert f"/books/vouchers/{number}" not in page.links(
        "/books/vouchers/"
    )  # its lines do not repeat it
    rows = _file(wang, f"{page.address}?as=csv")
    debit, credit = (sum(Decimal(row[side] or 0) for row in rows) for side in ("Debit", "Credit"))
    assert debit == credit > 0


def test_the_trial_balance_adds_up_on_any_day(billed: Case, wang: Visitor) -> None:
    *rows, total = _file(wang, "/books/balance?as=csv")

    assert sum(Decimal(row["Debit"] or 0) for row in rows) == Decimal(total["Debit"])
    assert total["Debit"] == total["Credit"] != "0.00"
    before = _file(wang, "/books/balance?on=2001-01-01&as=csv")
    assert {row["Debit"] for row in before} == {"", "0.00"}


def test_stock_value_is_what_the_stock_account_holds(billed: Case, wang: Visitor) -> None:
    *_rows, total = _file(wang, "/books/stock?as=csv")

    booked = Decimal(worth.booked(accounts.STOCK)).scaleb(-2)
    assert Decimal(total["Value"]) == booked
    today = ours().day(clock.now()).isoformat()
    assert _file(wang, f"/books/stock?on={today}&as=csv")[-1] == total


def test_stock_value_is_told_by_site_and_adds_up(app: Flask, wang: Visitor) -> None:
    def spread() -> None:
        flour = a_sku("FLOUR")
        in_stock(flour, 3, "3.333")
        north = places.Location(code="N-1", site_id=places.add_site("NORTH", name="North").id)
        db.session.add(north)
        db.session.flush()
        _carry(flour, 1, north)

    in_a_step(spread)

    rows = _file(wang, "/books/stock?as=csv")

    found = [(row["Site"], row["Quantity"], row["Value"]) for row in rows]
    assert found == [("Main", "2", "6.67"), ("North", "1", "3.33"), ("", "", "10.00")]


def test_a_pool_is_explained_down_to_its_receipts(billed: Case, wang: Visitor) -> None:
    page = wang.get("/books/costs/FLOUR")

    assert "/documents/receipts/R-000001" in page.links("/documents/receipts/")
    assert page.links(f"/cases/{billed.id}?step=book_bill")
    *parts, total = _file(wang, "/books/costs/FLOUR?as=csv")
    assert sum(Decimal(row["Is now"]) for row in parts) == Decimal(total["Is now"])


def test_parts_of_a_cost_have_the_decimals_of_other_amounts(billed: Case, wang: Visitor) -> None:
    page = wang.get("/books/costs/FLOUR")
    *parts, _total = _file(wang, "/books/costs/FLOUR?as=csv")

    cells = re.findall(r'data-label="Is now">([^<]+)<', page.source)
    assert len(cells) == len(parts) + 1
    assert all(re.fullmatch(r"-?[\d,]+(\.\d\d)?", cell) for cell in cells)
    assert any(len(row["Is now"].partition(".")[2]) > 2 for row in parts)
    assert re.search(r"[\d,]+\.\d{2} TWD each, rounded to 2 decimals", " ".join(page.text.split()))


def test_what_was_sold_is_explained_too(billed: Case, wang: Visitor) -> None:
    number = _file(wang, "/books?sku=FLOUR&account=cost_of_sales&as=csv")[-1]["Voucher"]
    (issue,) = set(wang.get(f"/books/vouchers/{number}").links("/books/costs/issues/")[:1])

    page = wang.get(issue)

    assert "7 pcs that left" in page.text
    assert number in page.text


def test_each_unit_has_a_cost_of_its_own(goods: None, wang: Visitor) -> None:
    page = wang.get("/books/costs/BA-28")
    assert page.links("/books/costs/units/") == ["/books/costs/units/S2"]

    assert "90.25" in wang.get("/books/costs/units/S2").text


def test_a_bill_shows_its_match(billed: Case, wang: Visitor) -> None:
    page = wang.get("/books/bills/B-000001")

    (row,) = _file(wang, "/books/bills/B-000001?as=csv")
    assert (row["Billed"], row["Was owed"], row["Price difference"]) == (
        "165.00",
        "150.03",
        "14.97",
    )
    assert "booked" in page.text
    assert "11.48" in page.text  # of 14.97 that is for the 23 of 30 that are left
    assert wang.get("/books/bills").links("/books/bills/B-") == ["/books/bills/B-000001"]


def test_a_file_never_holds_a_formula(billed: Case, wang: Visitor) -> None:
    (row,) = _file(wang, "/books/bills?as=csv")

    assert row["Bill number"] == "'=H-1"


def test_finance_enters_rates_and_everybody_sees_who_did(app: Flask, wang: Visitor) -> None:
    wang.post("/books/rates", currency="usd", day="2026-05-01", rate="31.5")
    page = wang.post("/books/rates", currency="USD", day="2026-05-01", rate="31.75")

    assert "From May 1, 2026 on, 1 USD is 31.75 TWD." in page.text
    assert "Rates that were put right" in page.text
    (row,) = _file(wang, "/books/rates?as=csv")
    assert (row["One is"], row["Entered by"]) == ("31.75", "Wang")


def test_nonsense_is_no_rate(wang: Visitor) -> None:
    for currency, rate in (("TWD", "1"), ("USD", "0"), ("USD", "x"), ("US", "1"), ("USD", "NaN")):
        page = wang.post("/books/rates", currency=currency, day="2026-05-01", rate=rate)
        assert "Enter a currency other than TWD" in page.text
        assert f'name="currency" value="{currency}"' in page.source
        assert f'name="rate" value="{rate}"' in page.source
    assert _file(wang, "/books/rates?as=csv") == []


def test_an_analyst_reads_and_enters_nothing(app: Flask) -> None:
    anna = a_visitor(app, "anna", "analyst", scope="*")

    assert "Enter the rate" not in anna.get("/books/rates").text
    assert anna.post("/books/rates", currency="USD", day="2026-05-01", rate="31").status == 403


def test_the_books_are_for_finance(goods: None, bruno: Visitor) -> None:
    rooms = ("", "/balance", "/stock", "/bills", "/rates", "/periods", "/costs/FLOUR")

    assert {bruno.get(f"/books{room}").status for room in rooms} == {403}


def test_months_tell_who_closed_them(app: Flask, goods: None, wang: Visitor) -> None:
    (row,) = _file(wang, "/books/periods?as=csv")
    page = wang.get("/books/periods").text

    assert (row["State"], row["Vouchers"]) == ("still open", "4")
    assert "Close a month" in page
    assert f"{date.fromisoformat(row['Month'] + '-01'):%b %Y}" in page


def test_everything_is_asked_in_the_background(app: Flask, olga: Visitor) -> None:
    assert "Asked for at" in olga.post("/proof/runs").text
    prove_asked()

    assert "Everything held" in olga.get("/proof").text


def _file(visitor: Visitor, address: str) -> list[dict[str, str]]:
    page: Page = visitor.get(address)
    assert page.response.content_type.startswith("text/csv")
    return list(csv.DictReader(io.StringIO(page.source.removeprefix("\ufeff"))))


def _carry(sku: Sku, quantity: int, target: places.Location) -> None:
    line = Line(sku, shelf(), target, Decimal(quantity))
    ledger.move([line], reason="moved", document="T-1")
