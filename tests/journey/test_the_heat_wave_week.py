"""The heat-wave week, chapters 1 to 6 and 10: from the plan to the proof."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from app.demo.acting import TAIPEI
from app.domain import proof
from app.kernel.i18n import LOCALES
from tests.journey.desk import PHONE, WIDE, Desk, a_browser, count_two_short, fail_bent_fins
from tests.journey.server import Server

# 38 of 40 units came; the last code lies on a shelf already.
CODES = [f"BA28-{number:05d}" for number in range(501, 538)] + ["BA28-00317"]


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("language", LOCALES)
def test_the_week_happens_as_it_is_told(
    browser: Browser, practice: Server, language: str, width: int
) -> None:
    with a_browser(browser, practice.address, width, language) as context:
        play(lambda name: Desk(context, language).sit_down_as(name))

    with practice.company():
        assert [one.code for one in proof.run() if not one.holds] == []


def play(desk: Callable[[str], Desk]) -> None:
    """The chapters, one after the other; `desk` sits a person down at a browser."""
    _review_the_plan(desk("lin"))
    _approve(desk("chen"))
    order = _confirm(desk("yeh"))
    late = _confirm_late(desk("chou"))
    _take_the_later_days(desk("lin"), late)
    _ship(desk("yeh"), order)
    _count(desk("chang"), order)
    _judge(desk("lee"), order)
    _missing_units_are_chased(desk("lin"), order)
    _supplier_sees_the_figures(desk("yeh"), order)
    _follow_a_number(desk("wang"), order)


def _review_the_plan(lin: Desk) -> None:
    """40 units are accepted as they are; 120 m of pipe instead of 100 need a reason."""
    lin.open_task("review_plan", showing=["BA-28", "CP-2-3"])
    rows = lin.page.locator("[data-row-of-list]")
    expect(rows.filter(has_text="BA-28").first).to_contain_text("40")
    pipe = rows.filter(has_text="CP-2-3").filter(has_text="大園").first
    quantity = pipe.locator("[name$='.quantity']")
    expect(quantity).to_have_value("100")
    quantity.fill("120")
    lin.button().click()
    expect(lin.page.locator("#task-form")).to_contain_text(lin.words.page("Please fill this in."))
    pipe.locator("[name$='.reason']").fill("Two new building sites ask for pipe")
    lin.press()
    lin.leave()


def _approve(chen: Desk) -> None:
    """660,000 for air conditioners need the manager."""
    chen.open_task("approve_as_manager", "Borea", showing=["660,000 TWD"])
    chen.press("approve")
    chen.leave()


def _confirm(yeh: Desk) -> str:
    """The supplier has the order; its number."""
    yeh.open_task("confirm_order", showing=["BA-28", "40 pcs"])
    order = _number(yeh)
    yeh.press()
    yeh.leave()
    return order


def _confirm_late(chou: Desk) -> str:
    """Mr Chou needs ten days more for the 120 m; the number of the order."""
    chou.open_task("confirm_order", showing=["CP-2-3", "120 m"])
    days = chou.page.locator("#task-form [name$='.promised_on']")
    for at in range(days.count()):
        wanted = date.fromisoformat(days.nth(at).input_value())
        days.nth(at).fill((wanted + timedelta(days=10)).isoformat())
    order = _number(chou)
    chou.fill(confirmation__supplier_note="The mill is late this month")
    chou.press()
    chou.leave()
    return order


def _take_the_later_days(lin: Desk, order: str) -> None:
    lin.open_task("judge_changes", order)
    expect(lin.main).to_contain_text("The mill is late this month")
    lin.press("accept")
    lin.leave()


def _ship(yeh: Desk, order: str) -> None:
    yeh.enter("portal")
    yeh.main.get_by_role("link", name=order).first.click()
    name = yeh.words.page("Announce a shipment")
    yeh.page.get_by_role("button", name=name).click()
    yeh.stay_at("announce_shipment")
    today = datetime.now(TAIPEI).date().isoformat()
    yeh.fill(notice__number="B-90", notice__expected_on=today, notice__lines__0__quantity="40")
    yeh.press("announce")
    yeh.leave()


def _count(chang: Desk, order: str) -> None:
    """38 came, one of them with a code that exists."""
    count_two_short(chang, order, CODES)
    chang.leave()


def _judge(lee: Desk, order: str) -> None:
    """Three have bent fins, 34 are released at once, the duplicate is held for Lee."""
    fail_bent_fins(lee, order, CODES[:3])
    lee.open_task("identify_duplicates", order)
    expect(lee.main).not_to_contain_text(re.compile(r"\d{4}-\d{2}-\d{2}"))  # a day, as data has it
    lee.leave()


def _missing_units_are_chased(lin: Desk, order: str) -> None:
    lin.open_task("chase_supplier", order)
    expect(lin.main).to_contain_text("BA-28")
    lin.leave()


def _supplier_sees_the_figures(yeh: Desk, order: str) -> None:
    """Borea sees at once what was counted and accepted, and no order of Hongsheng."""
    yeh.enter("portal")
    expect(yeh.main).not_to_contain_text("CP-2-3")
    yeh.main.get_by_role("link", name=order).first.click()
    row = yeh.page.locator("tbody tr").filter(has_text="BA-28").first
    expect(row).to_contain_text("38")
    expect(row).to_contain_text("34")
    yeh.leave()


def _follow_a_number(wang: Desk, order: str) -> None:
    """Everything holds; a value leads to its costs, and a voucher to the step in the diagram."""
    page = wang.page
    wang.enter("proof")
    every = page.locator("section h2").count()
    expect(wang.main).to_contain_text(wang.words.page("All %(number)s hold.", number=every))
    wang.enter("books")
    wang.main.get_by_role("link", name=wang.words.page("Stock value"), exact=True).click()
    wang.main.get_by_role("link", name="BA-28").first.click()
    expect(wang.main).to_contain_text("16,500")
    page.goto("/books?sku=BA-28")
    wang.main.get_by_role("link", name=wang.words.step("book_count"), exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/cases/\d+\?step=book_count"))
    expect(page.locator(".djs-container")).to_be_visible()
    expect(wang.main).to_contain_text(order)
    wang.leave()


def _number(desk: Desk) -> str:
    """The number of the order on the page."""
    found = re.search(r"PO-\d{6}", desk.main.inner_text())
    assert found is not None
    return found[0]
