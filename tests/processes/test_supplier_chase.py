"""Chasing promises: what did not come is asked for, and every piece of it is closed one day."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.numbers import named
from app.domain.supply import closings, purchase_orders
from app.domain.supply.chases import Chase
from app.domain.supply.closings import Closing
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.effects.supplier_chase import NoNewDate
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from app.workflow import incidents
from app.workflow.rights import NotYourRole
from tests.builders.deliveries import a_notice, a_supplier
from tests.processes.play import (
    Delivery,
    a_delivery,
    break_down,
    cases,
    the_case,
    wait_for_next_timer,
)
from tests.workflow.play import Case


@pytest.fixture
def chase(flour: Sku, bruno: Person) -> Case:
    """Of 40 FLOUR that were announced, 35 came."""
    in_transaction(lambda: setattr(a_supplier(), "email", "sales@borea.example"))
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "35"}, by=bruno)
    return the_case("supplier_chase")


@pytest.fixture
def late(chase: Case, chloe: Person) -> Case:
    """Seven working days have passed since the promise."""
    _let_three_days_pass(chase, chloe)
    wait_for_next_timer(chase)
    return chase


def test_a_short_delivery_is_chased(chase: Case) -> None:
    assert chase.open == ["chase_supplier"]
    assert chase.waits == ["chased_goods_came"]
    assert [row["missing"] for row in chase.data["chase"]["lines"]] == ["5"]


def test_a_full_delivery_is_not_chased(flour: Sku, bruno: Person) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno)
    delivery.count({"counted": "40"}, by=bruno)

    assert cases("supplier_chase") == []


def test_goods_that_come_after_all_end_the_chase(chase: Case, bruno: Person) -> None:
    _deliver_rest(chase, bruno, counted="5")

    assert chase.status == "finished"
    assert _closed() == [("received", Decimal(5))]
    assert chase.open == [] == chase.timers
    assert _line(chase).open == Decimal(0)


def test_part_of_the_goods_does_not_end_the_chase(chase: Case, bruno: Person) -> None:
    _deliver_rest(chase, bruno, counted="3")

    assert chase.open == ["chase_supplier"]
    assert _closed() == [("received", Decimal(3))]
    assert len(cases("supplier_chase")) == 2
    assert cases("supplier_chase")[1].status == "finished"


def test_the_oldest_chase_is_served_first(flour: Sku, bruno: Person) -> None:
    first = a_delivery((flour, 100), FLOUR=10)
    first.check_in(by=bruno)
    first.count({"counted": "6"}, by=bruno)
    _deliver(first, bruno, announced="20", counted="15")
    older, newer = cases("supplier_chase")

    _deliver(first, bruno, announced="79", counted="75")

    assert older.status == "finished"
    assert (newer.status, _missing(newer)) == ("open", Decimal(4))
    assert _proof() == []


def test_the_supplier_is_written_to_one_working_day_after_the_promise(
    chase: Case, chloe: Person
) -> None:
    _ask(chase, chloe, new_date="2026-06-04")
    assert chase.timers == [datetime(2026, 6, 5, 17, tzinfo=UTC)]

    wait_for_next_timer(chase)

    (letter,) = _letters()
    assert letter["to"] == "sales@borea.example"
    assert "FLOUR" in letter["text"]
    assert chase.timers == [datetime(2026, 6, 9, 17, tzinfo=UTC)]


def test_nobody_is_written_to_without_an_address(chase: Case, chloe: Person) -> None:
    in_transaction(lambda: setattr(a_supplier(), "email", ""))
    _ask(chase, chloe)

    wait_for_next_timer(chase)

    assert _letters() == []
    assert chase.status == "open"


def test_the_chase_goes_on_when_the_buyer_does_not_ask(chase: Case) -> None:
    wait_for_next_timer(chase)

    assert chase.open == []
    assert chase.data["chase"]["promised_on"] == "2026-06-01"
    wait_for_next_timer(chase)
    assert len(_letters()) == 1


def test_three_working_days_late_the_buyer_calls(chase: Case, chloe: Person) -> None:
    _let_three_days_pass(chase, chloe)

    assert chase.open == ["call_supplier"]


def test_a_new_date_begins_the_waiting_again(chase: Case, chloe: Person) -> None:
    _let_three_days_pass(chase, chloe)

    _call(chase, chloe, "new_date", new_date="2026-06-15")

    assert chase.data["chase"]["promised_on"] == "2026-06-15"
    assert chase.timers == [datetime(2026, 6, 16, 17, tzinfo=UTC)]


def test_without_a_date_the_manager_decides_after_seven_days(chase: Case, chloe: Person) -> None:
    _let_three_days_pass(chase, chloe)
    _call(chase, chloe, "no_date")
    assert chase.timers == [datetime(2026, 6, 10, 17, tzinfo=UTC)]

    wait_for_next_timer(chase)

    assert chase.open == ["decide_shortage"]


def test_the_manager_decides_even_if_nobody_called(chase: Case, chloe: Person) -> None:
    _let_three_days_pass(chase, chloe)

    wait_for_next_timer(chase)

    assert chase.open == ["decide_shortage"]


@pytest.mark.parametrize("decision", ["waived", "resourced", "cancelled"])
def test_what_the_manager_gives_up_is_expected_no_more(
    late: Case, petra: Person, decision: str
) -> None:
    _decide(late, petra, decision=decision, reason="Season is over")

    assert late.status == "finished"
    assert _closed() == [(decision, Decimal(5))]
    assert (_line(late).open, _line(late).waived) == (Decimal(0), Decimal(5))
    assert _proof() == []


def test_goods_bought_elsewhere_are_planned_again(late: Case, petra: Person) -> None:
    _decide(late, petra, decision="resourced", reason="Bankrupt")

    plan = the_case("purchase_plan")
    assert plan.open == ["review_plan"]
    (line,) = plan.data["plan"]["lines"]
    assert (line["sku"], line["site"], line["recommended"]) == ("FLOUR", "MAIN", "5")


def test_a_claim_is_kept_in_minor_units(late: Case, petra: Person) -> None:
    _decide(late, petra, decision="cancelled", reason="Late", claim="120.5")

    (closing,) = db.session.scalars(select(Closing))
    assert (closing.claim_minor, closing.person_id) == (12050, petra.id)
    assert closing.effect_key.startswith(f"{late.id}:settle_shortage")


def test_the_manager_can_wait_until_a_new_date(late: Case, petra: Person) -> None:
    _decide(late, petra, decision="wait", new_date="2026-07-01")

    assert late.timers == [datetime(2026, 7, 2, 17, tzinfo=UTC)]
    assert _closed() == []


def test_waiting_needs_a_day_to_come(late: Case, petra: Person) -> None:
    with pytest.raises(NoNewDate):
        _decide(late, petra, decision="wait", new_date="2026-06-10")

    assert late.open == ["decide_shortage"]


def test_goods_that_come_while_the_manager_thinks_end_the_chase(late: Case, bruno: Person) -> None:
    _deliver_rest(late, bruno, counted="5")

    assert late.status == "finished"
    assert late.open == []


def test_a_decision_is_about_what_is_missing_by_then(
    late: Case, bruno: Person, petra: Person
) -> None:
    _deliver_rest(late, bruno, counted="3")

    _decide(late, petra, decision="waived", reason="Enough")

    assert _closed() == [("received", Decimal(3)), ("waived", Decimal(2))]
    assert cases("supplier_chase")[1].status == "finished"
    assert _proof() == []


def test_buyers_do_not_decide(late: Case, chloe: Person) -> None:
    with pytest.raises(NotYourRole):
        _decide(late, chloe, decision="waived", reason="Enough")


def test_a_broken_decision_is_kept_and_booked_later(
    late: Case, petra: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closings, "give_up", break_down)
    _decide(late, petra, decision="waived", reason="Enough")
    assert _closed() == []

    monkeypatch.undo()
    (incident,) = late.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert late.status == "finished"
    assert _closed() == [("waived", Decimal(5))]


def _ask(chase: Case, by: Person, new_date: str | None = None) -> None:
    contact = {"person": "Ms Wu", "reason": "Strike"}
    chase.complete("chase_supplier", by=by, contact=contact, chase={"new_date": new_date})


def _call(chase: Case, by: Person, outcome: str, new_date: str | None = None) -> None:
    chase.complete(
        "call_supplier",
        by=by,
        call={"person": "Ms Wu"},
        chase={"new_date": new_date} if new_date else {},
        call_outcome=outcome,
    )


def _decide(chase: Case, by: Person, **row: str) -> None:
    chase.complete("decide_shortage", by=by, chase={"lines": [row]})


def _let_three_days_pass(chase: Case, by: Person) -> None:
    _ask(chase, by)
    wait_for_next_timer(chase)
    wait_for_next_timer(chase)


def _deliver_rest(chase: Case, by: Person, *, counted: str) -> None:
    _deliver(chase, by, announced="5", counted=counted)


def _deliver(chase: Case, by: Person, *, announced: str, counted: str) -> None:
    """Another delivery on the same order."""
    number = chase.data["po_no"]
    in_transaction(lambda: a_notice(purchase_orders.by_number(number), FLOUR=announced).id)
    delivery = Delivery(the_case("receiving").id)
    delivery.check_in(by=by)
    delivery.count({"counted": counted}, by=by)


def _closed() -> list[tuple[str, Decimal]]:
    db.session.rollback()
    found = db.session.execute(select(Closing.outcome, Closing.quantity).order_by(Closing.id))
    return [(outcome, quantity) for outcome, quantity in found]


def _missing(chase: Case) -> Decimal:
    found = named(Chase, chase.data["chase"]["chase_no"])
    return sum((line.missing for line in found.lines), Decimal(0))


def _line(chase: Case) -> PurchaseOrderLine:
    return purchase_orders.by_number(chase.data["po_no"]).lines[0]


def _letters() -> list[dict[str, str]]:
    db.session.rollback()
    found = db.session.scalars(select(Post.payload).where(Post.channel == "mail"))
    return [payload for payload in found if isinstance(payload, dict)]


def _proof() -> list[str]:
    db.session.rollback()
    return [result.code for result in proof.run() if not result.holds]
