"""What a plan looks at, and that each line holds all it was computed from."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import DatabaseError

from app.domain.catalog.products import Sku
from app.domain.inventory import places, reservations
from app.domain.planning import ordering, snapshot
from app.domain.planning.demand import DemandDay
from app.domain.planning.ordering import Choice
from app.domain.planning.plans import AGAIN, DAY, PlanLine, PlanRun
from app.domain.planning.recommendation import Aim, Stock, Terms, recommend
from app.domain.planning.rules import Rate
from app.domain.planning.snapshot import Asked, Cause
from app.domain.supply import counting, quality, receipts
from app.kernel import clock, policy
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_receipt, a_supplier, an_order, counted
from tests.builders.demand import an_agreement, past_demand, told
from tests.builders.goods import a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step


def plan(why: Cause | None = None) -> PlanRun:
    """Make a plan, as the step of a case would."""
    return in_a_step(lambda: snapshot.take(why or Cause(DAY)))


def the_line(why: Cause | None = None) -> PlanLine:
    """The only line of a new plan."""
    (line,) = plan(why).lines
    return line


def test_what_runs_out_is_planned_and_what_lasts_is_not(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    in_a_step(lambda: stock(flour, 500, at=places.location("A-01")))
    assert plan().lines == []

    in_transaction(lambda: past_demand(a_sku("SALT"), 10))

    line = the_line()
    assert seen(line.sku.code, line.position, line.quantity) == ("SALT", 0, 210 + 29)
    assert seen(line.daily_mean, line.daily_sd, line.lead_days) == (10, 0, 7)


def test_a_line_can_be_computed_again_from_its_own_figures(flour: Sku) -> None:
    in_transaction(lambda: (past_demand(flour, 3, 11, 0, 8), an_agreement(flour, lead_days=9).id))
    in_a_step(lambda: stock(flour, 7, at=places.location("A-01")))

    line = the_line()

    assumed = line.run.assumptions
    again = recommend(
        Rate(float(line.daily_mean), float(line.daily_sd)),
        Terms("", None, Rate(float(line.lead_days), float(line.lead_sd)), line.moq, line.pack),
        Stock(on_hand=line.on_hand, coming=line.coming, planned=line.planned),
        Aim(assumed["cycle_service"], assumed["cover_days"], assumed["yield_confidence"]),
        step=line.sku.step,
        asked=line.asked,
    )
    assert {name: getattr(line, name) for name in vars(again)} == pytest.approx(vars(again))
    assert seen(line.history_since, line.history_until) == (date(2026, 5, 4), date(2026, 5, 31))


def test_the_agreement_in_force_says_how_fast_and_how_many(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    terms = {"lead_days": 12, "moq": Decimal(300), "pack": Decimal(50)}
    in_transaction(lambda: an_agreement(flour, supplier="DEAR", price=120).id)
    in_transaction(lambda: an_agreement(flour, supplier="CHEAP", price=90, **terms).id)

    line = the_line()

    assert seen(line.source, line.supplier and line.supplier.code) == ("agreement", "CHEAP")
    assert seen(line.lead_days, line.moq, line.pack) == (12, 300, 50)
    assert seen(line.quantity, line.required_on) == (350, date(2026, 6, 13))


def test_without_an_agreement_the_last_supplier_and_the_smallest_pack_stand_in() -> None:
    pipe = in_transaction(lambda: a_sku("PIPE", unit="m", units={"roll": 20, "pallet": 400}))
    in_transaction(lambda: past_demand(pipe, 10))
    in_transaction(lambda: an_order((pipe, 1), supplier="OLD").id)
    in_transaction(lambda: an_order((pipe, 1), supplier="NEW").id)

    line = the_line()

    assert seen(line.source, line.supplier and line.supplier.code) == ("last_order", "NEW")
    assert seen(line.pack, line.quantity % 20) == (20, 0)


def test_goods_nobody_ever_sold_us_wait_for_the_buyer_to_name_a_supplier(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))

    line = the_line()

    assert seen(line.source, line.supplier, line.lead_days, line.moq) == ("defaults", None, 7, 1)


def test_the_position_counts_what_is_good_coming_and_promised(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 100))
    in_a_step(lambda: stock(flour, 50, at=places.location("A-01")))
    shelf = in_transaction(a_site)
    in_transaction(lambda: reservations.take(flour, Decimal(20), site=shelf, document="SO-1").id)
    in_transaction(lambda: reservations.wait(flour, Decimal(70), site=shelf, document="SO-2").id)
    in_transaction(lambda: an_order((flour, 40)).id)
    gone = in_transaction(lambda: an_order((flour, 1000)))
    in_transaction(lambda: setattr(db.session.merge(gone), "status", "cancelled"))

    line = the_line()

    assert seen(line.on_hand, line.reserved, line.backorders) == (50, 20, 70)
    assert seen(line.on_order, line.coming) == (40, 40)
    assert line.position == 50 + 40 - 20 - 70


def test_what_a_supplier_delivers_badly_is_expected_in_part_and_ordered_in_excess(
    flour: Sku,
) -> None:
    in_transaction(lambda: (past_demand(flour, 100), an_agreement(flour).id))
    in_a_step(lambda: _judge(flour, accepted=80, rejected=20))
    in_transaction(lambda: an_order((flour, 100)).id)

    line = the_line()

    assert line.good_rate == round(Decimal(80 + 49) / Decimal(150), 6)
    assert line.on_order == 100
    assert line.coming == 100 * line.good_rate
    assert line.with_yield > line.need / line.good_rate


def test_empty_days_and_promotions_are_left_out(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    in_transaction(lambda: told(flour, date(2026, 5, 20), 0, was_available=False))
    in_transaction(lambda: told(flour, date(2026, 5, 21), 900, is_promotion=True))

    line = the_line()

    assert seen(line.days, line.censored_days, line.promotion_days) == (26, 1, 1)
    assert seen(line.wanted, line.daily_mean, line.daily_sd) == (260, 10, 0)


def test_days_on_which_nothing_was_wanted_count(flour: Sku) -> None:
    first, last = date(2026, 5, 2), date(2026, 5, 31)
    in_transaction(lambda: (told(flour, first, 30), told(flour, last, 30)))

    line = the_line()

    assert seen(line.days, line.daily_mean) == (30, 2)
    assert line.daily_sd == pytest.approx(Decimal("7.611243"))


def test_a_history_that_ends_early_is_not_continued_with_noughts(flour: Sku) -> None:
    start = date(2026, 4, 1)
    in_transaction(lambda: [told(flour, start + timedelta(days=n), 10) for n in range(20)])

    line = the_line()

    assert seen(line.history_until, line.days, line.daily_mean) == (date(2026, 4, 20), 20, 10)


def test_a_short_history_says_nothing(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10, days=13))

    run = plan()

    assert seen(run.lines, run.considered, run.too_little) == ([], 1, 1)


def test_a_shelf_that_is_empty_this_morning_is_noted(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    plan()
    monday = clock.now().date()

    in_transaction(lambda: told(flour, monday, 4))

    (day,) = db.session.scalars(select(DemandDay).filter_by(day=monday))
    assert seen(day.wanted, day.was_available, day.is_noted) == (4, False, False)


def test_two_plans_do_not_order_twice(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    first = the_line()

    assert plan().lines == []

    in_a_step(lambda: ordering.lapse(db.session.get_one(PlanRun, first.run_id)))
    assert the_line().quantity == first.quantity


def test_what_is_ordered_counts_until_its_purchase_begins(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    first = the_line()
    choice = Choice(first.line_no, in_transaction(a_supplier).code, Decimal(90), reason="small")
    in_a_step(lambda: ordering.decide(first.run, [choice], tolerance=Decimal("0.1")))

    again = the_line()

    assert seen(again.planned, again.position) == (90, 90)
    assert again.quantity == first.quantity - 90


def test_a_plan_whose_case_was_cancelled_does_not_count_for_ever(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    plan()

    clock.turn(timedelta(days=15))

    assert the_line().planned == 0


def test_the_most_urgent_lines_come_first_and_the_rest_waits(flour: Sku) -> None:
    salt, oil = in_transaction(lambda: (a_sku("SALT"), a_sku("OIL")))
    in_transaction(lambda: [past_demand(one, 10) for one in (flour, salt, oil)])
    in_a_step(lambda: stock(flour, 30, at=places.location("A-01")))
    in_a_step(lambda: stock(salt, 5, at=places.location("A-01")))
    _set("most_lines", 2)

    run = plan()

    assert [line.sku.code for line in run.lines] == ["OIL", "SALT"]
    assert run.rest == 1


def test_goods_wanted_again_are_planned_though_enough_is_there(flour: Sku) -> None:
    bad = in_transaction(
        lambda: (an_agreement(flour, supplier="BAD", price=1), a_supplier("BAD"))[1]
    )
    in_transaction(lambda: an_agreement(flour, supplier="GOOD", price=9).id)
    in_a_step(lambda: stock(flour, 500, at=places.location("A-01")))
    asked = Asked("PO-7", {flour.id: Decimal(12)}, not_from=bad.id)

    line = the_line(Cause(AGAIN, "site:MAIN", asked=asked))

    assert seen(line.quantity, line.asked, line.reason) == (12, 12, "asked")
    assert line.supplier is not None
    assert line.supplier.code == "GOOD"


def test_a_plan_of_one_site_leaves_the_others_alone(flour: Sku) -> None:
    in_transaction(lambda: (past_demand(flour, 10), past_demand(flour, 10, site="NORTH")))

    assert [line.site.code for line in plan(Cause(DAY, "site:NORTH")).lines] == ["NORTH"]
    assert [line.site.code for line in plan().lines] == ["MAIN"]


@pytest.mark.parametrize("table", ["plan_run", "plan_line"])
def test_what_was_recommended_is_never_changed(flour: Sku, table: str) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    plan()

    with pytest.raises(DatabaseError, match="HOUTAI_APPEND_ONLY"):
        in_transaction(lambda: db.session.execute(db.text(f"DELETE FROM {table}")))


def test_a_plan_looks_at_many_goods_with_the_questions_it_asks_for_one(flour: Sku) -> None:
    in_transaction(lambda: past_demand(flour, 10))
    plan()  # which reads calendars and policies once for all
    few = _questions(plan)

    many = in_transaction(lambda: [a_sku(f"S-{n}") for n in range(30)])
    in_transaction(lambda: [past_demand(one, 10) for one in many])

    assert _questions(plan) == few


def _questions(step: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(*call: Any) -> None:
        seen.append(call[2])

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        step()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sum(text.startswith("SELECT") for text in seen)


def _judge(sku: Sku, *, accepted: int, rejected: int) -> None:
    all_of_it = accepted + rejected
    receipt = counting.book(a_receipt((sku, all_of_it)), [counted(sku, all_of_it)])
    line = receipts.line(receipt, 1)
    quality.judge(line, accepted=Decimal(accepted), rejected=Decimal(rejected))


def _set(name: str, value: object) -> None:
    full = f"purchase_plan.{name}"
    in_transaction(lambda: policy.set_value(full, value, by=None, reason="test").id)
