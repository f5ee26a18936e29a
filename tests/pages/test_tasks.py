"""Opening, claiming, drafting and completing a task, also too late and by the wrong person."""

import pytest

from app.domain.catalog.products import Sku
from app.kernel.db import db, in_transaction
from app.workflow.records import Task
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import PASSWORD, Visitor
from tests.processes.play import a_delivery

GATE = {"gate.vehicle": "KLA-2207", "gate.cartons": "4"}


@pytest.fixture
def flour() -> Sku:
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])


@pytest.fixture
def gate(flour: Sku) -> str:
    """The address of the first task of a delivery: checking the truck in."""
    a_delivery((flour, 10))
    return f"/tasks/{_only_task()}"


def test_opening_a_task_claims_nothing(bruno: Visitor, gate: str) -> None:
    page = bruno.get(gate)

    assert "Check in truck" in page.text
    assert "nobody has it yet" in page.text
    assert "note how it arrives" in page.text


def test_typing_claims_the_task_and_keeps_the_draft(bruno: Visitor, gate: str) -> None:
    held = bruno.post(f"{gate}/claim", json=True)
    kept = bruno.post(f"{gate}/draft", {"gate.vehicle": "KLA-2207"}, json=True)

    undo = {"address": f"{gate}/release?view=roles", "words": "Give back"}
    assert held.json == {"holder": "you have it", "undo": undo}
    assert kept.json["sentence"].startswith("Draft kept")
    assert 'value="KLA-2207"' in bruno.get(gate).source


def test_a_draft_survives_signing_out(bruno: Visitor, gate: str) -> None:
    bruno.post(f"{gate}/draft", {"gate.vehicle": "KLA-2207"}, json=True)

    bruno.post("/sign-out")
    bruno.sign_in("bruno")

    assert 'value="KLA-2207"' in bruno.get(gate).source


def test_answers_sent_without_a_session_are_a_draft_after_signing_in(
    bruno: Visitor, gate: str
) -> None:
    bruno.client.delete_cookie("houtai")
    door = bruno.send(f"{gate}/completion", GATE)
    kept = door.source.split('name="kept" value="')[1].split('"')[0]

    form = {"username": "bruno", "password": PASSWORD, "next": gate}
    page = bruno.post("/sign-in", form, kept=kept.replace("&#34;", '"'))

    assert door.status == 401
    assert page.address == gate
    assert 'value="KLA-2207"' in page.source


def test_answers_that_need_another_look_come_back_with_their_sentence(
    bruno: Visitor, gate: str
) -> None:
    page = bruno.post(f"{gate}/completion", {"gate.vehicle": "KLA-2207", "gate.cartons": "many"})

    assert page.status == 422
    assert "nothing is lost" in page.text
    assert 'value="KLA-2207"' in page.source


def test_completing_says_what_happened_and_opens_the_next_row(bruno: Visitor, gate: str) -> None:
    page = bruno.post(f"{gate}/completion", GATE)

    assert "Done: Check in truck. Next: Count delivery, by Warehouse keeper." in page.text
    assert page.address == f"/tasks/{_only_task()}?view=roles"


def test_who_comes_too_late_reads_who_was_faster_and_keeps_the_draft(
    bruno: Visitor, ines: Visitor, gate: str
) -> None:
    bruno.post(f"{gate}/completion", GATE)

    late = ines.post(f"{gate}/completion", {"gate.vehicle": "OTHER-1"})

    assert late.status == 409
    assert "Bruno finished this at" in late.text
    assert "OTHER-1" in late.text
    assert late.links("/cases/")


def test_a_draft_on_a_finished_task_is_kept_and_says_so(
    bruno: Visitor, ines: Visitor, gate: str
) -> None:
    bruno.post(f"{gate}/completion", GATE)

    ines.post(f"{gate}/draft", {"gate.vehicle": "OTHER-1"}, json=True)

    assert "OTHER-1" in ines.get(gate).text


def test_a_held_task_names_its_holder(bruno: Visitor, ines: Visitor, gate: str) -> None:
    bruno.post(f"{gate}/claim")

    refused = ines.post(f"{gate}/claim", json=True)

    assert refused.status == 409
    assert refused.json["refused"]
    assert refused.json["sentence"].startswith("Bruno is working on this since")


def test_giving_back_can_be_undone(bruno: Visitor, gate: str) -> None:
    bruno.post(f"{gate}/claim")
    page = bruno.post(f"{gate}/release")

    again = bruno.post(f"{gate}/claim")

    assert f'action="{gate}/claim?view=roles"' in page.source.split('class="toasts"')[1]
    assert "you have it" in again.text


def test_the_wrong_role_is_told_so_and_another_town_sees_nothing(
    lee: Visitor, nils: Visitor, dov: Visitor, gate: str
) -> None:
    same_place = lee.post(f"{gate}/completion", GATE)

    assert same_place.status == 403
    assert "the role Warehouse keeper, which you do not hold here" in same_place.text
    assert nils.get(gate).status == 404
    assert dov.get(gate).status == 404
    assert nils.post(f"{gate}/completion", GATE).status == 404
    assert nils.post(f"{gate}/draft", json=True, a="b").status == 404


def test_who_ordered_reads_that_someone_else_must_count(
    bruno: Visitor, chloe: Visitor, gate: str
) -> None:
    bruno.post(f"{gate}/completion", GATE)
    count = f"/tasks/{_only_task()}"

    page = chloe.get(count)
    refused = chloe.post(f"{count}/completion")

    assert "someone else must do this: Bruno" in page.text
    assert "data-complete" not in page.source
    assert refused.status == 403


def test_a_task_nobody_ever_had_is_not_found(bruno: Visitor) -> None:
    assert bruno.get("/tasks/999").status == 404
    assert bruno.post("/tasks/999/completion").status == 404


def _only_task() -> int:
    db.session.rollback()
    return int(db.session.query(Task.id).order_by(Task.id.desc()).limit(1).scalar())
