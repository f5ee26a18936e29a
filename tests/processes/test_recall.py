"""A recall: blocked goods stay where they are and serve nobody, until they go back or are free."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.finance.journal import JournalLine
from app.domain.inventory import ledger, opening, places, reservations, serials
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.holds import Blocked
from app.domain.inventory.ledger import Line
from app.domain.inventory.opening import OpeningLine
from app.domain.inventory.reservations import Reservation
from app.domain.inventory.serials import UnknownSerial
from app.domain.supply import stranded, suppliers, withdrawals, yields
from app.domain.supply.withdrawals import MoreThanBlocked
from app.effects.recall import NoSuchLot
from app.identity.people import Person
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from app.workflow.rights import SomeoneElseMust
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.steps import in_a_step
from tests.processes.play import (
    an_accepted_delivery,
    break_down,
    cases,
    on_hand,
    priority,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case


@pytest.fixture
def units(unit: Sku, bruno: Person, ines: Person, kai: Person) -> Sku:
    """Four units lie in bin B-01."""
    shelved = an_accepted_delivery(unit, 4, by=bruno, inspected_by=kai, serials="A1\nA2\nA3\nA4")
    _shelve(shelved, ines, "BA-28", "B-01", "4")
    return unit


@pytest.fixture
def milk(bruno: Person, ines: Person, kai: Person) -> Sku:
    """Ten of lot L1 and ten of lot L2 lie in M-01."""
    sku = in_transaction(_milk)
    for lot in ("L1", "L2"):
        shelved = an_accepted_delivery(sku, 10, by=bruno, inspected_by=kai, lot=lot)
        _shelve(shelved, ines, "MILK", "M-01", "10")
    return sku


def test_blocked_units_are_promised_to_nobody_and_the_promise_moves_to_others(
    units: Sku, lee: Person
) -> None:
    kept = _promise(units, 2)
    assert _balance(units, "B-01").reserved == Decimal(2)

    _recall(lee, scope="units", serials=["A1", "A2"])

    balance = _balance(units, "B-01")
    assert (balance.held, balance.reserved, balance.free) == (Decimal(2), Decimal(2), Decimal(0))
    assert _status(kept) == "live"
    assert _broken() == []


def test_promises_that_nothing_is_left_for_wait_again_the_newest_first(
    units: Sku, lee: Person, hugo: Person
) -> None:
    old, new = _promise(units, 2), _promise(units, 2)

    case = _recall(lee, scope="units", serials=["A1"])
    assert (_status(old), _status(new)) == ("live", "waiting")

    _decide(case, "lift", by=hugo)
    assert (_status(old), _status(new)) == ("live", "live")
    assert _broken() == []


def test_a_blocked_unit_does_not_move_and_its_neighbour_does(units: Sku, lee: Person) -> None:
    in_transaction(lambda: a_bin("B-02").id)
    case = _recall(lee, scope="units", serials=["A1"])

    with pytest.raises(Blocked, match=f"A1 is blocked by {case.data['recall']['recall_no']}"):
        _move(units, "B-01", "B-02", "A1")
    _move(units, "B-01", "B-02", "A2")

    assert on_hand(units, "B-02") == Decimal(1)
    assert _broken() == []


def test_units_that_are_confirmed_go_back_to_their_supplier(
    units: Sku, lee: Person, hugo: Person
) -> None:
    case = _recall(lee, scope="units", serials=["A1", "A3"])
    (row,) = case.data["recall"]["lines"]
    assert (row["place"], row["blocked"], row["serials"]) == ("B-01", "2", "A1, A3")

    _decide(case, "confirm", by=hugo)

    assert case.status == "finished"
    assert on_hand(units, "MAIN-REJECT") == Decimal(2)
    slip = the_case("supplier_return").data["slip"]
    assert (slip["reason"], slip["lines"][0]["serials"]) == ("recall", ["A1", "A3"])
    assert _broken() == []


def test_units_that_lie_in_a_lot_from_before_are_blocked_and_withdrawn_where_they_lie(
    units: Sku, lee: Person, hugo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Units are kept in no lot; an earlier release let them be."""
    with monkeypatch.context() as before:
        before.setattr(ledger, "check", lambda _line: None)
        in_a_step(lambda: stock(units, 1, at=places.location("B-01"), lot="OLD", codes=["A9"]))
    case = _recall(lee, scope="units", serials=["A1", "A3", "A9"])
    assert [_balance(units, "B-01", lot).held for lot in ("", "OLD")] == [2, 1]
    assert [row["serials"] for row in case.data["recall"]["lines"]] == ["A1, A3", "A9"]
    assert _broken() == []

    _decide(case, "confirm", by=hugo)

    assert case.incidents == []
    assert on_hand(units, "MAIN-REJECT") == Decimal(3)
    assert [_balance(units, "B-01", lot).held for lot in ("", "OLD")] == [0, 0]
    assert _broken() == []


