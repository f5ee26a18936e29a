"""A step that fails: the person's answers are kept, an operator tries it again."""

import pytest

from app.domain.inventory.balances import BinFull
from app.domain.supply import receipts
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import Delivery, a_delivery

GATE = {"gate.vehicle": "KLA-2207", "gate.cartons": "4"}


@pytest.fixture
def stopped(bruno: Visitor, olga: Visitor, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    """Bruno's first step met a broken disk, and when it was tried again a gate without room."""
    delivery = a_delivery((in_transaction(lambda: a_sku("FLOUR")), 10))
    task = bruno.get("/inbox").links("/tasks/")[0].split("?")[0]
    with monkeypatch.context() as broken:
        broken.setattr(receipts, "open_for", _broken_disk)
        bruno.post(f"{task}/completion", GATE)
        broken.setattr(receipts, "open_for", _no_room)
        olga.post("/incidents/1/retry")
    return delivery


def test_a_failed_step_is_told_to_the_person_and_mended_by_an_operator(
    bruno: Visitor, olga: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    flour = in_transaction(lambda: a_sku("FLOUR"))
    delivery = a_delivery((flour, 10))
    task = bruno.get("/inbox").links("/tasks/")[0].split("?")[0]

    with monkeypatch.context() as broken:
        broken.setattr(receipts, "open_for", _broken_disk)
        told = bruno.post(f"{task}/completion", GATE)
        failed_again = olga.post("/incidents/1/retry")
    case = bruno.get(f"/cases/{delivery.id}")
    mended = olga.post("/incidents/1/retry")

    assert "Your answers are kept, but a later step failed" in told.text
    assert "It failed again" in failed_again.text
    assert "could not be finished" in case.text
    assert "/incidents/" not in case.source
    assert "the case goes on" in mended.text
    assert "Count delivery" in bruno.get("/inbox").text


def test_incidents_are_for_operators(bruno: Visitor) -> None:
    assert bruno.get("/incidents").status == 403
    assert bruno.post("/incidents/1/retry").status == 403


def test_no_incident_is_good_news(olga: Visitor) -> None:
    assert "No incident is open" in olga.get("/incidents").text
    assert olga.get("/incidents/77").status == 404


def _broken_disk(*_: object) -> None:
    raise OSError("no space left on device")


def test_a_step_that_can_only_fail_again_goes_back_to_who_did_it(
    bruno: Visitor, olga: Visitor, stopped: Delivery
) -> None:
    incident = olga.get("/incidents/1")

    given = olga.post("/incidents/1/return")
    inbox = bruno.get("/inbox")
    again = bruno.get(inbox.links("/tasks/")[0])
    story = olga.get(f"/cases/{stopped.id}?tab=history")
    late = olga.post("/incidents/1/return")

    assert "Give the step back to Bruno" in incident.text
    assert "Bruno has the step again, with what they answered" in given.text
    assert "Olga gave “Check in truck” back to you: it could not be finished" in inbox.text
    assert "nothing of it was done: GATE has room for 1 more; 5 do not fit" in again.text
    assert "KLA-2207" in again.source
    assert "given back by Olga" in olga.get(f"/cases/{stopped.id}").text
    assert "given back" in story.text
    assert (late.status, "already over" in late.text) == (409, True)


@pytest.mark.usefixtures("stopped")
def test_a_refusal_that_stopped_a_step_is_read_in_ones_own_language(olga: Visitor) -> None:
    olga.post("/language", locale="zh_Hans")

    for address in ("/incidents", "/incidents/1"):
        assert "GATE 只放得下 1，放不下 5。" in olga.get(address).text


def _no_room(*_: object) -> None:
    raise BinFull(place="GATE", free=1, wanted=5)
