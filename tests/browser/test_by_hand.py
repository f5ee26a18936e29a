"""What a day at the screen needs: keys, drafts that keep themselves, a language that changes."""

import pytest
from playwright.sync_api import expect

from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD
from tests.builders.goods import a_sku
from tests.processes.play import a_delivery

VEHICLE = '[name="gate.vehicle"]'


@pytest.fixture
def flour(house: str) -> Sku:
    """Two deliveries of it stand at the gate; Bruno and Ines count."""

    def found() -> Sku:
        for name in ("bruno", "ines"):
            person = people.add(name, name=name.title(), password=PASSWORD)
            memberships.grant(person, "warehouse_keeper", "site:MAIN")
        return a_sku("FLOUR")

    sku = in_transaction(found)
    a_delivery((sku, 10))
    a_delivery((sku, 20))
    return sku


@pytest.mark.usefixtures("flour")
def test_a_task_is_taken_and_finished_from_the_keyboard(sit: Sit) -> None:
    desk = sit("bruno")
    keys = desk.page.keyboard

    keys.press("j")
    keys.press("Enter")
    desk.page.wait_for_url("**/tasks/*")
    keys.press("c")
    expect(desk.page.locator("[data-holder]")).to_have_text("you have it")
    expect(desk.page.locator('[data-key="claim"]')).to_have_count(0)
    desk.fill(gate__vehicle="KLA-2207", gate__cartons="4")
    keys.press("Control+Enter")

    expect(desk.page.locator(".toasts")).to_contain_text("Done: Check in truck.")


@pytest.mark.usefixtures("flour")
def test_slash_searches_and_the_question_mark_lists_the_keys(sit: Sit) -> None:
    desk = sit("bruno")

    desk.page.keyboard.press("?")
    expect(desk.page.locator("#keys")).to_be_visible()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("/")
    desk.page.keyboard.type("FLOUR")
    desk.page.keyboard.press("Enter")

    desk.page.wait_for_url("**/stock/FLOUR")


@pytest.mark.usefixtures("flour")
def test_typing_claims_and_the_draft_survives_reload_and_language(sit: Sit) -> None:
    desk = sit("bruno").take("Check in truck")

    desk.fill(gate__vehicle="KLA-2207")
    expect(desk.page.locator("[data-holder]")).to_have_text("you have it")
    expect(desk.page.locator("[data-draft-state]")).to_contain_text("Draft kept")
    desk.page.reload()
    expect(desk.page.locator(VEHICLE)).to_have_value("KLA-2207")
    desk.fill(gate__seal="S-1")
    desk.page.locator('.languages [value="zh_Hant"]').click()

    expect(desk.page.locator("html")).to_have_attribute("lang", "zh-Hant")
    expect(desk.page.locator(VEHICLE)).to_have_value("KLA-2207")
    expect(desk.page.locator('[name="gate.seal"]')).to_have_value("S-1")


@pytest.mark.usefixtures("flour")
def test_a_scanner_s_enter_never_completes_the_task(sit: Sit) -> None:
    desk = sit("bruno").take("Check in truck")
    address = desk.address

    desk.page.locator(VEHICLE).fill("KLA-2207")
    desk.page.locator(VEHICLE).press("Enter")

    assert desk.address == address
    assert desk.page.locator("[data-complete]").count() == 1


@pytest.mark.usefixtures("flour")
def test_on_a_phone_list_and_task_are_separate_pages(sit: Sit) -> None:
    desk = sit("bruno", width=390)

    expect(desk.page.locator("#rows")).to_be_visible()
    desk.page.locator(".task-row").first.click()

    expect(desk.page.locator("#rows")).to_be_hidden()
    expect(desk.page.locator(VEHICLE)).to_be_visible()
    desk.page.locator("main").get_by_role("link", name="Inbox").click()
    expect(desk.page.locator("#rows")).to_be_visible()


@pytest.mark.usefixtures("flour")
def test_a_colleague_s_task_answers_typing_with_who_has_it(sit: Sit) -> None:
    ines = sit("ines").take("Check in truck")
    sit("bruno").open(ines.address).page.locator('[data-key="claim"]').click()

    ines.fill(gate__vehicle="OTHER-1")

    refusal = ines.page.locator("[data-refusal]")
    expect(refusal).to_contain_text("Bruno is working on this")
