"""Several tasks at once with a thumb, and the way back with a key."""

import pytest
from playwright.sync_api import expect

from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD
from tests.builders.goods import a_sku
from tests.processes.play import a_delivery


@pytest.fixture
def _trucks(house: str) -> None:
    """Three stand at the gate; Bruno and Ines count."""

    def found() -> Sku:
        for name in ("bruno", "ines"):
            person = people.add(name, name=name.title(), password=PASSWORD)
            memberships.grant(person, "warehouse_keeper", "site:MAIN")
        return a_sku("FLOUR")

    flour = in_transaction(found)
    for _ in range(3):
        a_delivery((flour, 10))


@pytest.mark.usefixtures("_trucks")
def test_a_thumb_ticks_whole_rows_and_claims_them(sit: Sit) -> None:
    desk = sit("bruno", width=390)
    rows = desk.page.locator(".task-line")
    expect(desk.page.locator("input[name=task]").first).to_be_hidden()

    desk.page.get_by_text("Select", exact=True).click()
    expect(desk.page.locator(".several")).to_be_hidden()
    rows.nth(0).click(position={"x": 250, "y": 30})
    rows.nth(1).click(position={"x": 250, "y": 30})

    assert desk.address.startswith("/inbox")
    expect(desk.page.locator("[data-chosen]")).to_have_text("2 chosen")
    assert desk.violations() == []
    assert not desk.is_too_wide()
    desk.page.get_by_role("button", name="Claim the ticked").click()
    expect(desk.page.locator(".toasts")).to_contain_text("2 tasks are yours now.")


@pytest.mark.usefixtures("_trucks")
def test_a_thumb_hands_its_own_tasks_on_and_undo_takes_them_back(sit: Sit) -> None:
    desk = sit("bruno", width=390)
    for _ in range(2):
        desk.open("/inbox").page.locator('[data-key="next"]').click()
    desk.open("/inbox?view=mine").page.get_by_text("Select", exact=True).click()
    for row in desk.page.locator(".task-line").all():
        row.click(position={"x": 250, "y": 30})

    desk.page.locator("#several-to").select_option("ines")
    desk.page.get_by_role("button", name="Hand over").click()
    expect(desk.page.locator(".toasts")).to_contain_text("2 tasks were handed over.")
    desk.page.get_by_role("button", name="Undo").click()

    expect(desk.page.locator(".toasts")).to_contain_text("2 tasks were taken back")
    expect(desk.page.locator(".task-line")).to_have_count(2)


@pytest.mark.usefixtures("_trucks")
def test_done_leaves_the_rows_to_be_opened_again(sit: Sit) -> None:
    desk = sit("bruno", width=390)
    desk.page.get_by_text("Select", exact=True).click()
    desk.page.locator(".task-line").first.click(position={"x": 250, "y": 30})
    desk.page.locator("label[for=choosing]").click()

    expect(desk.page.locator(".several")).to_be_hidden()
    desk.page.locator(".task-line").first.click()
    desk.page.wait_for_url("**/tasks/*")


@pytest.mark.usefixtures("_trucks")
def test_z_undoes_what_the_page_just_said(sit: Sit) -> None:
    desk = sit("bruno")
    desk.page.locator('[data-key="next"]').click()
    expect(desk.page.locator(".toasts")).to_contain_text("This task is yours now.")

    desk.page.keyboard.press("z")

    expect(desk.page.locator(".toasts")).to_contain_text("Given back to its role.")


@pytest.mark.usefixtures("_trucks")
def test_what_typing_claimed_is_given_back_by_the_same_button(sit: Sit) -> None:
    desk = sit("bruno").take("Check in truck")
    desk.fill(gate__vehicle="KLA-2207")
    expect(desk.page.locator("[data-holder]")).to_have_text("you have it")

    desk.page.get_by_role("button", name="Give back").click()

    expect(desk.page.locator(".toasts")).to_contain_text("Given back to its role.")
    expect(desk.page.locator('[data-key="claim"]')).to_have_text("Claim")
