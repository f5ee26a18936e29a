"""A failed lot: nothing of it moves until it is decided, and the decision is booked to the end."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.finance.late_costs import LateCost
from app.domain.finance.pools import CostPool
from app.domain.inventory import places
from app.domain.inventory.moves import StockMove
from app.domain.supply import purchase_orders, samples, suppliers
from app.domain.supply.charge_notes import ChargeNote, NothingToCharge
from app.domain.supply.claims import CreditDiffers
from app.domain.supply.concessions import NoPriceToCut
from app.domain.supply.receipts import Inspection
from app.effects.verdicts import NotWhollyJudged
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents, opened
from app.workflow.completion import Completion
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import SomeoneElseMust
from tests.processes.play import (
    a_delivery,
    break_down,
    cases,
    on_hand,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case


@pytest.fixture
def lot(flour: Sku, bruno: Person, kai: Person) -> Case:
    """Of 40 FLOUR at 12.50 Kai looked at 5 and found 2 bad: the sample fails the lot."""
    return _failed(flour, bruno, kai, price="12.50")


def test_a_failed_sample_leaves_the_whole_lot_where_it_is(lot: Case, flour: Sku) -> None:
    assert lot.open == ["decide_lot"]
    assert on_hand(flour, "MAIN-QC") == Decimal(40)
    assert cases("put_away") == cases("supplier_return") == []


def test_who_decides_reads_what_is_at_stake_and_who_inspected(lot: Case, hugo: Person) -> None:
    verdict = opened.task(lot.task("decide_lot"), hugo).data["verdict"]

    assert (verdict["worth"], verdict["judge"]) == ("500 TWD", "Kai")


def test_who_asks_for_the_credit_reads_since_when_and_whom_to_reach(
    lot: Case, hugo: Person, fiona: Person
) -> None:
    in_transaction(lambda: setattr(suppliers.by_code("BOREA"), "phone", "+886 2 1234"))
    _decide(lot, hugo, "scrap", bearer="supplier")

    owed = opened.task(lot.task("record_charge_credit"), fiona).data["disposed"]
    assert (owed["charged_on"], owed["contact"][:11]) == ("2026-06-01", "+886 2 1234")


def test_the_lot_goes_back_whole(lot: Case, flour: Sku, hugo: Person) -> None:
    _decide(lot, hugo, "return")

    assert on_hand(flour, "MAIN-REJECT") == Decimal(40)
    assert the_case("supplier_return").data["slip"]["lines"][0]["quantity"] == "40"
    assert (_inspection().looked_at, _inspection().bad_found) == (Decimal(5), Decimal(2))
    assert _over(lot)


def test_sorting_releases_the_good_and_sets_the_bad_aside(
    lot: Case, flour: Sku, hugo: Person, kai: Person
) -> None:
    _decide(lot, hugo, "sort")
    _part(lot, kai, "sort_lot", accepted="33", rejected="7")

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(33)
    assert on_hand(flour, "MAIN-REJECT") == Decimal(7)
    assert (_inspection().looked_at, _inspection().bad_found) == (Decimal(40), Decimal(7))
    assert _over(lot)


def test_sorting_judges_every_unit(lot: Case, hugo: Person, kai: Person) -> None:
    _decide(lot, hugo, "sort")

    with pytest.raises(NotWhollyJudged, match="40 pcs of FLOUR"):
        _part(lot, kai, "sort_lot", accepted="33", rejected="6")

    assert lot.open == ["sort_lot"]


def test_rework_is_charged_to_the_supplier_until_they_pay(
    lot: Case, flour: Sku, hugo: Person, kai: Person, fiona: Person
) -> None:
    _decide(lot, hugo, "rework", rework_instruction="Straighten the fins")
    _part(
        lot,
        kai,
        "rework_lot",
        accepted="40",
        rejected="0",
        rework={"cost": "120.50", "note": "Two hours"},
    )

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)
    assert lot.open == ["record_charge_credit"]
    note = db.session.scalars(select(ChargeNote)).one()
    assert (note.number, note.total_minor, note.kind) == ("DC-000001", 12050, "rework")
    _credit(lot, fiona, amount="120.50")
    assert _over(lot)


def test_who_reworks_reads_in_which_currency_the_cost_is(
    lot: Case, hugo: Person, kai: Person
) -> None:
    _decide(lot, hugo, "rework", rework_instruction="Straighten the fins")

    task = opened.task(lot.task("rework_lot"), kai)
    assert task.form is not None
    shown = task.form.view(task.data)
    (cost,) = [part for part in shown["components"] if part.get("name") == "rework.cost"]
    assert (cost["label"], cost["unit"]) == ("Cost of the rework", "TWD")


def test_rework_that_cost_nothing_is_not_charged(lot: Case, hugo: Person, kai: Person) -> None:
    _decide(lot, hugo, "rework", rework_instruction="Wipe")
    _part(lot, kai, "rework_lot", accepted="40", rejected="0", rework={"cost": "0", "note": "-"})

    assert _over(lot)


def test_a_concession_lowers_what_the_goods_cost_and_what_we_owe(
    lot: Case, flour: Sku, hugo: Person, chloe: Person
) -> None:
    before = _worth(flour)
    _decide(lot, hugo, "concession", price_cut_percent="20")
    lot.complete("agree_concession", by=chloe, agreed_with="Mr Chou", concession_answer="agree")

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)
    assert (before, _worth(flour)) == (50_000, 40_000)
    late = db.session.scalars(select(LateCost)).one()
    assert (late.kind, late.amount, late.to_stock) == ("concession", -10_000, -10_000)
    assert _over(lot)


def test_a_buyer_who_objects_sends_the_lot_back_to_the_decision(
    lot: Case, flour: Sku, hugo: Person, chloe: Person
) -> None:
    _decide(lot, hugo, "concession", price_cut_percent="20")
    lot.complete(
        "agree_concession", by=chloe, concession_answer="object", concession_objection="Too little"
    )

    assert lot.open == ["decide_lot"]
    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_what_has_no_price_gets_no_cut_and_nothing_is_booked(
    flour: Sku, bruno: Person, kai: Person, hugo: Person, chloe: Person
) -> None:
    lot = _failed(flour, bruno, kai, price=None)
    _decide(lot, hugo, "concession", price_cut_percent="20")

    with pytest.raises(NoPriceToCut, match="FLOUR"):
        lot.complete("agree_concession", by=chloe, agreed_with="Chou", concession_answer="agree")

    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_scrap_that_we_bear_is_a_loss_at_its_cost(lot: Case, flour: Sku, hugo: Person) -> None:
    _decide(lot, hugo, "scrap", bearer="us")

    assert (_worth(flour), _on(places.SCRAPPED)) == (0, ["scrapped"])
    assert _over(lot)


def test_scrap_that_the_supplier_bears_is_charged_at_its_price(
    lot: Case, hugo: Person, fiona: Person
) -> None:
    _decide(lot, hugo, "scrap", bearer="supplier")

    note = db.session.scalars(select(ChargeNote)).one()
    assert (note.total_minor, note.kind) == (50_000, "scrap")
    with pytest.raises(CreditDiffers):
        _credit(lot, fiona, amount="400")
    _credit(lot, fiona, amount="400", reason="Settled on the phone")
    assert _over(lot)


def test_scrap_of_unknown_price_is_not_charged_and_nothing_is_booked(
    flour: Sku, bruno: Person, kai: Person, hugo: Person
) -> None:
    lot = _failed(flour, bruno, kai, price=None)

    with pytest.raises(NothingToCharge):
        _decide(lot, hugo, "scrap", bearer="supplier")

    assert on_hand(flour, "MAIN-QC") == Decimal(40)


def test_after_fourteen_working_days_finance_presses_for_the_charge(
    lot: Case, hugo: Person, fiona: Person
) -> None:
    _decide(lot, hugo, "scrap", bearer="supplier")
    wait_for_next_timer(lot)

    assert lot.open == ["press_for_charge", "record_charge_credit"]
    lot.complete("press_for_charge", by=fiona, charge_pressing="By Friday")
    _credit(lot, fiona, amount="500")
    assert _over(lot)


def test_who_inspected_does_not_decide(
    flour: Sku, bruno: Person, abel: Person, hugo: Person
) -> None:
    lot = _failed(flour, bruno, abel, price="1")

    with pytest.raises(SomeoneElseMust, match="Hugo"):
        _decide(lot, abel, "return")


@pytest.mark.parametrize("decision", ["concession", "scrap", "rework"])
def test_a_decision_says_all_it_needs(lot: Case, hugo: Person, decision: str) -> None:
    with pytest.raises(InvalidAnswers):
        _decide(lot, hugo, decision)


def test_a_broken_scrapping_is_kept_and_booked_later(
    lot: Case, flour: Sku, hugo: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "scrap", break_down)
    _decide(lot, hugo, "scrap", bearer="us")
    assert on_hand(flour, "MAIN-QC") == Decimal(40)

    monkeypatch.undo()
    (incident,) = lot.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert on_hand(flour, "MAIN-QC") == Decimal(0)
    assert _over(lot)


def _failed(sku: Sku, counter: Person, inspector: Person, *, price: str | None) -> Case:
    delivery = a_delivery((sku, 40))
    number = delivery.data["po_no"]
    in_transaction(lambda: _price(number, price))
    delivery.check_in(by=counter)
    delivery.count({"counted": "40"}, by=counter)
    case = the_case("quality_control")
    row = {"looked_at": "5", "accepted": "38", "rejected": "2", "defect": "function"}
    case.complete("inspect_lot", by=inspector, inspection={"lines": [row]})
    return case


def _price(number: str, price: str | None) -> None:
    for line in purchase_orders.by_number(number).lines:
        line.unit_price = Decimal(price) if price else None


def _decide(lot: Case, by: Person, decision: str, **answers: str) -> Completion:
    return lot.complete(
        "decide_lot", by=by, disposition=decision, disposition_reason="Bent fins", **answers
    )


def _part(
    lot: Case, by: Person, step: str, *, accepted: str, rejected: str, **more: object
) -> None:
    row = {"accepted": accepted, "rejected": rejected}
    lot.complete(step, by=by, verdict={"failed": [row]}, **more)


def _credit(lot: Case, by: Person, **answers: str) -> None:
    lot.complete("record_charge_credit", by=by, charge_credit={"number": "CN-9", **answers})


def _worth(sku: Sku) -> int:
    db.session.rollback()
    return db.session.scalar(select(CostPool.value).filter_by(sku_id=sku.id)) or 0


def _on(place: str) -> list[str]:
    """Why goods went to a place outside, from the moves of the last step."""
    db.session.rollback()
    assert places.location(place).is_virtual
    query = select(StockMove.reason).order_by(StockMove.id.desc()).limit(1)
    return list(db.session.scalars(query))


def _inspection() -> Inspection:
    db.session.rollback()
    return db.session.scalars(select(Inspection).order_by(Inspection.id.desc())).first() or _none()


def _none() -> Inspection:
    raise AssertionError("nobody inspected anything")


def _over(lot: Case) -> bool:
    """The case is over, and the books hold."""
    status = lot.status
    db.session.rollback()
    assert [each.code for each in proof.run() if not each.holds] == []
    return status == "finished"
