"""The stock pages: columns that add up, and what two people count stays unseen by both."""

import re
from typing import Any

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import (
    a_blind_arrival,
    a_counted_delivery,
    a_delivery,
    an_accepted_delivery,
    the_case,
)
from tests.workflow.play import Case

UNSEEN = ("7319", "7,319")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """What stays unseen is asked of documents that steps lock and pages must not."""
    return str(request.param)


@pytest.fixture
def flour() -> Sku:
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])


@pytest.fixture
def buyer(app: Flask) -> Visitor:
    """Buys, and never counts."""
    return a_visitor(app, "bea", "buyer")


@pytest.fixture
def doubted(flour: Sku, bruno: Visitor, lee: Visitor) -> Case:
    """7,319 FLOUR were released; Bruno does not find them."""
    case = an_accepted_delivery(flour, 7319, by=bruno.person, inspected_by=lee.person)
    case.complete("put_away_goods", by=bruno.person, put_away_outcome="quantity_differs")
    return case


@pytest.mark.parametrize(
    ("locale", "name"),
    [("en", "Unidentified goods"), ("zh_Hant", "來源不明的貨物"), ("zh_Hans", "来源不明的货物")],
)
def test_goods_nobody_knows_have_a_name_in_every_language(
    bruno: Visitor, chloe: Visitor, locale: str, name: str
) -> None:
    arrival = a_blind_arrival(by=bruno.person)
    arrival.complete("identify_arrival", by=chloe.person, arrival_decision="send_back")
    back = the_case("supplier_return")
    chloe.post("/language", locale=locale)

    pages = [
        chloe.get("/stock"),
        chloe.get("/stock/UNIDENTIFIED"),
        chloe.get(f"/documents/receipts/{back.data['receipt_no']}"),
        chloe.get(f"/tasks/{back.task('authorise_return')}"),
    ]

    assert [page.text.count(name) > 0 for page in pages] == [True] * 4
    if locale != "en":
        assert "Unidentified goods" not in "".join(page.text for page in pages)


def test_an_empty_house_says_how_stock_comes(bruno: Visitor, app: Flask) -> None:
    maud = a_visitor(app, "maud", "warehouse_manager", scope="*")

    page = bruno.get("/stock")

    assert "No stock yet" in page.text
    assert "Unidentified goods" not in page.text
    assert 'href="/imports"' not in page.source
    assert '<p class="mb-0"><a class="btn btn-plain" href="/imports">' in maud.get("/stock").source


def test_the_columns_add_up_to_all_we_own(flour: Sku, bruno: Visitor, lee: Visitor) -> None:
    delivery = a_delivery((flour, 10))
    delivery.check_in(by=bruno.person)
    delivery.count({"counted": "10"}, by=bruno.person)
    verdict = {"lines": [{"accepted": "7", "rejected": "3", "defect": "transport"}]}
    the_case("quality_control").complete("inspect_lot", by=lee.person, inspection=verdict)
    placed = {"scanned_item": "FLOUR", "scanned_bin": "A-01", "put_away_outcome": "placed"}
    case = the_case("put_away")
    case.complete("put_away_goods", by=bruno.person, proposal={"quantity": "5"}, **placed)

    row, sku = bruno.get("/stock?q=flour"), bruno.get("/stock/FLOUR")

    assert _cells(row)["On the shelf"] == "5"
    assert _cells(row)["To put away"] == "2"
    assert _cells(row)["Rejected"] == "3"
    assert _cells(row)["In all"] == "10"
    assert row.links("/stock/FLOUR") == ["/stock/FLOUR"] * 6
    assert "2 to put away" in sku.text
    assert "3 rejected" in sku.text
    assert "10 in all" in sku.text


def test_a_waiting_area_is_told_by_its_site_and_purpose(
    app: Flask, buyer: Visitor, bruno: Visitor
) -> None:
    unit = in_transaction(lambda: a_sku("BA-28", serial_policy="unit"))
    case = a_counted_delivery(unit, ordered=1, counted=1, by=bruno.person, serials="A1")
    waiting = "Main · waiting for inspection"

    pages = [
        buyer.get(one) for one in ("/serials/A1", "/serials?q=", f"/cases/{case.id}?tab=stock")
    ]
    receipt = buyer.get("/documents/receipts/R-000001")

    assert all(waiting in page.text for page in [*pages, receipt])
    assert f"Borea → {waiting}" in pages[0].text
    assert not any("MAIN-QC" in page.text for page in [*pages, receipt])
    assert receipt.links("/stock/BA-28/at/MAIN-QC")


@pytest.mark.parametrize(
    "address",
    [
        "/stock",
        "/stock?site=MAIN",
        "/stock/FLOUR",
        "/stock/FLOUR/at/MAIN-SHELVING",
        "/search?q=flour",
        "/search?q=MAIN",
        "/inbox",
        "/cases",
        "/tasks/{task}",
        "/cases/{case}",
        "/cases/{case}?tab=stock",
        "/documents/receipts/R-000001",
    ],
)
def test_who_may_count_sees_no_figure_of_it_anywhere(
    doubted: Case, ines: Visitor, address: str
) -> None:
    page = ines.get(address.format(case=doubted.id, task=doubted.task("count_first")))

    assert page.status == 200
    assert not any(figure in page.text for figure in UNSEEN)


def test_others_see_it_and_counters_do_once_the_count_is_in(
    doubted: Case, bruno: Visitor, ines: Visitor, buyer: Visitor
) -> None:
    assert "7,319" in buyer.get("/stock/FLOUR").text
    for which, who in (("first", bruno), ("second", ines)):
        assert "7,3" not in bruno.get("/stock/FLOUR").text
        found: dict[str, Any] = {which: {"quantity": "7300", "serials": ""}}
        doubted.complete(f"count_{which}", by=who.person, counts=found)

    assert "7,300 to put away" in bruno.get("/stock/FLOUR").text


def test_the_count_in_one_town_hides_nothing_in_another(doubted: Case, nils: Visitor) -> None:
    assert doubted.open == ["count_first"]
    assert "Being counted" not in nils.get("/stock/FLOUR").source


def test_units_that_are_counted_are_not_listed(bruno: Visitor, ines: Visitor, lee: Visitor) -> None:
    drill = in_transaction(lambda: (a_sku("DRILL", serial_policy="unit"), a_bin("A-01"))[0])
    codes = {"serials": "DR-1\nDR-2"}
    case = an_accepted_delivery(drill, 2, by=bruno.person, inspected_by=lee.person, **codes)
    assert "DR-1" in ines.get("/serials").text
    case.complete("put_away_goods", by=bruno.person, put_away_outcome="quantity_differs")

    for address in ("/serials", "/serials?q=DR-", "/search?q=DR-", "/stock/DRILL"):
        assert "DR-1" not in ines.get(address).text
    assert ines.get("/serials?q=DR-1").address == "/serials/DR-1"


def _cells(page: Page) -> dict[str, str]:
    """The figures of the only row, by the name a phone shows beside them."""
    found = re.findall(r'<td[^>]* data-label="([^"]*)">(.*?)</td>', page.source)
    return {name: re.sub(r"<[^>]+>", "", figure) for name, figure in found}
