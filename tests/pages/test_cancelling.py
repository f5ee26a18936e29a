"""Ending a case from its page: the effect is named, why is asked, and the page says who and why."""

import re

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from app.workflow import claims, instances
from tests.api.program import a_program
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.ordering import a_purchase, an_agreement, asked_for, version
from tests.processes.play import a_delivery
from tests.workflow.play import Case


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("FLOUR"))


@pytest.fixture
def petra(app: Flask) -> Visitor:
    """Runs purchasing."""
    return a_visitor(app, "petra", "purchasing_manager")


@pytest.fixture
def case(flour: Sku, chloe: Visitor, petra: Visitor) -> Case:
    """A purchase whose price Petra looks at."""
    case = a_purchase(flour, 100, "10", by=chloe.person)
    task, person = case.task("approve_price"), petra.person
    in_transaction(lambda: claims.claim(task, person))
    return case


def test_the_page_names_what_ends_and_asks_why(case: Case, olga: Visitor) -> None:
    address = f"/cases/{case.id}/cancellation"
    assert address in olga.get(f"/cases/{case.id}").links("/cases/")

    page = olga.get(address)

    assert "Ends the case and its open task; what was booked stays booked." in page.text
    assert "A draft order is given up" in page.text
    assert "Cancel the case and its task" in page.text


def test_a_cancelled_case_says_by_whom_and_why(case: Case, olga: Visitor, petra: Visitor) -> None:
    page = olga.post(f"/cases/{case.id}/cancellation", reason="Ordered by telephone")
    notice = petra.get("/inbox")

    assert "The case is cancelled; who held its tasks is told." in page.text
    assert "Cancelled by Olga at" in page.text
    assert "because: Ordered by telephone" in page.text
    assert "Case cancelled" in page.text
    assert "Ordered by telephone" in olga.get(f"/cases/{case.id}?tab=history").text
    assert "Olga cancelled DRAFT-000001, of which you held a task" in notice.text


def test_a_supplier_reads_that_it_ended_and_not_who_of_us_ended_it(
    flour: Sku, app: Flask, chloe: Visitor, olga: Visitor
) -> None:
    case = asked_for(flour, by=chloe.person)
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")
    task = sven.get("/inbox").links("/tasks/")[0]
    sven.post(f"{task.partition('?')[0]}/claim")

    olga.post(f"/cases/{case.id}/cancellation", reason="Bought elsewhere")
    told = sven.get("/inbox")
    read = sven.post(re.findall(r'action="(/inbox/notices/[^"]+)"', told.source)[0])
    gone = sven.get(task)

    assert "DRAFT-000001 was cancelled; your task of it is gone" in told.text
    assert (read.address, gone.status) == ("/inbox", 404)
    assert not any("Olga" in page.text for page in (told, read, gone))


def test_without_a_reason_nothing_ends(case: Case, olga: Visitor) -> None:
    page = olga.post(f"/cases/{case.id}/cancellation", reason=" ")

    assert page.status == 422
    assert "Say in up to 500 characters why the case ends" in page.text
    assert case.status == "open"


def test_where_goods_wait_the_page_says_what_to_do_instead(
    flour: Sku, olga: Visitor, app: Flask
) -> None:
    case = a_delivery((flour, 10))

    page = olga.get(f"/cases/{case.id}/cancellation")
    sent = olga.post(f"/cases/{case.id}/cancellation", reason="No truck")

    assert "This case is not cancelled by hand. Goods are announced or already here." in page.text
    assert "<textarea" not in page.source
    assert (sent.status, case.status) == (409, "open")


def test_an_order_that_is_out_is_told_before_anybody_presses(
    flour: Sku, chloe: Visitor, olga: Visitor
) -> None:
    an_agreement(flour, "12.5")
    case = a_purchase(flour, 100, None, by=chloe.person)
    before = (case.open, case.data, case.story)

    page = olga.get(f"/cases/{case.id}/cancellation")

    assert re.search(r"PO-\d+ is with its supplier. Change the order", page.text)
    assert "<textarea" not in page.source
    assert (case.open, case.data, case.story) == before


def test_looking_at_the_page_gives_nothing_up(case: Case, olga: Visitor) -> None:
    before = (case.open, case.data, case.story)

    olga.get(f"/cases/{case.id}/cancellation")

    assert (case.status, case.open, case.data, case.story) == ("open", *before)
    assert version(case).order.status == "draft"


def test_who_does_not_run_the_house_is_not_offered_it(
    case: Case, chloe: Visitor, petra: Visitor, bruno: Visitor
) -> None:
    address = f"/cases/{case.id}/cancellation"

    assert address not in chloe.get(f"/cases/{case.id}").links("/cases/")
    assert chloe.get(address).status == 403
    assert chloe.post(address, reason="No").status == 403
    assert bruno.post(address, reason="No").status == 404
    assert address in petra.get(f"/cases/{case.id}").links("/cases/")


def test_a_case_that_is_over_is_not_cancelled_again(case: Case, olga: Visitor) -> None:
    in_transaction(lambda: instances.cancel(case.id, "Twice", olga.person.id))

    assert "/cancellation" not in olga.get(f"/cases/{case.id}").source
    assert "already ended" in olga.get(f"/cases/{case.id}/cancellation").text
    assert olga.post(f"/cases/{case.id}/cancellation", reason="Again").status == 409


def test_a_program_of_an_operator_cancels_with_a_key_for_it(
    app: Flask, case: Case, bruno: Visitor
) -> None:
    path, body = f"/cases/{case.id}/cancellation", {"reason": "Ordered by telephone"}
    reader = a_program(app, "otto", "operator", scope="*", scopes=["cases:read"])
    buyer = a_program(app, "emil", "buyer", scope="*", scopes=["cases:write"])
    writer = a_program(app, "ada", "operator", scope="*", scopes=["cases:write"])

    assert reader.ask("POST", path, body=body).status_code == 403
    assert buyer.ask("POST", path, body=body).status_code == 403
    assert writer.ask("POST", path, body={"reason": ""}).status_code == 422
    answer = writer.ask("POST", path, body=body)

    assert (answer.status_code, answer.json["state"]) == (200, "cancelled")
    assert "Ordered by telephone" in answer.json["sentence"]
