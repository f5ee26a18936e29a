"""An empty company of one's own: files in, goods counted, judged, shelved, and traced back."""

import pytest

from app.kernel.db import in_transaction
from tests.browser import company
from tests.browser.conftest import Sit
from tests.browser.desk import Desk


@pytest.fixture
def _founded(house: str) -> None:
    in_transaction(company.engage)


@pytest.mark.usefixtures("_founded")
def test_a_delivery_counted_short_with_a_duplicate_reaches_the_shelf_and_leads_back(
    sit: Sit,
) -> None:
    ada = sit("ada")
    for kind, content in company.FILES.items():
        assert "imported" in ada.upload(kind, content)
    assert "1 imported" in sit("chloe").upload("asns", company.NOTICE)

    bruno = sit("bruno").take("Check in truck")
    bruno.fill(gate__vehicle="KLA-2207", gate__cartons="4")
    assert "Next: Count delivery, by Warehouse keeper." in bruno.complete()
    rows = {"receipt__lines__0__counted": "3", "receipt__lines__1__counted": "4"}
    bruno.take("Count delivery").fill(**rows)
    bruno.page.fill('[name="receipt.lines.0.serials"]', "BA28-00001\nBA28-00002\nBA28-00007")
    assert "Done: Count delivery." in bruno.complete()

    chloe = sit("chloe").take("Read counted figures")
    assert "4\t4\t3" in chloe.page.get_by_role("row", name="BA-28").inner_text()
    chloe.complete()

    lee = sit("lee").take("Identify")
    lee.page.select_option('[name="booking.duplicates.0.decision"]', "relabel")
    lee.fill(booking__duplicates__0__new_serial="BA28-00099")
    assert "Done" in lee.complete()
    for _ in range(lee.open("/inbox").page.locator(".task-row", has_text="Inspect").count()):
        _accept_everything(lee)

    bruno.open("/inbox")
    for _ in range(bruno.page.locator(".task-row", has_text="Put goods away").count()):
        bruno.take("Put goods away")
        sku = "BA-28" if "BA-28" in bruno.page.locator("#task-form").inner_text() else "BR-1"
        bruno.fill(scanned_item=sku, scanned_bin="A-02")
        assert "Done: Put goods away." in bruno.complete("Put in this bin")

    _follow_the_number(bruno)
    assert "BA28-00099" in bruno.open("/serials/BA28-00099").text
    assert "hold." in ada.open("/proof").text
    assert ada.page.locator(".note.good").count() == 1


def _accept_everything(lee: Desk) -> None:
    lee.take("Inspect")
    for at, waiting in enumerate(lee.page.locator("[data-row-of-list]").all()):
        number = waiting.inner_text().split("To judge")[1].split()[0]
        lee.page.fill(f'[name="inspection.lines.{at}.accepted"]', number)
    assert "Done: Inspect lot." in lee.complete()


def _follow_the_number(bruno: Desk) -> None:
    """Stock page → SKU → place → ledger row → the step on the diagram, and who took it."""
    page = bruno.open("/stock").page
    page.get_by_role("link", name="BA-28").click()
    page.get_by_role("link", name="A-02").first.click()
    assert "Bruno" in bruno.text
    page.get_by_role("link", name="Book put-away").first.click()
    assert "set off by Bruno" in bruno.text
    marked = page.locator('.diagram [data-element-id="book_put_away"]')
    marked.wait_for()
    assert "case-shown" in (marked.get_attribute("class") or "")
