"""Whatever is confirmed, changed, announced, counted, chased and cancelled, an order adds up."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from app.domain import proof
from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.sourcing import amending, order_issuing, order_versions
from app.domain.sourcing.order_drafts import Wanted
from app.domain.supply import (
    asns,
    cancelling,
    chases,
    closings,
    counting,
    lateness,
    promises,
    purchase_orders,
    quality,
    receipts,
)
from app.domain.supply.asns import Announced, Asn
from app.domain.supply.promises import Promised
from app.domain.supply.purchase_orders import PurchaseOrder
from app.identity import people
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.kernel.errors import Refusal
from tests.builders.deliveries import a_supplier, counted
from tests.builders.goods import a_sku
from tests.builders.orders import a_draft, limits, wanted
from tests.builders.steps import in_a_step

seeds = st.integers(0, 2**32)
_numbers = count(1)


class AnyOrder(RuleBasedStateMachine):
    """One order of two lines after the other, with everything that may befall it."""

    def __init__(self) -> None:
        super().__init__()
        self.number = in_a_step(_a_confirmed_order)

    @rule(seed=seeds)
    def the_supplier_promises(self, seed: int) -> None:
        self._try(seed, _promise)

    @rule(seed=seeds)
    def the_buyer_amends(self, seed: int) -> None:
        self._try(seed, _amend)

    @rule(seed=seeds)
    def goods_are_announced(self, seed: int) -> None:
        self._try(seed, _announce)

    @rule(seed=seeds)
    def goods_are_counted_and_judged(self, seed: int) -> None:
        self._try(seed, _count_and_judge)

    @rule(seed=seeds)
    def what_is_late_is_chased_and_given_up(self, seed: int) -> None:
        self._try(seed, _chase)

    @rule(seed=seeds)
    def the_rest_is_cancelled(self, seed: int) -> None:
        if seed % 5 == 0:
            self._try(seed, _cancel)

    @invariant()
    def the_order_adds_up(self) -> None:
        db.session.rollback()
        order = purchase_orders.by_number(self.number)
        promised = promises.current(order)
        for line in order.lines:
            assert line.received <= line.wanted + line.let_in
            assert line.accepted + line.rejected <= line.received
            assert 0 <= chases.chased(line.id) <= line.open
            days = promises.expected(line, promised.get(line.id, []))
            assert sum((one.quantity for one in days), Decimal(0)) == max(line.wanted, 0)
        assert _is_closed(order) == (order.status != "open")
        assert [each.state for each in order_versions.of(order)].count("issued") == 1

    def teardown(self) -> None:
        db.session.rollback()
        broken = {result.code for result in proof.run() if not result.holds}
        assert broken <= {"I9"}  # these steps are no effects of a case

    def _try(self, seed: int, deed: Callable[[PurchaseOrder, Random], None]) -> None:
        """A deed that is refused changes nothing."""
        try:
            in_a_step(lambda: deed(purchase_orders.by_number(self.number), Random(seed)))
        except Refusal:
            db.session.rollback()


@pytest.fixture(autouse=True)
def _company(app: Flask) -> None:
    def step() -> None:
        limits(without=10**9)
        people.add("chloe", name="Chloé")
        a_supplier()
        a_sku("FLOUR")
        a_sku("SALT")

    in_transaction(step)


def test_an_order_adds_up_whatever_befalls_it() -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=6,
            stateful_step_count=20,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _a_confirmed_order() -> str:
    draft = a_draft(*(wanted(_sku(code), many) for code, many in (("FLOUR", 40), ("SALT", 6))))
    order = order_issuing.issue(draft)
    _promise(order, Random(0))
    return order.number


def _promise(order: PurchaseOrder, dice: Random) -> None:
    version = _in_force(order)
    days = {
        line.line_no: [
            Promised(_day(dice), Decimal(part))
            for part in (dice.randint(1, 20), dice.randint(1, 30))
        ]
        for line in order.lines
    }
    promises.keep(order, version.version_no, days, channel=promises.PORTAL)


def _amend(order: PurchaseOrder, dice: Random) -> None:
    version = amending.check_amendable(order)
    lines = [
        Wanted(
            line.sku,
            Decimal(max(0, int(line.quantity) + dice.randint(-25, 15))),
            line.line_no,
            unit_price=dice.choice((line.unit_price, line.unit_price, Decimal(dice.randint(1, 9)))),
            price_source="stated",
        )
        for line in version.lines
    ]
    new = amending.draft(order, lines, by="chloe", reason="Dice")
    amending.issue(new)
    _promise(order, dice)


def _announce(order: PurchaseOrder, dice: Random) -> None:
    line = dice.choice(order.lines)
    many = Decimal(dice.randint(1, 15))
    asns.announce(f"N-{next(_numbers)}", order=order, lines=[Announced(line.line_no, many)])


def _count_and_judge(order: PurchaseOrder, dice: Random) -> None:
    waiting = db.session.query(Asn).filter_by(order_id=order.id, status="announced").all()
    if not waiting:
        return
    notice = dice.choice(waiting)
    sku = notice.lines[0].sku
    came = max(0, int(notice.lines[0].quantity) + dice.choice((-2, 0, 0, 1, 3)))
    let_in = {sku.code} if dice.random() < 0.5 else set()
    receipt = receipts.open_for(notice)
    counting.book(receipt, [counted(sku, came)] if came else [], let_in=let_in)
    for line in list(receipt.lines):
        if line.kind == "expected":
            bad = Decimal(dice.randint(0, int(line.waiting)))
            quality.judge(
                receipts.line(receipt, line.line_no), accepted=line.waiting - bad, rejected=bad
            )


def _chase(order: PurchaseOrder, dice: Random) -> None:
    late = lateness.of(order, clock.now() + timedelta(days=dice.randint(0, 90)), grace="PT2H")
    chase = chases.open_for_late(order, late)
    if chase is not None and dice.random() < 0.5:
        found = chases.locked(chase.number)
        closings.give_up(dice.choice(found.lines), dice.choice(closings.GIVEN_UP), reason="Dice")


def _cancel(order: PurchaseOrder, dice: Random) -> None:
    cancelling.cancel_rest(order, "stopped", reason="Dice", with_announced=dice.random() < 0.5)


def _is_closed(order: PurchaseOrder) -> bool:
    lines = order.lines
    return all(line.open == 0 and line.waiting == 0 for line in lines)


def _in_force(order: PurchaseOrder) -> order_versions.OrderVersion:
    version = order_versions.in_force(order)
    assert version is not None
    return version


def _day(dice: Random) -> date:
    return clock.now().date() + timedelta(days=dice.randint(0, 60))


def _sku(code: str) -> Sku:
    return skus.by_code(code)
