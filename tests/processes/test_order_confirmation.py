"""Confirming an order: agreed, changed, countered, or silent; and what follows from each."""

from decimal import Decimal

import pytest

from app.domain.catalog.products import Sku
from app.domain.sourcing import amending, withdrawing
from app.domain.sourcing.order_drafts import NothingOrdered
from app.domain.supply import promises
from app.effects.order_confirmation import CounterNeedsReason, ReasonMissing
from app.identity.people import Person
from app.kernel.db import in_transaction
from app.workflow import incidents
from tests.builders.steps import in_a_step
from tests.processes.following import (
    a_sent_order,
    announced,
    answer,
    asked_to_confirm,
    figures,
    letters,
    line_of,
    order_of,
    promised,
    versions,
)
from tests.processes.play import break_down, cases, priority, the_case, wait_for_next_timer
from tests.workflow.play import Case


@pytest.fixture
def asked(flour: Sku) -> Case:
    """40 FLOUR at 10, wanted by 1 July."""
    return asked_to_confirm(a_sent_order(flour, 40, mail="sales@borea.example"))


@pytest.fixture
def silent(asked: Case) -> Case:
    """Three working days have passed without an answer."""
    for _ in range(3):
        wait_for_next_timer(asked)
    return asked


def test_what_is_confirmed_as_ordered_is_promised(asked: Case, sven: Person) -> None:
    answer(asked, sven, day="2026-06-15")

    assert asked.status == "finished"
    assert promised(asked.data["order"]) == [("2026-06-15", 40)]
    assert order_of(asked.data["order"]).due_on.isoformat() == "2026-06-15"  # type: ignore[union-attr]


def test_silence_is_reminded_of_after_one_and_two_working_days(asked: Case) -> None:
    before = len(letters())
    assert sorted(day.date().day for day in asked.timers) == [2, 4]

    wait_for_next_timer(asked)

    assert len(letters()) == before + 1
    assert priority(asked, "confirm_order") == 90
    wait_for_next_timer(asked)
    assert len(letters()) == before + 2
    assert asked.open == ["confirm_order", "record_answer"]


def test_three_days_of_silence_are_the_buyers_to_decide(silent: Case) -> None:
    assert silent.open == ["decide_silence"]


def test_the_buyer_may_wait_again(silent: Case, chloe: Person) -> None:
    silent.complete("decide_silence", by=chloe, buyer_decision="wait")

    assert silent.open == ["confirm_order", "record_answer"]
    assert len(silent.timers) == 2


def test_an_order_nobody_answers_is_cancelled(silent: Case, chloe: Person) -> None:
    silent.complete("decide_silence", by=chloe, buyer_decision="cancel", buyer_reason="No answer")

    assert silent.status == "finished"
    assert silent.data["confirmation"]["outcome"] == "cancelled"
    assert order_of(silent.data["order"]).status == "cancelled"
    assert cases("purchase_plan") == []
    assert any("cancelled" in subject for subject in letters())


def test_goods_bought_from_another_supplier_are_planned_again(silent: Case, chloe: Person) -> None:
    silent.complete("decide_silence", by=chloe, buyer_decision="elsewhere", buyer_reason="Silent")

    plan = the_case("purchase_plan")
    assert plan.open == ["review_plan"]
    assert [row["recommended"] for row in plan.data["plan"]["lines"]] == ["40"]


def test_who_gives_an_order_up_says_why(silent: Case, chloe: Person) -> None:
    with pytest.raises(ReasonMissing):
        silent.complete("decide_silence", by=chloe, buyer_decision="cancel")

    assert silent.open == ["decide_silence"]


@pytest.mark.parametrize(
    ("quantity", "price", "day"),
    [(35, "10", "2026-07-01"), (40, "10.5", "2026-07-01"), (40, "10", "2026-07-02")],
)
def test_other_terms_than_ours_are_judged(
    asked: Case, sven: Person, quantity: int, price: str, day: str
) -> None:
    answer(asked, sven, quantity, price, day)

    assert asked.open == ["judge_changes"]
    assert len(asked.data["confirmation"]["changes"]) == 1


def test_earlier_than_wanted_is_as_agreed(asked: Case, sven: Person) -> None:
    answer(asked, sven, day="2026-06-08")

    assert asked.status == "finished"


def test_an_accepted_price_becomes_the_next_version(
    asked: Case, sven: Person, chloe: Person
) -> None:
    answer(asked, sven, price="10.5")

    _judge(asked, chloe, "accept")

    order = asked.data["order"]
    assert asked.status == "finished"
    assert versions(order) == [(1, "superseded"), (2, "issued")]
    assert line_of(order).unit_price == Decimal("10.5")
    assert figures(order, "wanted") == [40]
    kept = promises.confirmed(order_of(order))
    assert kept is not None
    assert kept.version_no == 2


