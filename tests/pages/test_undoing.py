"""What can honestly be undone has a way back where it is said: one task, several, a draft."""

import html
import re

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import db, in_transaction
from app.workflow.records import Task
from tests.builders.goods import a_sku
from tests.pages.visitor import Page, Visitor
from tests.processes.play import a_delivery


@pytest.fixture
def tasks(app: Flask, bruno: Visitor) -> list[int]:
    """Three trucks at the gate."""
    flour: Sku = in_transaction(lambda: a_sku("FLOUR"))
    return [a_delivery((flour, 10)).task("check_in_truck") for _ in range(3)]


def test_claiming_is_undone_and_giving_back_too(tasks: list[int], bruno: Visitor) -> None:
    claimed = bruno.post(f"/tasks/{tasks[0]}/claim")
    back = _undo(bruno, claimed)
    again = _undo(bruno, back)

    assert "Given back to its role." in back.text
    assert "This task is yours now." in again.text
    assert _holders(tasks) == [bruno.person.id, None, None]


def test_several_are_claimed_and_given_back_at_once(tasks: list[int], bruno: Visitor) -> None:
    claimed = bruno.post("/inbox/claims", task=_texts(tasks[:2]))
    assert _holders(tasks) == [bruno.person.id, bruno.person.id, None]

    back = _undo(bruno, claimed)
    assert "2 tasks were given back." in back.text
    assert _holders(tasks) == [None, None, None]

    _undo(bruno, back)
    assert _holders(tasks) == [bruno.person.id, bruno.person.id, None]


def test_one_s_own_tasks_can_be_ticked_and_given_back(tasks: list[int], bruno: Visitor) -> None:
    bruno.post("/inbox/claims", task=_texts(tasks))

    page = bruno.get("/inbox?view=mine")
    back = bruno.post("/inbox/releases", task=_texts(tasks[1:]), view="mine")

    assert page.source.count('name="task"') == 3
    assert 'formaction="/inbox/releases"' in page.source
    assert "2 tasks were given back." in back.text
    assert _holders(tasks) == [bruno.person.id, None, None]


def test_undo_gives_back_only_what_was_claimed_by_it(
    tasks: list[int], bruno: Visitor, ines: Visitor
) -> None:
    ines.post(f"/tasks/{tasks[0]}/claim")

    claimed = bruno.post("/inbox/claims", task=_texts(tasks[:2]))

    assert "1 task is yours now. 1 was taken meanwhile, or is not for you." in claimed.text
    _undo(bruno, claimed)
    assert _holders(tasks) == [ines.person.id, None, None]


def test_what_was_handed_over_several_at_once_is_taken_back(
    tasks: list[int], bruno: Visitor, ines: Visitor
) -> None:
    bruno.post("/inbox/claims", task=_texts(tasks[:2]))
    handed = bruno.post("/inbox/assignments", task=_texts(tasks[:2]), to="ines", view="mine")
    assert _holders(tasks) == [ines.person.id, ines.person.id, None]

    back = _undo(bruno, handed)

    assert "2 tasks were taken back; your colleague is not told." in back.text
    assert _holders(tasks) == [bruno.person.id, bruno.person.id, None]
    assert "handed you" not in ines.get("/inbox").text


def test_a_draft_that_was_put_aside_comes_back(tasks: list[int], bruno: Visitor) -> None:
    address = f"/tasks/{tasks[0]}"
    bruno.post(f"{address}/draft", {"gate.vehicle": "KLA-2207"})
    assert "KLA-2207" in bruno.get(address).source

    afresh = bruno.post(f"{address}/draft/removal")
    assert "KLA-2207" not in afresh.source
    assert "KLA-2207" in _undo(bruno, afresh).source


def test_a_draft_typed_afterwards_is_not_overwritten(tasks: list[int], bruno: Visitor) -> None:
    address = f"/tasks/{tasks[0]}"
    bruno.post(f"{address}/draft", {"gate.vehicle": "KLA-2207"})
    afresh = bruno.post(f"{address}/draft/removal")
    bruno.post(f"{address}/draft", {"gate.vehicle": "AB-1"})

    late = _undo(bruno, afresh)

    assert (late.status, "There is no draft to bring back" in late.text) == (409, True)
    assert "AB-1" in bruno.get(address).source


def _undo(visitor: Visitor, page: Page) -> Page:
    """Press Undo in what the page says about what just happened."""
    said = page.source.split('class="toasts"', 1)[1]
    found = re.search(r'<form method="post" action="([^"]+)">', said)
    assert found
    return visitor.post(html.unescape(found[1]))


def _texts(tasks: list[int]) -> list[str]:
    return [str(one) for one in tasks]


def _holders(tasks: list[int]) -> list[int | None]:
    db.session.rollback()
    return [db.session.get_one(Task, one, populate_existing=True).holder_id for one in tasks]