def test_a_recall_speaks_against_the_supplier(units: Sku, lee: Person, hugo: Person) -> None:
    before = _lower()

    _decide(_recall(lee, scope="units", serials=["A1", "A3"]), "confirm", by=hugo)

    assert _lower() < before


def test_a_lot_is_blocked_and_the_other_lot_is_not(milk: Sku, lee: Person, hugo: Person) -> None:
    case = _recall(lee, scope="lot", sku="MILK", lot="L1")
    held = [_balance(milk, "M-01", lot).held for lot in ("L1", "L2")]
    assert held == [Decimal(10), Decimal(0)]

    _decide(case, "confirm", by=hugo, bad="4")

    assert on_hand(milk, "MAIN-REJECT") == Decimal(4)
    assert _balance(milk, "M-01", "L1").free == Decimal(6)
    assert _broken() == []


def test_more_of_a_blocked_lot_is_blocked_when_it_comes(
    milk: Sku, lee: Person, bruno: Person, ines: Person, kai: Person
) -> None:
    _recall(lee, scope="lot", sku="MILK", lot="L1")

    with pytest.raises(Blocked, match="MILK L1"):
        an_accepted_delivery(milk, 5, by=bruno, inspected_by=kai, lot="L1")

    assert _balance(milk, "MAIN-QC", "L1").held == Decimal(5)
    assert _broken() == []


def test_what_waits_for_a_shelf_is_withdrawn_and_put_away_no_more(
    flour: Sku, bruno: Person, kai: Person, lee: Person, hugo: Person
) -> None:
    waiting = an_accepted_delivery(flour, 40, by=bruno, inspected_by=kai)
    case = _recall(lee, scope="receipt", receipt_no=waiting.data["receipt_no"])

    with pytest.raises(Blocked):
        _shelve(waiting, bruno, "FLOUR", "A-01", "40")
    _decide(case, "confirm", by=hugo)

    assert (waiting.status, waiting.incidents) == ("finished", [])
    assert on_hand(flour, "MAIN-REJECT") == Decimal(40)
    assert _broken() == []


def test_what_a_recall_leaves_of_a_release_is_put_away(
    flour: Sku, bruno: Person, kai: Person, lee: Person, hugo: Person
) -> None:
    waiting = an_accepted_delivery(flour, 40, by=bruno, inspected_by=kai)
    case = _recall(lee, scope="receipt", receipt_no=waiting.data["receipt_no"])

    _decide(case, "confirm", by=hugo, bad="15")

    assert waiting.open == ["put_away_goods"]
    assert (waiting.data["rest"]["left"], waiting.data["proposal"]["quantity"]) == ("25", "25")
    _shelve(waiting, bruno, "FLOUR", "A-01", "25")
    assert waiting.status == "finished"
    assert _broken() == []


def test_a_bin_named_for_goods_that_are_gone_is_asked_for_no_more(
    flour: Sku, bruno: Person, kai: Person, lee: Person, hugo: Person, maud: Person
) -> None:
    waiting = an_accepted_delivery(flour, 40, by=bruno, inspected_by=kai)
    for _ in range(2):
        wait_for_next_timer(waiting)
    assert waiting.open == ["name_bin"]
    case = _recall(lee, scope="receipt", receipt_no=waiting.data["receipt_no"])
    _decide(case, "confirm", by=hugo)

    waiting.complete("name_bin", by=maud, proposal={"bin": "A-01"})

    assert (waiting.status, waiting.open) == ("finished", [])


