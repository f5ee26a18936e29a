"""What only one of the buttons asks for is shown when that button is pressed, and then sent."""

import pytest
from playwright.sync_api import expect

from app.domain.sourcing import proposals
from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD, Desk
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_sku
from tests.processes.ordering import a_purchase
from tests.workflow.play import Case

WHY_NOT = '[name="refusal"]'


@pytest.fixture
def case(house: str) -> Case:
    """Chloé proposes prices; Petra decides on them."""

    def found() -> Person:
        a_supplier("BOREA")
        a_sku("PIPE")
        petra = people.add("petra", name="Petra", password=PASSWORD)
        memberships.grant(petra, "purchasing_manager", "*")
        chloe = people.add("chloe", name="Chloé", password=PASSWORD)
        memberships.grant(chloe, "buyer", "*")
        return chloe

    chloe = in_transaction(found)
    line = {"sku": "PIPE", "min_quantity": "1", "unit_price": "12"}
    head = {"supplier": "BOREA", "currency": "TWD", "valid_from": "2026-07-01"}
    made = Case.start("price_agreement", {}, by=chloe.id)
    made.complete("propose_prices", by=chloe, offer={**head, "lines": [line]}, intent="propose")
    return made


@pytest.fixture
def petra(sit: Sit, case: Case) -> Desk:
    return sit("petra").open(f"/tasks/{case.task('approve_prices')}")


def test_who_refuses_is_asked_why_before_anything_is_sent(petra: Desk, case: Case) -> None:
    expect(petra.page.locator(WHY_NOT)).to_be_hidden()

    petra.page.get_by_role("button", name="Refuse: back to the buyer").click()
    expect(petra.page.locator(WHY_NOT)).to_be_focused()
    assert case.open == ["approve_prices"]
    petra.page.keyboard.type("Too dear")
    said = petra.complete("Refuse: back to the buyer")

    assert "Done: Approve prices." in said
    number = case.data["proposal"]["proposal_no"]
    assert proposals.by_number(number).reason == "Too dear"


def test_the_button_that_was_pressed_stands_out(petra: Desk) -> None:
    agree = petra.page.get_by_role("button", name="Agree: orders use these prices")
    refuse = petra.page.get_by_role("button", name="Refuse: back to the buyer")
    expect(agree).to_contain_class("btn-accent")

    refuse.click()

    expect(refuse).to_contain_class("btn-accent")
    expect(agree).not_to_contain_class("btn-accent")


def test_who_thinks_better_of_it_agrees_and_is_asked_nothing(petra: Desk, case: Case) -> None:
    petra.page.get_by_role("button", name="Refuse: back to the buyer").click()

    said = petra.complete("Agree: orders use these prices")

    assert "Done: Approve prices." in said
    assert case.status == "finished"


def test_a_refusal_the_server_sends_back_keeps_the_question_open(petra: Desk, case: Case) -> None:
    petra.page.get_by_role("button", name="Refuse: back to the buyer").click()
    petra.fill(refusal=" ")
    petra.page.evaluate("document.querySelector('[name=refusal]').removeAttribute('aria-required')")
    petra.page.evaluate("document.querySelectorAll('.form-star').forEach(star => star.remove())")

    petra.page.get_by_role("button", name="Refuse: back to the buyer").click()

    expect(petra.page.locator(".form-errors")).to_contain_text("Please fill this in.")
    expect(petra.page.locator(WHY_NOT)).to_be_focused()


def test_what_the_first_button_asks_for_is_there_from_the_start(sit: Sit, case: Case) -> None:
    chloe, petra = in_transaction(lambda: (people.named("chloe"), people.named("petra")))
    oil = in_transaction(lambda: a_sku("OIL"))
    order = a_purchase(oil, 100, "10", by=chloe)
    order.complete("approve_price", by=petra, price_reason="Too dear", price_decision="send_back")

    desk = sit("chloe").open(f"/tasks/{order.task('correct_order')}")

    expect(desk.page.locator('[name="order.supplier"]')).to_be_visible()
    expect(desk.page.locator('[name="abandon_reason"]')).to_be_hidden()
    desk.page.get_by_role("button", name="Abandon").click()
    expect(desk.page.locator('[name="abandon_reason"]')).to_be_focused()
    expect(desk.page.locator('[name="order.supplier"]')).to_be_hidden()
