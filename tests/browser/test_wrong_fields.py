"""After a refusal the cursor stands in the field that it is about, wherever there is a form."""

import pytest
from playwright.sync_api import Page, expect

from app.domain.supply import suppliers
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD
from tests.builders.deliveries import a_supplier


@pytest.fixture
def ada(house: str) -> str:
    """She runs the house and buys for it."""

    def found() -> str:
        person = people.add("ada", name="Ada", password=PASSWORD)
        for role in ("administrator", "buyer", "finance"):
            memberships.grant(person, role, "*")
        return suppliers.by_code(a_supplier().code).code

    assert house
    return in_transaction(found)


@pytest.mark.usefixtures("ada")
def test_a_wrong_password_is_typed_again_at_once(sit: Sit) -> None:
    desk = sit()
    desk.open("/sign-in").fill(username="nobody", password="wrong")

    _press(desk.page, "Sign in")

    _is_at(desk.page, "password", "That name and password do not belong together.")


@pytest.mark.usefixtures("ada")
def test_of_several_forms_on_a_page_the_right_one_is_meant(sit: Sit) -> None:
    desk = sit("ada")
    desk.open("/me").fill(current="wrong", password="another long password")

    _press(desk.page, "Change it, and sign out elsewhere")

    _is_at(desk.page, "current", "That is not the password you sign in with.")


@pytest.mark.usefixtures("ada")
def test_a_name_that_is_taken_is_the_field_to_change(sit: Sit) -> None:
    desk = sit("ada")
    desk.open("/people/new").fill(name="Another", username="ada")

    _press(desk.page, "Add and make the link")

    _is_at(desk.page, "username", "ada is taken.")


def test_of_many_fields_the_one_that_cannot_be_is_found(sit: Sit, ada: str) -> None:
    desk = sit("ada")
    desk.open(f"/suppliers/{ada}/changes/master_data").fill(phone="call us")

    _press(desk.page, "Propose this change")

    _is_at(desk.page, "phone", "is no telephone number.")


@pytest.mark.usefixtures("ada")
def test_a_sentence_about_no_field_leads_to_its_form(sit: Sit) -> None:
    desk = sit("ada")
    desk.open("/imports/products")
    empty = desk.scratch / "products.csv"
    empty.write_text("", encoding="utf-8")
    desk.page.set_input_files("[name=file]", empty)

    _press(desk.page, "Check the file")

    expect(desk.page.locator("[name=file]")).to_be_focused()
    expect(desk.page.locator("[aria-invalid]")).to_have_count(0)


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=button).click()


def _is_at(page: Page, field: str, sentence: str) -> None:
    wrong = page.locator(f'main [name="{field}"]')
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    said = page.locator(f"#{wrong.get_attribute('aria-describedby')}")
    expect(said).to_contain_text(sentence)
