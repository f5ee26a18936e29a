"""A supplier's record is read from what was ordered, promised, counted and judged."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.domain.sourcing import record
from app.domain.sourcing.record import Record
from app.domain.supply import cancelling, counting, promises, quality, receipts
from app.domain.supply.promises import Promised
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel import clock, policy
from app.kernel.db import in_transaction
from tests.builders.deliveries import a_notice, a_supplier, an_order, counted
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

MAY = datetime(2026, 5, 1, 9, tzinfo=UTC)
DUE = date(2026, 5, 11)
JULY = datetime(2026, 7, 1, 9, tzinfo=UTC)
RULES = {
    "window_days": "180",
    "half_life_days": "90",
    "grace_days": "0",
    "fewest_lines": "3",
    "usual_good_rate": "0.97",
}


@pytest.fixture(autouse=True)
def _rules(app: Flask) -> None:
    def step() -> None:
        for name, value in RULES.items():
            policy.seed(f"supplier_record.{name}", value)

    in_transaction(step)


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("FLOUR"))


def ordered(sku: Sku, quantity: int, *, supplier: str = "BOREA") -> PurchaseOrder:
    """Ordered on the first of May, due on the eleventh."""

    def step() -> PurchaseOrder:
        order = an_order((sku, quantity), supplier=supplier)
        order.due_on = DUE
        return order

    return in_a_step(step)


def delivered(order: PurchaseOrder, quantity: int, *, on: int, bad: int = 0) -> None:
    """Counted on a day of May, judged the day after."""
    sku, day = order.lines[0].sku, MAY + timedelta(days=on - 1)
    notice = in_a_step(lambda: a_notice(order, **{sku.code: quantity}))
    with clock.turned_to(day):
        receipt = in_a_step(
            lambda: counting.book(receipts.open_for(notice), [counted(sku, quantity)])
        )
    with clock.turned_to(day + timedelta(days=1)):
        in_a_step(
            lambda: quality.judge(
                receipts.line(receipt, 1), accepted=Decimal(quantity - bad), rejected=Decimal(bad)
            )
        )


def the_record(at: datetime = JULY) -> Record:
    return record.of(a_supplier("BOREA"), at)


def test_a_record_tells_good_full_and_punctual_apart(flour: Sku) -> None:
    delivered(ordered(flour, 100), 100, on=9, bad=5)
    delivered(ordered(flour, 100), 100, on=20)
    ordered(flour, 100)

    found = the_record()

    assert (found.lines, found.is_enough) == (3, True)
    assert found.quality.rate == 0.975
    assert found.fill.rate == pytest.approx(0.95 / 3)
    assert found.on_time.rate == pytest.approx(1 / 3)
    assert found.in_full.rate == 0


def test_few_lines_are_no_judgement(flour: Sku) -> None:
    delivered(ordered(flour, 100), 100, on=9)

    assert the_record().is_enough is False


def test_orders_that_never_came_lengthen_the_lead_time(flour: Sku) -> None:
    delivered(ordered(flour, 100), 100, on=9)
    quick = the_record().lead
    ordered(flour, 300)
    slow = the_record().lead

    assert (quick.median, quick.nine_in_ten, quick.waiting) == (9, 9, 0)
    assert (slow.median, slow.nine_in_ten, slow.waiting) == (None, None, 300)


def test_what_is_not_due_yet_counts_neither_way(flour: Sku) -> None:
    ordered(flour, 100)

    assert the_record(MAY).lines == 0
    assert the_record(JULY).lines == 1
    assert the_record(JULY + timedelta(days=200)).lines == 0


def test_a_promise_moves_the_day(flour: Sku) -> None:
    order = ordered(flour, 100)
    later = [Promised(date(2026, 5, 25), Decimal(100))]
    in_a_step(lambda: promises.keep(order, 1, {1: later}, channel=promises.PORTAL))
    delivered(order, 100, on=20)

    assert the_record().on_time.rate == 1


def test_what_we_took_back_ourselves_is_not_held_against_them(flour: Sku) -> None:
    for why in ("amended", "stopped"):
        order = ordered(flour, 100)
        in_a_step(partial(cancelling.cancel_rest, order, why, reason="–"))

    assert the_record().lines == 1


def test_the_usual_rate_is_that_of_such_goods_whoever_delivers_them(flour: Sku) -> None:
    delivered(ordered(flour, 100, supplier="OTHER"), 100, on=9, bad=50)
    delivered(ordered(flour, 100), 100, on=9)

    found = the_record().quality

    usual = (50 * 0.97 + 150) / 250
    assert found.rate == 1
    assert found.usual == pytest.approx(usual)
    assert found.believed.mean == pytest.approx((50 * usual + 100) / 150)
