"""Filters of the inbox, those that people keep by name, and claiming several tasks at once."""

import re

import pytest
from flask import Flask

from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import Delivery, a_delivery


@pytest.fixture
def deliveries(app: Flask) -> list[Delivery]:
    """Three trucks at the gate."""
    flour = in_transaction(lambda: a_sku("FLOUR"))
    return [a_delivery((flour, 10 + number)) for number in range(3)]


def test_a_filter_narrows_the_list_by_role_process_due_time_and_words(
    bruno: Visitor, deliveries: list[Delivery]
) -> None:
    number = _a_number(bruno)

    def shown(query: str) -> int:
        return bruno.get(f"/inbox?view=filter&{query}").source.count('class="task-row"')

    assert shown("role=warehouse_keeper&process=receiving") == 3
    assert shown(f"text={number.lower()}") == 1
    assert shown("due=late") == 0
    assert shown("role=inspector") == 0
    assert shown("process=put_away") == 0


def test_a_kept_view_follows_the_person_and_is_theirs_alone(
    app: Flask, bruno: Visitor, ines: Visitor, deliveries: list[Delivery]
) -> None:
    number = _a_number(bruno)
    kept = bruno.post("/inbox/views", name="Dock 2", text=number)
    elsewhere = Visitor(app).sign_in("bruno").get("/inbox")

    assert re.search(r"Dock 2 1\b", elsewhere.text)
    assert kept.source.count('class="task-row"') == 1
    assert ines.get(kept.address).status == 404
    view_id = kept.address.rpartition("-")[2]
    assert ines.post(f"/inbox/views/{view_id}/removal").status == 404

    task = bruno.get(kept.links("/tasks/")[0])
    assert 'aria-current="page">Dock 2' in task.source

    bruno.post(f"/inbox/views/{view_id}/removal")
    assert "Dock 2" not in bruno.get("/inbox").text


def test_the_same_name_changes_the_view_and_nothing_is_kept_without_a_filter(
    bruno: Visitor, deliveries: list[Delivery]
) -> None:
    first = bruno.post("/inbox/views", name="Mine", text="nowhere")
    second = bruno.post("/inbox/views", name="Mine", process="receiving")
    empty = bruno.post("/inbox/views", name="All")

    assert first.address == second.address
    assert second.source.count('class="task-row"') == len(deliveries)
    assert empty.status == 422


def test_several_tasks_are_claimed_at_once_and_a_colleague_s_stays_theirs(
    bruno: Visitor, ines: Visitor, deliveries: list[Delivery]
) -> None:
    tasks = [one.task("check_in_truck") for one in deliveries]
    ines.post(f"/tasks/{tasks[0]}/claim")

    page = bruno.post("/inbox/claims", task=[str(task) for task in tasks])

    assert "2 tasks are yours now. 1 was taken meanwhile" in page.text
    assert page.address == "/inbox?view=mine"
    assert page.source.count('class="task-row"') == 2


def test_the_list_offers_ticks_only_for_what_may_be_claimed(
    bruno: Visitor, deliveries: list[Delivery]
) -> None:
    bruno.post(f"/tasks/{deliveries[0].task('check_in_truck')}/claim")

    assert bruno.get("/inbox").source.count('form="several" name="task"') == 2


def _a_number(visitor: Visitor) -> str:
    """The order of one of the rows."""
    return "PO-" + visitor.get("/inbox").text.split("PO-")[1].split()[0]
