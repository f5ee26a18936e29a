"""Following an order until all of it came or was given up, and is billed; chasing what is late."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from app.domain.catalog.products import Sku
from app.domain.imports import importing
from app.domain.imports.importing import ImportRefused
from app.domain.sourcing import imported_orders
from app.domain.supply import asns, chases
from app.domain.supply.asns import AlreadyAnnounced
from app.effects.papers import Paper
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from app.workflow.records import EffectRow
from tests.builders.deliveries import a_supplier, an_order
from tests.processes.following import (
    a_confirmed_order,
    announced,
    arrived,
    bill,
    figures,
    followed,
    order_of,
    received,
)
from tests.processes.play import break_down, cases, the_case, wait_for_next_timer
from tests.workflow.play import Case

LATE = datetime(2026, 7, 2, 12, tzinfo=UTC)


@pytest.fixture
def order(flour: Sku) -> Paper:
    """40 FLOUR at 10, promised for 1 July."""
    return a_confirmed_order(flour, 40)


@pytest.fixture
def case(order: Paper) -> Case:
    return followed(order)


def test_an_order_is_settled_when_all_of_it_came_and_is_billed(case: Case, order: Paper) -> None:
    received(order, "A-1", 25)
    received(order, "A-2", 15)
    assert case.status == "open"

    bill(order)

    assert case.status == "finished"
    assert case.waits == [] == case.timers


def test_an_order_that_is_not_billed_waits_for_its_bill(case: Case, order: Paper) -> None:
    received(order, "A-1", 40)

    assert order_of(order).status == "closed"
    assert sorted(case.waits) == ["order_billed", "order_moved"]


def test_each_move_of_goods_is_looked_at_once(case: Case, order: Paper) -> None:
    announced(order, "A-1", 40)
    looks = _looks(case)

    arrived(order, "A-1", 40)

    assert _looks(case) == looks + 1


def test_what_is_on_time_is_not_chased(case: Case, order: Paper) -> None:
    received(order, "A-1", 39)

    assert cases("supplier_chase") == []


def test_an_order_of_which_nothing_came_is_chased_after_its_day(case: Case, order: Paper) -> None:
    _wait_until_late(case)

    chase = the_case("supplier_chase")
    assert chase.open == ["chase_supplier"]
    assert chase.data["po_no"] == order["po_no"]
    assert chase.data["chase"]["promised_on"] == "2026-07-01"
    assert [row["missing"] for row in chase.data["chase"]["lines"]] == ["40"]


def test_only_what_was_promised_for_the_day_is_chased(flour: Sku) -> None:
    order = a_confirmed_order(flour, 40, ("2026-06-10", 30), ("2026-08-10", 10))
    case = followed(order)
    received(order, "A-1", 20)

    _wait_until(case, datetime(2026, 6, 11, 12, tzinfo=UTC))

    assert [row["missing"] for row in the_case("supplier_chase").data["chase"]["lines"]] == ["10"]
    assert case.status == "open"


def test_what_is_late_is_chased_once(case: Case) -> None:
    _wait_until_late(case)

    _wait_until(case, datetime(2026, 7, 6, 9, tzinfo=UTC))

    assert len(cases("supplier_chase")) == 1


def test_goods_that_are_announced_for_a_day_to_come_are_not_late(case: Case, order: Paper) -> None:
    announced(order, "A-1", 40)
    in_transaction(lambda: _expect("A-1", "2026-07-03"))

    _wait_until_late(case)
    assert cases("supplier_chase") == []

    _wait_until(case, datetime(2026, 7, 9, 9, tzinfo=UTC))
    assert len(cases("supplier_chase")) == 1


def test_goods_that_come_late_end_the_chase(case: Case, order: Paper) -> None:
    _wait_until_late(case)

    received(order, "A-1", 40)

    assert the_case("supplier_chase").status == "finished"


def test_a_supplier_who_never_ships_is_decided_on_after_seven_days(
    case: Case, order: Paper, petra: Person
) -> None:
    _wait_until_late(case)
    chase = the_case("supplier_chase")
    while "decide_shortage" not in chase.open:
        wait_for_next_timer(chase)
    row = {"decision": "cancelled", "reason": "Never shipped", "claim": "50"}

    chase.complete("decide_shortage", by=petra, chase={"lines": [row]})

    (line,) = the_case("purchase_plan").data["plan"]["lines"]
    assert (line["sku"], line["recommended"]) == ("FLOUR", "40")
    assert figures(order, "received", "waived") == [0, 40]
    assert case.status == "finished"


def test_a_notice_that_comes_twice_is_refused(case: Case, order: Paper) -> None:
    announced(order, "A-1", 10)

    with pytest.raises(AlreadyAnnounced):
        announced(order, "A-1", 10)

    assert len(cases("receiving")) == 1


def test_the_order_is_looked_at_again_though_nothing_happens(case: Case) -> None:
    looks = _looks(case)
    assert [timer.date().isoformat() for timer in case.timers] == ["2026-06-04"]

    wait_for_next_timer(case)

    assert _looks(case) == looks + 1


def test_a_look_that_failed_is_taken_again(
    case: Case, order: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chases, "open_for_late", break_down)
    _wait_until_late(case)
    assert cases("supplier_chase") == []

    monkeypatch.undo()
    (incident,) = case.incidents
    in_transaction(lambda: incidents.retry(incident.id, by=None))

    assert len(cases("supplier_chase")) == 1


def test_an_imported_order_is_followed_and_chased_after_its_day(flour: Sku, chloe: Person) -> None:
    _import("P-1", "2026-07-01", by=chloe)
    case = the_case("order_delivery")
    assert (case.status, case.data["order"]["po_no"]) == ("open", "P-1")

    _wait_until_late(case)

    chase = the_case("supplier_chase")
    assert (chase.data["po_no"], chase.open) == ("P-1", ["chase_supplier"])
    assert [row["missing"] for row in chase.data["chase"]["lines"]] == ["40"]


def test_an_order_that_is_late_when_it_is_imported_is_chased_at_once(
    flour: Sku, chloe: Person
) -> None:
    _import("P-1", "2026-05-20", by=chloe)

    assert the_case("supplier_chase").data["chase"]["promised_on"] == "2026-05-20"


def test_an_order_that_is_imported_again_is_followed_once(flour: Sku, chloe: Person) -> None:
    _import("P-1", "2026-07-01", by=chloe)
    _import("P-1", "2026-07-01", by=chloe)

    assert len(cases("order_delivery")) == 1


def test_an_import_that_is_refused_follows_nothing(flour: Sku, chloe: Person) -> None:
    with pytest.raises(ImportRefused):
        _import("P-1", "2026-07-01", "P-2,NOBODY,MAIN,2026-07-01,1,FLOUR,1", by=chloe)

    assert cases("order_delivery") == []


def test_an_order_from_before_orders_were_followed_is_followed_once(flour: Sku) -> None:
    in_transaction(lambda: an_order((flour, 40)).id)
    assert cases("order_delivery") == []

    assert [in_transaction(imported_orders.tell_missed) for _ in range(2)] == [1, 0]

    assert len(cases("order_delivery")) == 1


def test_an_order_written_here_is_not_taken_for_one_from_elsewhere(order: Paper) -> None:
    assert in_transaction(imported_orders.tell_missed) == 0


def test_an_imported_order_that_came_and_is_billed_is_settled(flour: Sku, chloe: Person) -> None:
    _import("P-1", "2026-07-01", by=chloe)
    order = the_case("order_delivery").data["order"]

    received(order, "A-1", 40)
    bill(order)

    assert the_case("order_delivery").status == "finished"


def _import(number: str, due_on: str, *rows: str, by: Person) -> None:
    """A file with one order of 40 FLOUR at 10, and more `rows`."""

    def step() -> int:
        a_supplier()
        head = "po,supplier,site,due_on,line,sku,quantity,unit_price"
        lines = [f"{number},BOREA,MAIN,{due_on},1,FLOUR,40,10", *(f"{row},10" for row in rows)]
        return importing.load("purchase_orders", "\n".join([head, *lines]).encode(), by=name).new

    name = by.username
    in_transaction(step)


def _looks(case: Case) -> int:
    db.session.rollback()
    mine = EffectRow.key.startswith(f"{case.id}:look_at_order:")
    return db.session.scalar(select(func.count()).select_from(EffectRow).where(mine)) or 0


def _wait_until_late(case: Case) -> None:
    _wait_until(case, LATE)


def _wait_until(case: Case, instant: datetime) -> None:
    """Let the timers of the case fire that are due before an instant."""
    while case.timers and min(case.timers) < instant:
        wait_for_next_timer(case)


def _expect(number: str, day: str) -> int:
    notice = asns.by_number(number)
    notice.expected_on = date.fromisoformat(day)
    return notice.id