def test_less_than_ordered_is_accepted_without_anybody(
    asked: Case, sven: Person, chloe: Person
) -> None:
    answer(asked, sven, 35)

    _judge(asked, chloe, "accept")

    assert figures(asked.data["order"], "wanted") == [35]
    assert promised(asked.data["order"]) == [("2026-07-01", 35)]


def test_a_later_day_needs_no_new_version(asked: Case, sven: Person, chloe: Person) -> None:
    answer(asked, sven, day="2026-07-20")

    _judge(asked, chloe, "accept")

    assert versions(asked.data["order"]) == [(1, "issued")]
    assert promised(asked.data["order"]) == [("2026-07-20", 40)]


def test_a_change_beyond_the_limit_is_approved_again(
    flour: Sku, sven: Person, chloe: Person, petra: Person
) -> None:
    case = asked_to_confirm(a_sent_order(flour, 40, "400"))
    answer(case, sven, price="900")
    _judge(case, chloe, "accept")
    assert case.open == ["approve_as_manager"]

    case.complete("approve_as_manager", by=petra, manager_decision="approve")

    assert case.status == "finished"
    assert line_of(case.data["order"]).unit_price == 900


def test_a_change_that_is_refused_comes_back_to_the_buyer(
    flour: Sku, sven: Person, chloe: Person, petra: Person
) -> None:
    case = asked_to_confirm(a_sent_order(flour, 40, "400"))
    answer(case, sven, price="900")
    _judge(case, chloe, "accept")

    case.complete(
        "approve_as_manager", by=petra, manager_decision="refuse", manager_reason="Too dear"
    )

    assert case.open == ["judge_changes"]
    assert versions(case.data["order"]) == [(1, "issued"), (2, "abandoned")]


def test_a_counter_offer_that_is_agreed_to_becomes_the_next_version(
    asked: Case, sven: Person, chloe: Person
) -> None:
    answer(asked, sven, price="11")
    _judge(asked, chloe, "counter", price="10.4", reason="10.40 and not more")
    assert asked.open == ["confirm_order", "record_answer"]
    assert asked.data["confirmation"]["our_note"] == "10.40 and not more"

    answer(asked, sven, price="10.4")

    assert asked.status == "finished"
    assert versions(asked.data["order"]) == [(1, "superseded"), (2, "issued")]
    assert line_of(asked.data["order"]).unit_price == Decimal("10.4")


def test_a_counter_offer_says_what_is_wanted(asked: Case, sven: Person, chloe: Person) -> None:
    answer(asked, sven, price="11")

    with pytest.raises(CounterNeedsReason):
        _judge(asked, chloe, "counter", price="10")


def test_a_supplier_who_delivers_nothing_leaves_only_giving_up(
    asked: Case, sven: Person, chloe: Person
) -> None:
    answer(asked, sven, 0)
    with pytest.raises(NothingOrdered):
        _judge(asked, chloe, "accept")

    _judge(asked, chloe, "elsewhere", reason="Sold out")

    assert asked.data["confirmation"]["outcome"] == "elsewhere"
    assert line_of(asked.data["order"]).open == 0


def test_what_is_on_the_way_is_not_cancelled(asked: Case, sven: Person, chloe: Person) -> None:
    announced(asked.data["order"], "A-1", 10)
    answer(asked, sven, price="12")

    _judge(asked, chloe, "cancel", reason="Too dear")

    assert line_of(asked.data["order"]).open == 10
    assert order_of(asked.data["order"]).status == "open"


def test_goods_that_came_keep_their_price(asked: Case, sven: Person, chloe: Person) -> None:
    announced(asked.data["order"], "A-1", 10)
    answer(asked, sven, price="12")

    with pytest.raises(amending.PriceIsFixed):
        _judge(asked, chloe, "accept")


def test_an_order_that_is_taken_back_needs_no_confirmation(asked: Case) -> None:
    order = asked.data["order"]

    in_a_step(lambda: len(withdrawing.withdraw(order_of(order), reason="Bankrupt")))

    assert asked.status == "finished"
    assert (asked.open, asked.timers) == ([], [])
    assert asked.data["confirmation"]["outcome"] == "withdrawn"


def test_promises_that_could_not_be_kept_are_kept_later(
    asked: Case, sven: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "keep", break_down)
    answer(asked, sven)
    assert promised(asked.data["order"]) == []

    monkeypatch.undo()
    (incident,) = asked.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert asked.status == "finished"
    assert promised(asked.data["order"]) == [("2026-07-01", 40)]


def _judge(case: Case, by: Person, decision: str, *, price: str = "10", reason: str = "") -> None:
    row = {"counter": "40", "counter_price": price, "counter_day": "2026-07-01"}
    case.complete(
        "judge_changes",
        by=by,
        confirmation={"lines": [row]},
        buyer_decision=decision,
        buyer_reason=reason,
    )
