"""Handing a task to a colleague, from its page and several at once, with a notice and an undo."""

import re

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import a_delivery


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("FLOUR"))


@pytest.fixture
def gate(flour: Sku, bruno: Visitor) -> str:
    """The address of a task that Bruno holds: checking a truck in."""
    address = f"/tasks/{a_delivery((flour, 10)).task('check_in_truck')}"
    bruno.post(f"{address}/claim")
    return address


@pytest.fixture
def maud(app: Flask) -> Visitor:
    """Runs the warehouse."""
    return a_visitor(app, "maud", "warehouse_manager")


def test_who_is_handed_a_task_finds_a_line_that_leads_to_it(
    gate: str, bruno: Visitor, ines: Visitor
) -> None:
    offered = bruno.get(gate).source
    handed = bruno.post(f"{gate}/assignment", to="ines")
    line = ines.get("/inbox")
    opened = ines.post(_notice(line))

    assert '<option value="ines">Ines</option>' in offered
    assert "Ines has it now" in handed.text
    assert "Bruno handed you “Check in truck”" in line.text
    assert "you have it" in opened.text
    assert "Bruno handed you" not in ines.get("/inbox").text


def test_a_line_is_read_only_by_whom_it_is_for(gate: str, bruno: Visitor, ines: Visitor) -> None:
    bruno.post(f"{gate}/assignment", to="ines")

    assert bruno.post(_notice(ines.get("/inbox"))).status == 404
    assert "Bruno handed you" in ines.get("/inbox").text


def test_undo_takes_it_back_and_the_line_is_gone(gate: str, bruno: Visitor, ines: Visitor) -> None:
    undo = re.search(r'action="([^"]*/assignment/removal[^"]*)"', _handed(bruno, gate).source)
    assert undo

    back = bruno.post(undo[1])

    assert "you have it" in back.text
    assert "Bruno handed you" not in ines.get("/inbox").text


def test_a_colleague_who_may_not_is_refused_with_a_sentence(
    gate: str, bruno: Visitor, ines: Visitor, nils: Visitor
) -> None:
    page = bruno.post(f"{gate}/assignment", to="nils")

    assert page.status == 422
    assert "“nils” cannot do this task. Choose a colleague who can: Ines." in page.text


def test_a_manager_opens_it_from_the_case_and_hands_it_on(
    flour: Sku, maud: Visitor, ines: Visitor, bruno: Visitor
) -> None:
    delivery = a_delivery((flour, 10))
    address = f"/tasks/{delivery.task('check_in_truck')}"

    assert address in maud.get(f"/cases/{delivery.id}").links("/tasks/")
    assert "Ines has it now" in maud.post(f"{address}/assignment", to="ines").text
    assert "handed to Ines" in maud.get(f"/cases/{delivery.id}?tab=history").text


def test_a_manager_of_others_finds_no_such_task(gate: str, app: Flask, ines: Visitor) -> None:
    quinn = a_visitor(app, "quinn", "qc_manager")

    assert quinn.get(gate).status == 404
    assert quinn.post(f"{gate}/assignment", to="ines").status == 404


def test_several_are_handed_on_at_once_and_what_is_refused_is_said(
    flour: Sku, bruno: Visitor, ines: Visitor
) -> None:
    tasks = [a_delivery((flour, 10)).task("check_in_truck") for _ in range(3)]
    for task in tasks[:2]:
        bruno.post(f"/tasks/{task}/claim")

    offered = bruno.get("/inbox?view=mine").source
    handed = bruno.post("/inbox/assignments", task=[str(one) for one in tasks], to="ines")

    assert 'formaction="/inbox/assignments"' in offered
    assert "2 tasks were handed over." in handed.text
    assert "Only who holds this task, or a manager of its role" in handed.text
    assert ines.get("/inbox?view=mine").source.count("data-row") == 2


def _handed(bruno: Visitor, gate: str) -> Page:
    return bruno.post(f"{gate}/assignment", to="ines")


def _notice(page: Page) -> str:
    found = re.search(r'action="(/inbox/notices/\d+/seen)"', page.source)
    assert found
    return found[1]