def test_customers_who_have_such_units_are_told(
    units: Sku, lee: Person, hugo: Person, carla: Person
) -> None:
    _move(units, "B-01", places.CUSTOMERS, "A4", reason="issued")
    case = _recall(lee, scope="units", serials=["A1", "A4"])
    (away,) = case.data["recall"]["away"]
    assert (away["serial"], away["name"]) == ("A4", units.name)
    assert away["left_with"] == f"B-01-{places.CUSTOMERS}-A4"
    assert datetime.fromisoformat(away["left_at"]) <= clock.now()

    _decide(case, "confirm", by=hugo)
    assert case.open == ["tell_customers"]
    case.complete("tell_customers", by=carla, customers_answer="Fetched on Tuesday")

    _move(units, places.CUSTOMERS, "B-01", "A4", reason="counted")
    assert _balance(units, "B-01").held == Decimal(1)
    assert _broken() == []


def test_who_reported_the_defect_does_not_decide(units: Sku, hugo: Person) -> None:
    case = _recall(hugo, scope="units", serials=["A1"])

    with pytest.raises(SomeoneElseMust):
        _decide(case, "lift", by=hugo)


def test_nobody_withdraws_more_than_is_blocked(milk: Sku, lee: Person, hugo: Person) -> None:
    case = _recall(lee, scope="lot", sku="MILK", lot="L1")

    with pytest.raises(MoreThanBlocked, match="10 of MILK"):
        _decide(case, "confirm", by=hugo, bad="11")

    assert _balance(milk, "M-01", "L1").held == Decimal(10)


def test_goods_nobody_knows_block_nothing(milk: Sku, lee: Person) -> None:
    with pytest.raises(UnknownSerial):
        _recall(lee, scope="units", serials=["Z9"])
    with pytest.raises(NoSuchLot):
        _recall(lee, scope="lot", sku="MILK", lot="L9")

    assert cases("recall") == []


def test_an_undecided_recall_moves_to_the_top_of_the_inbox(units: Sku, lee: Person) -> None:
    case = _recall(lee, scope="units", serials=["A1"])
    wait_for_next_timer(case)

    assert priority(case, "review_recall") == 90


