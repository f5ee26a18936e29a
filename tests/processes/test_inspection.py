"""Inspecting promises: the good part goes on at once, the bad part never reaches a shelf."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.inventory.ledger import SerialsDoNotMatch
from app.domain.supply import quality
from app.effects.verdicts import NotWhollyJudged
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import incidents
from app.workflow.completion import Completion
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import NotYourRole, SomeoneElseMust
from tests.processes.play import (
    a_counted_delivery,
    break_down,
    cases,
    on_hand,
    priority,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case


@pytest.fixture
def lot(flour: Sku, bruno: Person) -> Case:
    """40 FLOUR that Bruno counted wait for a verdict."""
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno)
    return the_case("quality_control")


@pytest.fixture
def units(unit: Sku, bruno: Person) -> Case:
    """Three units that Bruno counted wait for a verdict."""
    a_counted_delivery(unit, ordered=3, counted=3, by=bruno, serials="A1\nA2\nA3")
    return the_case("quality_control")


def _judge(lot: Case, by: Person, step: str = "inspect_lot", **row: str) -> Completion:
    return lot.complete(step, by=by, inspection={"lines": [row]})


def test_a_good_lot_is_handed_to_put_away(lot: Case, flour: Sku, kai: Person) -> None:
    _judge(lot, kai, accepted="40", rejected="0")

    assert lot.status == "finished"
    assert the_case("put_away").open == ["put_away_goods"]
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)
    assert cases("supplier_return") == []


def test_of_a_mixed_lot_the_good_part_goes_on_at_once(lot: Case, flour: Sku, kai: Person) -> None:
    _judge(lot, kai, accepted="37", rejected="3", defect="transport")

    assert the_case("put_away").data["goods"]["quantity"] == "37"
    assert on_hand(flour, "MAIN-REJECT") == Decimal(3)
    assert [case.data["reason"] for case in cases("supplier_return")] == ["inspection"]


def test_a_wholly_bad_lot_waits_for_the_qc_manager(lot: Case, flour: Sku, kai: Person) -> None:
    _judge(lot, kai, accepted="0", rejected="40", defect="expiry")

    assert lot.open == ["decide_lot"]
    assert cases("put_away") == []
    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_rejected_units_are_named_by_their_codes(units: Case, unit: Sku, kai: Person) -> None:
    _judge(units, kai, accepted="2", rejected="1", defect="cosmetic", rejected_serials="A2")

    assert on_hand(unit, "MAIN-REJECT") == Decimal(1)
    assert on_hand(unit, "MAIN-SHELVING") == Decimal(2)


def test_a_rejected_unit_without_its_code_is_refused(units: Case, kai: Person) -> None:
    with pytest.raises(SerialsDoNotMatch):
        _judge(units, kai, accepted="2", rejected="1", defect="cosmetic")

    assert units.open == ["inspect_lot"]


@pytest.mark.parametrize("accepted", ["39", "41"])
def test_every_unit_gets_a_verdict(lot: Case, flour: Sku, kai: Person, accepted: str) -> None:
    with pytest.raises(NotWhollyJudged, match=f"40 pcs of FLOUR .* judged {accepted}"):
        _judge(lot, kai, accepted=accepted, rejected="0")

    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_a_rejection_names_its_defect(lot: Case, kai: Person) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        _judge(lot, kai, accepted="39", rejected="1")

    assert list(refused.value.errors) == ["inspection.lines.0.defect"]


def test_who_counted_may_not_inspect(flour: Sku, lee: Person, kai: Person) -> None:
    a_counted_delivery(flour, ordered=40, counted=40, by=lee)

    with pytest.raises(SomeoneElseMust, match="Kai"):
        _judge(the_case("quality_control"), lee, accepted="40", rejected="0")


def test_keepers_do_not_inspect(lot: Case, ines: Person) -> None:
    with pytest.raises(NotYourRole):
        _judge(lot, ines, accepted="40", rejected="0")


def test_after_eight_hours_the_lot_moves_to_the_top_of_the_inbox(lot: Case) -> None:
    wait_for_next_timer(lot)

    assert lot.open == ["inspect_lot"]
    assert priority(lot, "inspect_lot") == 90


def test_after_twenty_four_hours_the_qc_manager_inspects(
    lot: Case, flour: Sku, hugo: Person
) -> None:
    wait_for_next_timer(lot)
    wait_for_next_timer(lot)

    assert lot.open == ["inspect_overdue_lot"]
    _judge(lot, hugo, "inspect_overdue_lot", accepted="40", rejected="0")
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)


def test_a_verdict_that_could_not_be_booked_is_kept_and_booked_later(
    lot: Case, flour: Sku, kai: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quality, "judge", break_down)
    _judge(lot, kai, accepted="40", rejected="0")
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(0)

    monkeypatch.undo()
    (incident,) = lot.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)
    assert len(cases("put_away")) == 1
