"""The heat-wave week, chapters 1 to 6 and 10: from the plan to the proof."""

import re
from datetime import date, timedelta

from playwright.sync_api import Browser, expect

from tests.journey.desk import Desk
from tests.journey.server import Server

PASSWORD = "heat-wave-week"
# 38 of 40 units came; the last code lies on a shelf already.
CODES = [f"BA28-{number:05d}" for number in range(501, 538)] + ["BA28-00317"]
PHONE = 390


def test_the_week_happens_as_it_is_told(browser: Browser, practice: Server) -> None:
    def desk(name: str, width: int = 1400) -> Desk:
        return Desk(browser, practice.address, width).sign_in(name, PASSWORD)

    _review_the_plan(desk("lin"))
    order = _approve(desk("chen"), desk("yeh", PHONE))
    _confirm_late(desk("chou", PHONE), desk("lin"))
    _ship(desk("yeh", PHONE), order)
    _count(desk("chang"), order)
    _judge(desk("lee"), order)
    _missing_units_are_chased(desk("lin"), order)
    _supplier_sees_the_figures(desk("yeh", PHONE), order)
    _follow_a_number(desk("wang"))
    assert "BROKEN" not in practice.command("proof")


def _review_the_plan(lin: Desk) -> None:
    """40 units are accepted as they are; 120 m of pipe instead of 100 need a reason."""
    lin.open_task("Review plan", "")
    rows = lin.page.locator("[data-row-of-list]")
    expect(rows.filter(has_text="BA-28").first).to_contain_text("40")
    pipe = rows.filter(has_text="CP-2-3").filter(has_text="大園").first
    quantity = pipe.locator("[name$='.quantity']")
    expect(quantity).to_have_value("100")
    quantity.fill("120")
    lin.page.locator(".sticky-bar").get_by_role("button", name="Order as decided").click()
    expect(lin.page.locator("#task-form")).to_contain_text("Please fill this in.")
    pipe.locator("[name$='.reason']").fill("Two new building sites ask for pipe")
    lin.press("Order as decided")
    lin.leave()


def _approve(chen: Desk, yeh: Desk) -> str:
    """660,000 for air conditioners need the manager; then the supplier has the order."""
    chen.open_task("Approve as manager", "Borea")
    expect(chen.page.locator("main")).to_contain_text("660,000 TWD")
    chen.press("Approve")
    chen.leave()
    yeh.open_task("Confirm order", "Borea")
    order = yeh.page.locator("main").inner_text()
    yeh.press("Confirm the order")
    yeh.leave()
    return _number(order)


def _confirm_late(chou: Desk, lin: Desk) -> None:
    """Mr Chou needs ten days more; Lin takes it."""
    _open_the_pipe(chou)
    days = chou.page.locator("#task-form [name$='.promised_on']")
    for at in range(days.count()):
        wanted = date.fromisoformat(days.nth(at).input_value())
        days.nth(at).fill((wanted + timedelta(days=10)).isoformat())
    order = _number(chou.page.locator("main").inner_text())
    chou.fill(confirmation__supplier_note="The mill is late this month")
    chou.press("Confirm the order")
    chou.leave()
    lin.open_task("Judge the changes", order)
    expect(lin.page.locator("main")).to_contain_text("The mill is late this month")
    lin.press("Accept the changes")
    lin.leave()


def _open_the_pipe(chou: Desk) -> None:
    """Of his two orders the one with the 120 m."""
    main = chou.page.get_by_role("main")
    for at in range(2):
        chou.page.goto("/inbox")
        chou.page.locator("a.task-row").filter(has_text="Confirm order").nth(at).click()
        expect(chou.page.get_by_role("heading", name="Confirm order", level=1)).to_be_visible()
        if "120 m" in main.inner_text():
            return
    raise AssertionError(main.inner_text())


def _ship(yeh: Desk, order: str) -> None:
    yeh.page.goto("/portal")
    yeh.page.get_by_role("main").get_by_role("link", name=order).first.click()
    yeh.page.get_by_role("button", name="Announce a shipment").click()
    today = date.today().isoformat()  # noqa: DTZ011 - a day of the wall, as a supplier types it
    yeh.fill(notice__number="B-90", notice__expected_on=today, notice__lines__0__quantity="40")
    yeh.press("Announce this shipment")
    yeh.leave()


def _count(chang: Desk, order: str) -> None:
    """38 came, one of them with a code that exists."""
    chang.open_task("Check in truck", order)
    chang.fill(gate__vehicle="KLA-2207", gate__cartons="40")
    chang.press("Check in")
    chang.open_task("Count delivery", order)
    chang.fill(receipt__lines__0__counted="38", receipt__lines__0__serials="\n".join(CODES))
    chang.press("Book the count")
    chang.leave()


def _judge(lee: Desk, order: str) -> None:
    """Three have bent fins, 34 are released at once, the duplicate is held for Lee."""
    lee.open_task("Inspect lot", order)
    lee.choose("inspection.criteria.0.outcome", "missed")
    lee.fill(inspection__lines__0__accepted="34", inspection__lines__0__rejected="3")
    lee.fill(inspection__lines__0__defect="cosmetic")
    lee.fill(inspection__lines__0__defect_code="FIN-BENT")
    lee.fill(inspection__lines__0__rejected_serials="\n".join(CODES[:3]))
    lee.press("Give verdict")
    lee.open_task("Identify duplicate serials", order)
    lee.leave()


def _missing_units_are_chased(lin: Desk, order: str) -> None:
    lin.open_task("Ask supplier for a date", order)
    expect(lin.page.locator("main")).to_contain_text("BA-28")
    lin.leave()


def _supplier_sees_the_figures(yeh: Desk, order: str) -> None:
    """Borea sees at once what was counted and accepted, and no order of Hongsheng."""
    yeh.page.goto("/portal")
    main = yeh.page.get_by_role("main")
    expect(main).not_to_contain_text("CP-2-3")
    main.get_by_role("link", name=order).first.click()
    row = yeh.page.locator("tbody tr").first
    expect(row).to_contain_text("38")
    expect(row).to_contain_text("34")
    yeh.leave()


def _follow_a_number(wang: Desk) -> None:
    """Everything holds; a value leads to its costs, and a voucher to the step in the diagram."""
    page = wang.page
    page.goto("/proof")
    expect(page.get_by_role("main")).to_contain_text("All 13 hold.")
    page.goto("/books/stock")
    page.get_by_role("main").get_by_role("link", name="BA-28").first.click()
    expect(page.get_by_role("main")).to_contain_text("16,500")
    page.goto("/books?sku=BA-28")
    page.get_by_role("main").get_by_role("link", name="Book count").first.click()
    expect(page).to_have_url(re.compile(r"/cases/\d+\?step=book_count"))
    expect(page.locator(".djs-container")).to_be_visible()
    wang.leave()


def _number(text: str) -> str:
    found = re.search(r"PO-\d{6}", text)
    assert found is not None
    return found[0]
