"""From “This step is wrong” on a task to its answer above the reporter's inbox."""

import re

import pytest
from flask import Flask

from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery

WRONG = "The scale stands in the other hall."


@pytest.fixture
def gate(app: Flask) -> str:
    """The address of a task: checking a truck in."""
    delivery = a_delivery((in_transaction(lambda: a_sku("FLOUR")), 10))
    return f"/tasks/{delivery.task('check_in_truck')}"


@pytest.fixture
def hsu(app: Flask) -> Visitor:
    """Looks after the processes."""
    return a_visitor(app, "hsu", "analyst", scope="*")


def test_what_is_wrong_reaches_the_analyst_with_its_step_and_its_answer_comes_back(
    gate: str, bruno: Visitor, hsu: Visitor
) -> None:
    said = bruno.post(f"{gate}/reports", wrong=WRONG)
    backlog = hsu.get("/backlog")
    report = backlog.links("/backlog/")[0]
    answered = hsu.post(f"{report}/answer", answer="It moves on Monday.")
    line = bruno.get("/inbox")
    read = bruno.post(re.findall(r'action="(/inbox/notices/\d+/seen)"', line.source)[0])

    assert "Reported." in said.text
    assert WRONG in backlog.text
    assert any("step=check_in_truck" in one for one in backlog.links("/cases/"))
    assert "Bruno finds it in the inbox" in answered.text
    assert WRONG not in answered.text
    assert WRONG in hsu.get("/backlog?state=answered").text
    assert "Hsu answered what you said about “Check in truck”" in line.text
    assert "It moves on Monday." in read.text
    assert "Hsu answered" not in bruno.get("/inbox").text


def test_the_backlog_is_for_analysts_and_a_report_for_its_writer(
    gate: str, bruno: Visitor, ines: Visitor, hsu: Visitor
) -> None:
    bruno.post(f"{gate}/reports", wrong=WRONG)
    report = hsu.get("/backlog").links("/backlog/")[0]

    assert bruno.get("/backlog").status == 403
    assert WRONG in bruno.get(report).text
    assert ines.get(report).status == 404
    assert bruno.post(f"{report}/answer", answer="Done.").status == 403
    assert WRONG in hsu.get("/backlog").text


def test_an_empty_report_is_refused_on_the_page_of_the_task(gate: str, bruno: Visitor) -> None:
    page = bruno.post(f"{gate}/reports", wrong=" ")

    assert page.status == 422
    assert "Write a sentence of at most 1000 characters." in page.text
    assert "Check in truck" in page.text


def test_suppliers_are_offered_nothing_and_may_report_nothing(
    gate: str, app: Flask, bruno: Visitor
) -> None:
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    assert "This step is wrong" in bruno.get(gate).text
    assert sven.post(f"{gate}/reports", wrong=WRONG).status == 404
    assert sven.get("/backlog").status == 404
