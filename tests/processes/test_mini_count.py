"""The two-person count promises: stock changes only by what two people, or the manager, found."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.inventory import serials
from app.domain.supply import put_away
from app.domain.supply.releases import StockCount
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.processes.play import an_accepted_delivery, break_down, on_hand
from tests.workflow.play import Case


@pytest.fixture
def doubted(flour: Sku, bruno: Person, kai: Person) -> Case:
    """40 FLOUR were released; Bruno does not find 40."""
    case = an_accepted_delivery(flour, 40, by=bruno, inspected_by=kai)
    case.complete("put_away_goods", by=bruno, put_away_outcome="quantity_differs")
    return case


def _count(case: Case, which: str, quantity: int, *, by: Person, codes: str = "") -> None:
    found = {"quantity": str(quantity), "serials": codes}
    case.complete(f"count_{which}", by=by, counts={which: found})


def _counters() -> tuple[str, str]:
    db.session.rollback()
    row = db.session.query(StockCount).one()
    return row.first_by, row.second_by


def test_what_both_found_is_left_to_put_away(
    doubted: Case, flour: Sku, bruno: Person, ines: Person
) -> None:
    assert doubted.open == ["count_first"]
    _count(doubted, "first", 38, by=bruno)
    _count(doubted, "second", 38, by=ines)

    assert doubted.open == ["put_away_goods"]
    assert doubted.data["rest"] == {"left": "38", "full_bins": [], "difference": "-2"}
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(38)
    assert _counters() == ("bruno", "ines")


def test_goods_too_many_are_a_gain(doubted: Case, flour: Sku, bruno: Person, ines: Person) -> None:
    _count(doubted, "first", 41, by=bruno)
    _count(doubted, "second", 41, by=ines)

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(41)


def test_nothing_there_ends_the_put_away(
    doubted: Case, flour: Sku, bruno: Person, ines: Person
) -> None:
    _count(doubted, "first", 0, by=bruno)
    _count(doubted, "second", 0, by=ines)

    assert doubted.status == "finished"
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(0)


def test_one_person_does_not_count_twice(doubted: Case, bruno: Person, ines: Person) -> None:
    _count(doubted, "first", 38, by=bruno)

    with pytest.raises(SomeoneElseMust, match="Ines"):
        _count(doubted, "second", 38, by=bruno)


def test_two_figures_are_the_managers_to_decide(
    doubted: Case, flour: Sku, bruno: Person, ines: Person, maud: Person
) -> None:
    _count(doubted, "first", 38, by=bruno)
    _count(doubted, "second", 39, by=ines)
    assert doubted.open == ["decide_count"]

    decided = {"quantity": "39", "reason": "One bag behind the pallet"}
    doubted.complete("decide_count", by=maud, counts={"decided": decided})

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(39)
    assert _counters() == ("bruno", "ines")


def test_a_second_doubt_is_counted_anew(
    doubted: Case, flour: Sku, bruno: Person, ines: Person
) -> None:
    _count(doubted, "first", 38, by=bruno)
    _count(doubted, "second", 38, by=ines)
    doubted.complete("put_away_goods", by=bruno, put_away_outcome="quantity_differs")
    _count(doubted, "first", 37, by=bruno)
    _count(doubted, "second", 37, by=ines)

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(37)
    db.session.rollback()
    rows = db.session.query(StockCount).order_by(StockCount.id)
    assert [(row.first_by, row.second_by) for row in rows] == [("bruno", "ines")] * 2


def test_a_missing_unit_is_lost_by_its_code(
    unit: Sku, bruno: Person, ines: Person, kai: Person
) -> None:
    case = an_accepted_delivery(unit, 2, by=bruno, inspected_by=kai, serials="A1\nA2")
    case.complete("put_away_goods", by=bruno, put_away_outcome="quantity_differs")
    _count(case, "first", 1, by=bruno, codes="A2")
    _count(case, "second", 1, by=ines, codes="A2")

    db.session.rollback()
    assert serials.by_code("A1").status == "lost"
    assert on_hand(unit, "MAIN-SHELVING") == Decimal(1)


def test_an_adjustment_that_could_not_be_booked_is_kept_and_booked_later(
    doubted: Case, flour: Sku, bruno: Person, ines: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _count(doubted, "first", 38, by=bruno)
    monkeypatch.setattr(put_away, "settle_count", break_down)
    _count(doubted, "second", 38, by=ines)
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)

    monkeypatch.undo()
    (incident,) = doubted.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(38)
    assert _counters() == ("bruno", "ines")
