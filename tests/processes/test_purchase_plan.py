"""The purchase plan: found every morning, reviewed by the buyer, ordered supplier by supplier."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.config import ROOT
from app.domain.catalog.products import Sku
from app.domain.catalog.skus import NotAWholeStep
from app.domain.finance import rates
from app.domain.finance.rates import NoRate
from app.domain.inventory import places, reservations
from app.domain.planning import calling, ordering
from app.domain.planning.calling import NotYourPlan
from app.domain.planning.decisions import PlanDecision
from app.domain.planning.errors import NoReasonForChange
from app.domain.planning.plans import PlanRun
from app.domain.sourcing.order_prices import NotSoldLikeThat
from app.domain.supply import supplier_stops
from app.domain.supply.supplier_stops import SupplierStopped
from app.domain.supply.suppliers import UnknownSupplier
from app.identity import memberships
from app.identity.people import Person
from app.kernel import clock, policy
from app.kernel.db import db, in_transaction
from app.workflow import definitions, incidents
from app.workflow.forms.errors import InvalidAnswers
from app.workflow.rights import NotYourRole
from tests.builders.deliveries import a_supplier
from tests.builders.demand import an_agreement, past_demand
from tests.builders.goods import a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step
from tests.processes.play import (
    break_down,
    cases,
    messages,
    priority,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case, tell

KEY = "purchase_plan"
QUANTITY = "225"  # 14 + 6 days of 10 pieces, and 25 in case the six days become more


@pytest.fixture
def is_shipped() -> bool:
    """Nothing is deployed yet."""
    return False


@pytest.fixture(autouse=True)
def _shipped(app: Flask) -> None:
    """Only the plan: who takes up its messages has tests of their own."""
    files = {f"{KEY}.bpmn": (ROOT / f"processes/supply/{KEY}.bpmn").read_bytes()}
    for form in ROOT.glob(f"forms/{KEY}/*.json"):
        files[f"forms/{KEY}/{form.name}"] = form.read_bytes()
    in_transaction(lambda: definitions.deploy(KEY, files, by=None, shipped=True).id)


@pytest.fixture
def selling(flour: Sku) -> Sku:
    """Ten pieces of FLOUR a day, to be had from Borea in six days; none is left."""
    in_transaction(lambda: (past_demand(flour, 10), an_agreement(flour).id))
    return flour


@pytest.fixture
def review(selling: Sku, chloe: Person) -> Case:
    """The plan of this morning: FLOUR is due, and Chloé is asked."""
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))
    return _morning()


def test_a_plan_is_made_each_working_day_once(selling: Sku) -> None:
    assert [_call(), _call()] == [True, False]
    clock.turn(timedelta(days=1))
    assert [_call(), _call()] == [True, False]

    assert len(cases(KEY)) == 2


@pytest.mark.parametrize("closed", [timedelta(hours=-1), timedelta(hours=9), timedelta(days=5)])
def test_no_plan_is_made_while_the_company_is_closed(selling: Sku, closed: timedelta) -> None:
    clock.turn(closed)

    assert not _call()


def test_who_told_no_demand_is_spared_an_empty_case_a_day(flour: Sku) -> None:
    assert not _call()


def test_a_plan_without_anything_to_order_ends_by_itself(selling: Sku) -> None:
    in_a_step(lambda: stock(selling, 900, at=places.location("A-01")))

    plan = _morning()

    assert plan.status == "finished"
    assert plan.data["plan"]["lines"] == []


def test_what_the_buyer_accepts_is_wanted_from_the_supplier(review: Case, chloe: Person) -> None:
    _decide(review, chloe, {})

    assert review.status == "finished"
    assert review.data["result"] == {"orders": 1, "ordered": 1, "left_out": 0}
    assert messages("purchase_wanted") == [
        {
            "supplier": "BOREA",
            "site": "MAIN",
            "scope": "site:MAIN",
            "required_on": "2026-06-07",
            "wanted_by": "chloe",
            "plan_no": "PL-000001",
            "lines": [{"sku": "FLOUR", "quantity": QUANTITY, "reason": "PL-000001/1"}],
        }
    ]


def test_each_supplier_and_site_is_told_apart(selling: Sku, chloe: Person) -> None:
    salt, oil = in_transaction(lambda: (a_sku("SALT"), a_sku("OIL")))
    in_transaction(lambda: [past_demand(one, 10) for one in (salt, oil)])
    in_transaction(lambda: [an_agreement(one, supplier="OTHER").id for one in (salt, oil)])
    in_transaction(lambda: past_demand(oil, 10, site="NORTH"))
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))
    plan = _morning()
    codes = [(row["sku"], row["site"]) for row in plan.data["plan"]["lines"]]

    later = {"required_on": "2026-07-01"}
    _decide(plan, chloe, *[later if sku == "SALT" else {} for sku, _ in codes])

    wanted = {(one["supplier"], one["site"]): one for one in messages("purchase_wanted")}
    assert wanted.keys() == {("BOREA", "MAIN"), ("OTHER", "MAIN"), ("OTHER", "NORTH")}
    both = wanted["OTHER", "MAIN"]
    assert {line["sku"] for line in both["lines"]} == {"SALT", "OIL"}
    assert both["required_on"] == "2026-06-07"


def test_goods_agreed_in_another_currency_are_another_order(selling: Sku, chloe: Person) -> None:
    salt = in_transaction(lambda: a_sku("SALT"))
    in_transaction(
        lambda: (past_demand(salt, 10), rates.add("USD", date(2026, 1, 1), Decimal(30)).id)
    )
    in_transaction(lambda: an_agreement(salt, currency="USD").id)
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))

    _decide(_morning(), chloe, {}, {})

    wanted = [[line["sku"] for line in one["lines"]] for one in messages("purchase_wanted")]
    assert sorted(wanted) == [["FLOUR"], ["SALT"]]


def test_goods_agreed_in_a_currency_without_a_rate_wait_for_it(flour: Sku, chloe: Person) -> None:
    in_transaction(lambda: (past_demand(flour, 10), an_agreement(flour, currency="USD").id))
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))
    plan = _morning()

    with pytest.raises(NoRate):
        _decide(plan, chloe, {})
    in_transaction(lambda: rates.add("USD", date(2026, 1, 1), Decimal(30)).id)
    _decide(plan, chloe, {})

    assert (plan.status, len(messages("purchase_wanted"))) == ("finished", 1)


def test_a_quantity_the_supplier_does_not_sell_is_refused(flour: Sku, chloe: Person) -> None:
    in_transaction(lambda: (past_demand(flour, 10), an_agreement(flour, pack=20).id))
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))
    plan = _morning()

    with pytest.raises(NotSoldLikeThat, match="order 240 pcs"):
        _decide(plan, chloe, {"quantity": "235"})

    assert seen(plan.open, _decisions()) == (["review_plan"], [])


def test_a_change_within_a_tenth_needs_no_reason_and_a_larger_one_does(
    review: Case, chloe: Person
) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        _decide(review, chloe, {"quantity": "300"})
    assert list(refused.value.errors) == ["plan.lines.0.reason"]

    _decide(review, chloe, {"quantity": "245"})

    assert _wanted_quantity() == "245"


def test_the_reason_for_a_change_is_kept_and_passed_on(review: Case, chloe: Person) -> None:
    _decide(review, chloe, {"quantity": "300", "reason": "Heat wave"})

    (decision,) = _decisions()
    assert seen(decision.outcome, decision.quantity, decision.reason) == (
        "ordered",
        300,
        "Heat wave",
    )
    assert decision.person_id == chloe.id
    (wanted,) = messages("purchase_wanted")
    assert wanted["lines"][0]["reason"] == "Heat wave"


def test_the_policy_says_how_large_a_change_may_be(review: Case, chloe: Person) -> None:
    name = "purchase_plan.change_needs_reason"
    in_transaction(lambda: policy.set_value(name, "0.01", by=None, reason="audit").id)

    with pytest.raises(NoReasonForChange):
        _decide(review, chloe, {"quantity": "245"})

    assert review.open == ["review_plan"]


def test_another_supplier_and_day_can_be_chosen(review: Case, chloe: Person) -> None:
    in_transaction(lambda: a_supplier("OTHER").id)

    _decide(review, chloe, {"supplier": "OTHER", "required_on": "2026-06-20"})

    (wanted,) = messages("purchase_wanted")
    assert seen(wanted["supplier"], wanted["required_on"]) == ("OTHER", "2026-06-20")
    assert _decisions()[0].required_on == date(2026, 6, 20)


def test_a_supplier_nobody_knows_is_refused(review: Case, chloe: Person) -> None:
    with pytest.raises(UnknownSupplier):
        _decide(review, chloe, {"supplier": "NOBODY"})

    assert seen(review.open, _decisions()) == (["review_plan"], [])


def test_a_supplier_that_was_stopped_meanwhile_is_refused(review: Case, chloe: Person) -> None:
    supplier = in_transaction(lambda: a_supplier("BOREA"))
    in_a_step(lambda: supplier_stops.stop(supplier, "bankrupt", reason="Court order").id)

    with pytest.raises(SupplierStopped):
        _decide(review, chloe, {})

    assert seen(review.open, _decisions()) == (["review_plan"], [])


def test_what_cannot_be_counted_is_refused(review: Case, chloe: Person) -> None:
    with pytest.raises(NotAWholeStep):
        _decide(review, chloe, {"quantity": "225.5"})


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"required_on": "2026-05-31"}, "required_on"),
        ({"supplier": ""}, "supplier"),
        ({"decision": "leave_out"}, "reason"),
        ({"quantity": ""}, "quantity"),
    ],
)
def test_a_line_that_says_too_little_is_refused(
    review: Case, chloe: Person, row: dict[str, str], wrong: str
) -> None:
    with pytest.raises(InvalidAnswers) as refused:
        _decide(review, chloe, row)

    assert f"plan.lines.0.{wrong}" in refused.value.errors


def test_a_line_is_left_out_with_a_reason_and_found_again(review: Case, chloe: Person) -> None:
    _decide(review, chloe, {"decision": "leave_out", "reason": "Season is over"})

    assert review.status == "finished"
    assert messages("purchase_wanted") == []
    assert [(one.outcome, one.reason) for one in _decisions()] == [("left_out", "Season is over")]
    clock.turn(timedelta(days=1))
    assert [row["recommended"] for row in _morning().data["plan"]["lines"]] == [QUANTITY]


def test_a_second_plan_while_one_is_reviewed_orders_nothing_twice(review: Case) -> None:
    clock.turn(timedelta(days=1))

    assert _morning().data["plan"]["lines"] == []
    assert review.open == ["review_plan"]


def test_goods_under_review_are_in_no_second_plan_however_much_more_is_wanted(
    review: Case, selling: Sku, chloe: Person
) -> None:
    main = in_transaction(lambda: places.site("MAIN"))
    in_a_step(lambda: reservations.wait(selling, Decimal(400), site=main, document="SO-1").id)
    clock.turn(timedelta(days=1))

    second = _morning()
    _decide(review, chloe, {})
    clock.turn(timedelta(days=1))
    third = _morning()

    assert (second.status, second.data["plan"]["lines"]) == ("finished", [])
    assert [row["sku"] for row in third.data["plan"]["lines"]] == ["FLOUR"]


def test_a_second_review_is_about_other_goods_only(review: Case) -> None:
    salt = in_transaction(lambda: a_sku("SALT"))
    in_transaction(lambda: (past_demand(salt, 10), an_agreement(salt).id))
    clock.turn(timedelta(days=1))

    second = _morning()

    assert review.open == second.open == ["review_plan"]
    assert [row["sku"] for row in second.data["plan"]["lines"]] == ["SALT"]


def test_a_plan_nobody_reviews_moves_up_in_the_inbox(review: Case) -> None:
    assert priority(review, "review_plan") == 50

    wait_for_next_timer(review)

    assert priority(review, "review_plan") == 90


def test_a_plan_long_overdue_goes_to_the_manager(
    review: Case, chloe: Person, petra: Person
) -> None:
    _let_the_day_pass(review)
    assert review.open == ["review_overdue_plan"]
    in_transaction(lambda: memberships.grant(db.session.merge(petra), "purchasing_manager"))
    with pytest.raises(NotYourRole):
        _decide(review, chloe, {}, task="review_overdue_plan")

    _decide(review, petra, {}, task="review_overdue_plan")

    assert review.status == "finished"
    assert messages("purchase_wanted")[0]["wanted_by"] == "petra"


def test_a_plan_nobody_ever_reviews_lapses_and_is_found_again(review: Case) -> None:
    _let_the_day_pass(review)
    wait_for_next_timer(review)

    assert review.status == "finished"
    assert [one.outcome for one in _decisions()] == ["lapsed"]
    clock.turn(timedelta(hours=1))
    assert [row["recommended"] for row in _morning().data["plan"]["lines"]] == [QUANTITY]


def test_what_did_not_fit_into_a_plan_is_planned_as_soon_as_it_is_reviewed(
    selling: Sku, chloe: Person
) -> None:
    salt = in_transaction(lambda: a_sku("SALT"))
    in_transaction(lambda: (past_demand(salt, 10), an_agreement(salt).id))
    in_transaction(lambda: memberships.grant(db.session.merge(chloe), "buyer"))
    name = "purchase_plan.most_lines"
    in_transaction(lambda: policy.set_value(name, "1", by=None, reason="test").id)
    first = _morning()
    assert [row["sku"] for row in first.data["plan"]["lines"]] == ["FLOUR"]

    _decide(first, chloe, {})

    assert [row["sku"] for row in the_case(KEY).data["plan"]["lines"]] == ["SALT"]


def test_goods_that_will_not_come_are_planned_again(selling: Sku, chloe: Person) -> None:
    in_a_step(lambda: stock(selling, 900, at=places.location("A-01")))
    short = {"scope": "site:MAIN", "supplier": "BOREA", "po_no": "PO-7", "receipt_no": "R-000001"}
    rows = [{"sku": "FLOUR", "quantity": "3"}, {"sku": "FLOUR", "quantity": "2"}]

    tell("replan_wanted", "CH-000001", {**short, "lines": rows})

    plan = the_case(KEY)
    assert plan.open == ["review_plan"]
    assert [row["recommended"] for row in plan.data["plan"]["lines"]] == ["5"]
    _decide(plan, chloe, {})
    assert _wanted_quantity() == "5"


def test_a_buyer_makes_a_plan_of_the_own_site_once_per_click(selling: Sku, chloe: Person) -> None:
    for _ in range(2):
        in_transaction(lambda: calling.call_by_hand("site:MAIN", by=chloe, token="once"))

    (plan,) = cases(KEY)
    _decide(plan, chloe, {})
    (run,) = db.session.scalars(select(PlanRun))
    assert seen(run.cause, run.scope, run.person_id) == ("hand", "site:MAIN", chloe.id)


@pytest.mark.parametrize("scope", ["*", "site:NORTH"])
def test_nobody_plans_for_sites_that_are_not_theirs(
    selling: Sku, chloe: Person, bruno: Person, scope: str
) -> None:
    in_transaction(lambda: a_site("NORTH").id)

    for person, wanted in ((chloe, scope), (bruno, "site:MAIN")):
        with pytest.raises(NotYourPlan):
            in_transaction(lambda: calling.call_by_hand(wanted, by=person, token="x"))  # noqa: B023


def test_a_plan_that_broke_is_kept_and_ordered_later(
    review: Case, chloe: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(ordering, "decide", break_down)
        _decide(review, chloe, {"quantity": "300", "reason": "Heat wave"})
    assert messages("purchase_wanted") == []

    (incident,) = review.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert review.status == "finished"
    assert _wanted_quantity() == "300"


def _call() -> bool:
    return in_transaction(calling.call_for_the_day)


def _morning() -> Case:
    """The case of the plan of the day."""
    assert _call()
    return the_case(KEY)


def _decide(case: Case, by: Person, *rows: dict[str, Any], task: str = "review_plan") -> None:
    """Complete the review; `rows` say what is not left as recommended."""
    given = [
        {name: line[name] for name in ("decision", "quantity", "supplier", "required_on")} | row
        for line, row in zip(case.data["plan"]["lines"], rows, strict=True)
    ]
    case.complete(task, by=by, plan={"lines": given})


def _let_the_day_pass(case: Case) -> None:
    wait_for_next_timer(case)
    wait_for_next_timer(case)


def _decisions() -> list[PlanDecision]:
    db.session.rollback()
    return list(db.session.scalars(select(PlanDecision).order_by(PlanDecision.id)))


def _wanted_quantity() -> str:
    (wanted,) = messages("purchase_wanted")
    return str(wanted["lines"][0]["quantity"])
