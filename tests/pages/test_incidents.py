"""A step that fails: the person's answers are kept, an operator tries it again."""

import pytest

from app.domain.supply import receipts
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery

GATE = {"gate.vehicle": "KLA-2207", "gate.cartons": "4"}


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
