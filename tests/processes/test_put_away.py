"""Put-away promises: goods are available once they lie in a bin, and never before."""

from collections.abc import Callable
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.domain.inventory import ledger, places, reservations
from app.domain.inventory.balances import BinFull
from app.domain.inventory.bins import KeptForAnother
from app.domain.supply import put_away, releases
from app.domain.supply.put_away import MoreThanReleased
from app.effects.put_away import OtherGoods
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import giving_back, incidents
from app.workflow.completion import Completion
from tests.builders.goods import a_bin, a_sku
from tests.builders.office import a_person
from tests.processes.play import (
    an_accepted_delivery,
    break_down,
    on_hand,
    priority,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case, tell

Accept = Callable[..., Case]


@pytest.fixture
def accept(bruno: Person, kai: Person) -> Accept:
    """Let goods arrive and pass inspection."""

    def go(sku: Sku, quantity: int, **row: str) -> Case:
        return an_accepted_delivery(sku, quantity, by=bruno, inspected_by=kai, **row)

    return go


def _put(case: Case, by: Person, quantity: int, *, at: str = "A-01", **more: str) -> Completion:
    answers = {
        "scanned_item": case.data["goods"]["sku"],
        "scanned_bin": at,
        "proposal": {"quantity": str(quantity)},
        "put_away_outcome": "placed",
        **more,
    }
    return case.complete("put_away_goods", by=by, **answers)


def test_goods_in_a_bin_are_available(accept: Accept, flour: Sku, bruno: Person) -> None:
    case = accept(flour, 40)
    assert case.data["proposal"] == {"bin": "A-01", "quantity": "40", "reason": "fixed"}

    _put(case, bruno, 40)

    assert case.status == "finished"
    assert on_hand(flour, "A-01") == Decimal(40)


def test_nothing_is_put_away_for_a_release_that_is_gone(
    accept: Accept, flour: Sku, bruno: Person
) -> None:
    """Its message was told before a recall withdrew the goods, and heard after it."""
    first = accept(flour, 40)
    _put(first, bruno, 40)
    known = first.data
    told = {key: known[key] for key in ("release_no", "receipt_no", "scope", "goods")}

    tell("released", known["release_no"], {**told, "rest": {"left": "40", "full_bins": []}})

    late = the_case("put_away")
    assert late.id != first.id
    assert (late.status, late.incidents) == ("finished", [])


def test_who_put_nothing_into_a_bin_is_asked_again_even_after_a_broken_step(
    accept: Accept, flour: Sku, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = accept(flour, 40)
    monkeypatch.setattr(releases, "locked", break_down)
    _put(case, bruno, 0)
    (incident,) = case.incidents

    monkeypatch.undo()
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert (case.incidents, case.open) == ([], ["put_away_goods"])
    _put(case, bruno, 40)
    assert case.status == "finished"


def test_a_bin_that_filled_up_after_a_broken_step_is_chosen_anew(
    accept: Accept, bruno: Person, ines: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    rice, olga = in_transaction(_rice), a_person("olga", "operator")
    case, other = accept(rice, 40), accept(rice, 60)
    monkeypatch.setattr(ledger, "move", break_down)
    _put(case, bruno, 40, at="R-01")
    monkeypatch.undo()
    _put(other, ines, 60, at="R-01")
    (incident,) = case.incidents
    number = incident.id

    assert not in_transaction(lambda: incidents.retry(number, by=olga.id))
    back = in_transaction(lambda: giving_back.give_back(number, by=olga))
    assert back.person == bruno
    _put(case, bruno, 40, at="R-02")

    assert (case.status, case.incidents) == ("finished", [])
    assert on_hand(rice, "R-02") == Decimal(40)


def test_who_waits_for_the_goods_is_served(accept: Accept, flour: Sku, bruno: Person) -> None:
    case = accept(flour, 40)
    waiting = in_transaction(lambda: _wait_for(flour, 25))

    _put(case, bruno, 40)

    db.session.rollback()
    assert db.session.get_one(reservations.Reservation, waiting).status == "live"


def test_all_units_go_into_one_bin_with_one_scan(accept: Accept, unit: Sku, bruno: Person) -> None:
    case = accept(unit, 2, serials="A1\nA2")

    _put(case, bruno, 2, at="B-01", scanned_item="A2")

    assert on_hand(unit, "B-01") == Decimal(2)


def test_when_the_bin_is_full_the_rest_gets_another_bin(
    accept: Accept, flour: Sku, bruno: Person
) -> None:
    in_transaction(lambda: a_bin("A-02").id)
    case = accept(flour, 40)

    _put(case, bruno, 25, put_away_outcome="bin_full")

    assert case.data["proposal"] == {"bin": "A-02", "quantity": "15", "reason": "empty"}
    _put(case, bruno, 15, at="A-02")
    assert (on_hand(flour, "A-01"), on_hand(flour, "A-02")) == (Decimal(25), Decimal(15))


def test_when_no_bin_is_free_the_manager_names_one(
    accept: Accept, flour: Sku, bruno: Person, maud: Person
) -> None:
    case = accept(flour, 40)
    _put(case, bruno, 0, put_away_outcome="bin_full")
    assert case.open == ["name_bin"]

    in_transaction(lambda: a_bin("Z-99").id)
    case.complete("name_bin", by=maud, proposal={"bin": "Z-99"})

    assert case.open == ["put_away_goods"]
    _put(case, bruno, 40, at="Z-99")
    assert on_hand(flour, "Z-99") == Decimal(40)


def test_other_goods_are_refused(accept: Accept, flour: Sku, bruno: Person) -> None:
    in_transaction(lambda: a_sku("SUGAR").id)
    case = accept(flour, 40)

    with pytest.raises(OtherGoods, match="You scanned SUGAR; PA-000001 is FLOUR"):
        _put(case, bruno, 40, scanned_item="SUGAR")

    assert case.open == ["put_away_goods"]


def test_a_bin_kept_for_other_goods_is_refused(
    accept: Accept, flour: Sku, unit: Sku, bruno: Person
) -> None:
    case = accept(flour, 40)

    with pytest.raises(KeptForAnother):
        _put(case, bruno, 40, at="B-01")


def test_more_than_was_released_is_refused(accept: Accept, flour: Sku, bruno: Person) -> None:
    case = accept(flour, 40)

    with pytest.raises(MoreThanReleased):
        _put(case, bruno, 41)

    assert on_hand(flour, "A-01") == Decimal(0)


def test_two_keepers_and_the_last_free_bin_one_wins_the_other_gets_a_sentence(
    app: Flask, accept: Accept, bruno: Person, ines: Person
) -> None:
    sugar = in_transaction(lambda: _sku_with_little_room("SUGAR", "C-01", room=10))
    first, second = accept(sugar, 10), accept(sugar, 10)
    told: list[str] = []
    begin = Barrier(2)

    def go(case: Case, by: Person) -> None:
        with app.app_context():
            begin.wait()
            try:
                _put(case, by, 10, at="C-01")
            except BinFull as refusal:
                told.append(str(refusal))

    keepers = [Thread(target=go, args=pair) for pair in ((first, bruno), (second, ines))]
    for keeper in keepers:
        keeper.start()
    for keeper in keepers:
        keeper.join()

    assert told == ["C-01 has room for 0 more; 10 do not fit. Choose another place."]
    assert on_hand(sugar, "C-01") == Decimal(10)


def test_after_four_hours_the_goods_move_to_the_top_of_the_inbox(
    accept: Accept, flour: Sku
) -> None:
    case = accept(flour, 40)

    wait_for_next_timer(case)

    assert case.open == ["put_away_goods"]
    assert priority(case, "put_away_goods") == 90


def test_after_a_day_the_manager_names_a_bin(
    accept: Accept, flour: Sku, bruno: Person, maud: Person
) -> None:
    in_transaction(lambda: a_bin("A-02").id)
    case = accept(flour, 40)
    wait_for_next_timer(case)
    wait_for_next_timer(case)
    assert case.open == ["name_bin"]

    case.complete("name_bin", by=maud, proposal={"bin": "A-02"})
    _put(case, bruno, 40, at="A-02")

    assert on_hand(flour, "A-02") == Decimal(40)


def test_a_put_away_that_could_not_be_booked_is_kept_and_booked_later(
    accept: Accept, flour: Sku, bruno: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = accept(flour, 40)
    monkeypatch.setattr(put_away, "shelve", break_down)
    _put(case, bruno, 40)
    assert on_hand(flour, "A-01") == Decimal(0)

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "A-01") == Decimal(40)
    assert the_case("put_away").status == "finished"


def _wait_for(sku: Sku, quantity: int) -> int:
    site = places.site("MAIN")
    return reservations.wait(sku, Decimal(quantity), site=site, document="SO-1").id


def _rice() -> Sku:
    """Goods with a shelf that holds 90, and another beside it."""
    a_bin("R-02")
    return _sku_with_little_room("RICE", "R-01", room=90)


def _sku_with_little_room(code: str, shelf: str, *, room: int) -> Sku:
    sku = a_sku(code)
    a_bin(shelf, fixed_sku_id=sku.id, capacity=Decimal(room))
    return sku
