"""A lot is looked at as closely as its supplier's record and its risk ask for."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.supply import receipts, suppliers, yields
from app.domain.supply.criteria import Criterion, DefectCode, QualityClass
from app.domain.supply.receipts import Inspection
from app.effects.inspection import MoreBadThanSeen, NotMeasured, OutsideLimits, SampleTooSmall
from app.identity.people import Person
from app.kernel import clock, policy
from app.kernel.db import db, in_transaction
from tests.builders.goods import a_sku
from tests.processes.play import a_counted_delivery, a_delivery, cases, on_hand, the_case
from tests.workflow.play import Case


def test_a_lot_is_sampled_by_the_table_of_iso_2859(flour: Sku, bruno: Person, kai: Person) -> None:
    lot = _counted(flour, bruno, 200)
    assert _plan(lot) == {"method": "sample", "letter": "G", "size": "32", "accept": "2"}

    _judge(lot, kai, looked_at="32", accepted="198", rejected="2")

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(198)
    assert on_hand(flour, "MAIN-REJECT") == Decimal(2)
    assert _broken() == []


@pytest.mark.parametrize(
    ("aql", "plan"),
    [("4.0", ("G", "32", "3")), ("1.0", ("H", "50", "1")), ("0.65", ("F", "20", "0"))],
)
def test_arrows_of_the_table_are_followed(
    flour: Sku, bruno: Person, aql: str, plan: tuple[str, str, str]
) -> None:
    _set("quality_control.aql_normal", aql)

    found = _plan(_counted(flour, bruno, 200))

    assert (found["letter"], found["size"], found["accept"]) == plan


def test_one_bad_unit_more_than_the_plan_lets_pass_fails_the_lot(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    lot = _counted(flour, bruno, 200)

    _judge(lot, kai, looked_at="32", accepted="197", rejected="3")

    assert lot.open == ["decide_lot"]
    assert on_hand(flour, "MAIN-QC") == Decimal(200)


def test_a_sample_is_as_large_as_the_plan_says(flour: Sku, bruno: Person, kai: Person) -> None:
    lot = _counted(flour, bruno, 200)

    with pytest.raises(SampleTooSmall, match=r"32 of FLOUR .* looked at 31"):
        _judge(lot, kai, looked_at="31", accepted="200", rejected="0")
    with pytest.raises(MoreBadThanSeen):
        _judge(lot, kai, looked_at="32", accepted="167", rejected="33")


def test_a_supplier_who_is_good_without_doubt_is_not_looked_at(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    _seen(flour, bruno, kai, good=4_000)

    lot = _counted(flour, bruno, 200)

    assert (lot.status, _plan(lot)["method"]) == ("finished", "skip")
    assert on_hand(flour, "MAIN-SHELVING") == Decimal(4_200)
    assert _last().looked_at == Decimal(0)


def test_nothing_dangerous_goes_unseen(flour: Sku, bruno: Person, kai: Person) -> None:
    _risk("high")
    _seen(flour, bruno, kai, good=4_000)

    assert _plan(_counted(flour, bruno, 200)) == {
        "method": "sample",
        "letter": "H",
        "size": "50",
        "accept": "1",
    }


def test_a_supplier_with_a_bad_record_is_looked_at_wholly(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    _seen(flour, bruno, kai, good=70, bad=30)

    assert _plan(_counted(flour, bruno, 200))["method"] == "every"


def test_old_verdicts_count_for_little_and_very_old_ones_not_at_all(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    _seen(flour, bruno, kai, good=70, bad=30)
    now = clock.now()
    db.session.rollback()
    borea = suppliers.by_code("BOREA").id

    lowers = [
        yields.of(borea, "", at=now + timedelta(days=days)).lower for days in (0, 90, 170, 181)
    ]

    assert lowers == sorted(lowers)
    assert lowers[3] == yields.of(borea, "another category", at=now).lower


def test_units_with_codes_are_judged_one_by_one(unit: Sku, bruno: Person) -> None:
    a_counted_delivery(unit, ordered=3, counted=3, by=bruno, serials="A1\nA2\nA3")

    assert _plan(the_case("quality_control"))["method"] == "unit"


def test_each_tranche_is_released_when_it_is_judged(
    flour: Sku, bruno: Person, kai: Person, lee: Person
) -> None:
    rice = in_transaction(lambda: a_sku("RICE"))
    delivery = a_delivery((flour, 40), (rice, 20))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "40"}, {"counted": "20"}, by=bruno)
    lot = the_case("quality_control")
    assert len(lot.tasks("inspect_lot")) == 2

    _judge(lot, kai, accepted="40", rejected="0")

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(40)
    assert (len(cases("put_away")), lot.open) == (1, ["inspect_lot"])
    _judge(lot, lee, accepted="20", rejected="0")
    assert lot.status == "finished"


def test_damaged_goods_stand_beside_the_sound_ones_and_are_no_sample(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    a_counted_delivery(flour, ordered=240, counted=240, by=bruno, damaged="12")
    lot = the_case("quality_control")
    looked = [row["looked_at"] for row in lot.data["tranches"][0]["lines"]]
    assert looked == ["32", "12"]

    bad = {"looked_at": "12", "accepted": "0", "rejected": "12", "defect": "transport"}
    rows = [{"looked_at": "32", "accepted": "228", "rejected": "0"}, bad]
    lot.complete("inspect_lot", by=kai, inspection={"lines": rows})

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(228)
    assert on_hand(flour, "MAIN-REJECT") == Decimal(12)


def test_criteria_are_answered_and_goods_that_miss_one_are_not_all_good(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    _wanted(name="Wall", unit="mm", at_least=Decimal("0.7"), at_most=Decimal("0.9"))
    lot = _counted(flour, bruno, 40)
    row = {"looked_at": "5", "accepted": "40", "rejected": "0"}

    for answer, refusal in (({}, NotMeasured), ({"measured": "0.91"}, OutsideLimits)):
        with pytest.raises(refusal, match="Wall"):
            lot.complete("inspect_lot", by=kai, inspection={"criteria": [answer], "lines": [row]})
    good = {"criteria": [{"measured": "0.9"}], "lines": [row]}
    lot.complete("inspect_lot", by=kai, inspection=good)

    assert lot.status == "finished"


def test_samples_that_a_test_destroys_are_an_expense(
    flour: Sku, bruno: Person, kai: Person
) -> None:
    _wanted(name="Burst", is_destructive=True)
    lot = _counted(flour, bruno, 40)
    row = {"looked_at": "5", "accepted": "38", "rejected": "0", "destroyed": "2"}

    met = {"criteria": [{"outcome": "met"}], "lines": [row]}
    lot.complete("inspect_lot", by=kai, inspection=met)

    assert on_hand(flour, "MAIN-SHELVING") == Decimal(38)
    assert on_hand(flour, "MAIN-QC") == Decimal(0)
    line = receipts.by_number(lot.data["receipt_no"]).lines[0]
    assert (line.accepted, line.waiting) == (Decimal(40), Decimal(0))
    assert _broken() == []


def test_perishable_goods_are_inspected_within_two_hours(flour: Sku, bruno: Person) -> None:
    in_transaction(lambda: db.session.add(QualityClass(category="", is_perishable=True)))

    lot = _counted(flour, bruno, 40)

    hours = sorted((due - clock.now()) / timedelta(hours=1) for due in lot.timers)
    assert [round(each) for each in hours] == [1, 2]


def _counted(sku: Sku, by: Person, quantity: int) -> Case:
    a_counted_delivery(sku, ordered=quantity, counted=quantity, by=by)
    return the_case("quality_control")


def _judge(lot: Case, by: Person, **row: str) -> None:
    row = {"defect": "function", **row} if row["rejected"] != "0" else row
    lot.complete("inspect_lot", by=by, inspection={"lines": [row]})


def _seen(sku: Sku, counter: Person, inspector: Person, *, good: int, bad: int = 0) -> None:
    """An earlier delivery, looked at wholly."""
    lot = _counted(sku, counter, good + bad)
    _judge(lot, inspector, accepted=str(good), rejected=str(bad))


def _plan(lot: Case) -> dict[str, str]:
    plan: dict[str, str] = lot.data["tranches"][0]["plan"]
    return plan


def _set(name: str, value: str) -> None:
    in_transaction(lambda: policy.set_value(name, value, by=None, reason="Test"))


def _risk(risk: str) -> None:
    in_transaction(lambda: db.session.add(QualityClass(category="", risk=risk)))


def _wanted(**facts: object) -> None:
    in_transaction(lambda: db.session.add(Criterion(category="", line_no=1, **facts)))
    in_transaction(lambda: db.session.add(DefectCode(code="THIN", name="Too thin")))


def _last() -> Inspection:
    db.session.rollback()
    return db.session.query(Inspection).order_by(Inspection.id.desc()).limit(1).one()


def _broken() -> list[str]:
    db.session.rollback()
    return [each.code for each in proof.run() if not each.holds]
