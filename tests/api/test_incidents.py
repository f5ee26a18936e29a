"""Programs of operators mend what stopped."""

import pytest
from flask import Flask

from app.domain.inventory import ledger
from app.domain.supply import receipts
from tests.api.program import Program
from tests.api.test_work import COUNTED, a_delivery, complete, the_task
from tests.processes.play import break_down

GATE = {"gate.vehicle": "KLA-2207"}


def test_a_step_is_given_back_once_and_answered_anew(
    app: Flask, bruno: Program, olga: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_delivery()
    with monkeypatch.context() as broken:
        broken.setattr(receipts, "open_for", break_down)
        (incident,) = complete(bruno, number, "check_in_truck", GATE).json["incidents"]

    foreign = bruno.post(f"/incidents/{incident}/return")
    back = olga.post(f"/incidents/{incident}/return")
    twice = olga.post(f"/incidents/{incident}/return")

    assert foreign.status_code == 403
    assert (back.status_code, back.json["resolved_at"] is not None) == (200, True)
    assert (twice.status_code, twice.json["code"]) == (409, "already_resolved")
    task = the_task(bruno, number, "check_in_truck")
    assert (task["holder"], task["draft"]) == ("Bruno", GATE)
    assert complete(bruno, number, "check_in_truck", GATE).json["incidents"] == []
    assert complete(bruno, number, "count_delivery", COUNTED).status_code == 200


def test_what_was_booked_before_it_stopped_stays(
    bruno: Program, olga: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = a_delivery()
    complete(bruno, number, "check_in_truck", GATE)
    with monkeypatch.context() as broken:
        broken.setattr(ledger, "move", break_down)
        (incident,) = complete(bruno, number, "count_delivery", COUNTED).json["incidents"]

    late = olga.post(f"/incidents/{incident}/return")

    assert (late.status_code, late.json["code"]) == (409, "too_late_to_give_back")
    olga.post(f"/incidents/{incident}/retry")
    assert bruno.get("/stock/FLOUR").json["in_qc"] == "8"