def test_a_broken_withdrawal_is_kept_and_booked_later(
    units: Sku, lee: Person, hugo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = _recall(lee, scope="units", serials=["A1"])
    monkeypatch.setattr(withdrawals, "confirm", break_down)
    _decide(case, "confirm", by=hugo)
    assert on_hand(units, "MAIN-REJECT") == Decimal(0)

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(units, "MAIN-REJECT") == Decimal(1)


def test_units_of_no_delivery_go_to_a_supplier_at_what_they_are_worth(
    unit: Sku, lee: Person, hugo: Person
) -> None:
    _lay_open(unit, "B-01", 2, "400", "O1", "O2")
    case = _recall(lee, scope="units", serials=["O1"])
    _decide(case, "confirm", by=hugo)
    assert case.open == ["decide_stranded"]

    case.complete("decide_stranded", by=hugo, withdrawn={"way": "return", "supplier": "BOREA"})

    assert case.status == "finished"
    assert on_hand(unit, "MAIN-REJECT") == Decimal(0)
    assert serials.by_code("O1").location.code == "SUPPLIER:BOREA"
    assert _booked("payables") == 400_00
    assert _booked("received_not_billed") == 0
    assert _broken() == []


def test_goods_of_no_delivery_are_scrapped_with_a_voucher(
    flour: Sku, lee: Person, hugo: Person
) -> None:
    _lay_open(flour, "A-01", 10, "3")
    case = _recall(lee, scope="lot", sku="FLOUR", lot="")
    _decide(case, "confirm", by=hugo, bad="4")

    case.complete("decide_stranded", by=hugo, withdrawn={"way": "scrap"})

    assert [int(on_hand(flour, place)) for place in ("MAIN-REJECT", "A-01")] == [0, 6]
    assert (_booked("stock_loss"), _booked("stock")) == (12_00, 18_00)
    assert _broken() == []


def test_what_no_delivery_brought_beside_what_one_did_is_decided_apart(
    units: Sku, lee: Person, hugo: Person
) -> None:
    _lay_open(units, "B-01", 1, "400", "O1")
    case = _recall(lee, scope="units", serials=["A1", "O1"])

    _decide(case, "confirm", by=hugo)

    assert the_case("supplier_return").data["slip"]["lines"][0]["serials"] == ["A1"]
    assert [row["serials"] for row in case.data["withdrawn"]["stranded"]] == ["O1"]
    case.complete("decide_stranded", by=hugo, withdrawn={"way": "scrap"})
    assert on_hand(units, "MAIN-REJECT") == Decimal(1)
    assert _broken() == []


def test_goods_are_parted_with_later_when_the_booking_broke(
    unit: Sku, lee: Person, hugo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay_open(unit, "B-01", 1, "400", "O1")
    case = _recall(lee, scope="units", serials=["O1"])
    _decide(case, "confirm", by=hugo)
    monkeypatch.setattr(stranded, "scrap", break_down)
    case.complete("decide_stranded", by=hugo, withdrawn={"way": "scrap"})
    assert on_hand(unit, "MAIN-REJECT") == Decimal(1)

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(unit, "MAIN-REJECT") == Decimal(0)


def _lay_open(sku: Sku, place: str, quantity: int, cost: str, *codes: str) -> None:
    """Opening stock, which came with no receipt."""

    def step() -> int:
        a_supplier()
        line = OpeningLine(
            line_no=1,
            sku_id=sku.id,
            location_id=places.location(place).id,
            quantity=Decimal(quantity),
            serials=list(codes),
            unit_cost=Decimal(cost),
        )
        return opening.post(opening.write_down([line], given_by="chloe"))

    in_a_step(step)


def _booked(account: str) -> int:
    db.session.rollback()
    total = select(func.sum(JournalLine.amount)).filter_by(account=account)
    return db.session.scalar(total) or 0


def _recall(by: Person, **suspicion: Any) -> Case:
    data = {"suspicion": {**suspicion, "reason": "Fins bend"}, "scope": a_site().scope}
    return Case.start("recall", data, by=by.id)


def _decide(case: Case, decision: str, *, by: Person, bad: str = "") -> None:
    lines = case.data["recall"]["lines"]
    rows = [{"bad": bad or row["bad"]} if row["can_be_withdrawn"] else {} for row in lines]
    answers = {"recall_findings": "Seen", "recall_decision": decision}
    case.complete("review_recall", by=by, recall={"lines": rows}, **answers)


def _milk() -> Sku:
    sku = a_sku("MILK", serial_policy="lot")
    a_bin("M-01")
    return sku


def _shelve(case: Case, by: Person, sku: str, place: str, quantity: str) -> None:
    case.complete(
        "put_away_goods",
        by=by,
        scanned_item=sku,
        scanned_bin=place,
        proposal={"quantity": quantity},
        put_away_outcome="placed",
    )


def _promise(sku: Sku, quantity: int) -> int:
    def step() -> int:
        own = db.session.merge(sku)
        return reservations.take(own, Decimal(quantity), site=a_site(), document="SO-1").id

    return in_transaction(step)


def _status(reservation_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Reservation, reservation_id).status


def _move(sku: Sku, source: str, target: str, code: str, *, reason: str = "moved") -> None:
    def step() -> None:
        ends = places.location(source), places.location(target)
        line = Line(serials.by_code(code).sku, *ends, Decimal(1), "", (code,))
        ledger.move([line], reason=reason, document=f"{source}-{target}-{code}")

    in_a_step(step)


def _balance(sku: Sku, place: str, lot: str = "") -> StockBalance:
    db.session.rollback()
    location = places.location(place)
    return (
        db.session.query(StockBalance)
        .filter_by(sku_id=sku.id, location_id=location.id, lot=lot)
        .one()
    )


def _lower() -> float:
    db.session.rollback()
    return yields.of(suppliers.by_code("BOREA").id, "", at=clock.now()).lower


def _broken() -> list[str]:
    """Moves of these tests themselves belong to no step; everything else must hold."""
    db.session.rollback()
    return [each.code for each in proof.run() if not each.holds and each.code != "I9"]
