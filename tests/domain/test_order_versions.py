"""An order is what was issued: approved by amount, frozen, and amended by whole versions."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import Executable, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from app.domain.catalog import skus
from app.domain.finance import rates
from app.domain.finance.rates import NoRate
from app.domain.sourcing import order_approvals, order_drafts, order_issuing, order_versions
from app.domain.sourcing.order_approvals import (
    APPROVE,
    NotADraft,
    NotApproved,
    OwnOrder,
    ReasonNeeded,
)
from app.domain.sourcing.order_drafts import AmendedAlready, NothingOrdered, OrderedTwice
from app.domain.sourcing.order_issuing import ComeAlready, NoPrice
from app.domain.sourcing.order_versions import OrderVersion, OrderVersionLine
from app.domain.supply import counting, purchase_orders, receipts
from app.domain.supply.purchase_orders import PurchaseOrder
from app.identity import people
from app.kernel.db import db, in_transaction
from app.kernel.outbox import Post
from tests.builders.deliveries import a_notice, a_supplier, an_order, counted
from tests.builders.goods import a_sku
from tests.builders.orders import REQUIRED, a_draft, limits, wanted
from tests.builders.steps import in_a_step

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _people_and_goods(app: Flask) -> None:
    def step() -> None:
        limits()
        for name in ("chloe", "petra", "fiona"):
            people.add(name, name=name.title())
        a_sku("FLOUR")
        a_sku("SALT")
        a_supplier().email = "sales@borea.example"

    in_transaction(step)


def test_a_draft_orders_nothing_yet() -> None:
    def step() -> None:
        order = _draft(1_000).order
        assert (order.status, order.lines) == ("draft", [])
        assert order.number == f"DRAFT-{order.id:06d}"

    in_a_step(step)


def test_issuing_gives_the_number_opens_the_order_and_tells_the_supplier() -> None:
    def step() -> None:
        order = order_issuing.issue(_draft(1_000))
        assert (order.number, order.status) == (f"PO-{order.id:06d}", "open")
        assert [(line.ordered, line.unit_price) for line in order.lines] == [
            (Decimal(1_000), Decimal(10))
        ]
        assert (order.exchange_rate, order.due_on) == (Decimal(1), REQUIRED)

    in_a_step(step)
    (letter,) = db.session.scalars(select(Post.payload))
    assert isinstance(letter, dict)
    assert letter["to"] == "sales@borea.example"
    assert "FLOUR Flour: 1000 pcs" in letter["text"]


def test_a_foreign_currency_is_frozen_at_the_rate_of_the_day() -> None:
    def step() -> OrderVersion:
        version = _draft(10)
        version.currency = "USD"
        return version

    version_id = in_a_step(lambda: step().id)
    with pytest.raises(NoRate):
        in_a_step(lambda: _issue(version_id))
    in_transaction(lambda: rates.add("USD", date(2020, 1, 1), Decimal("31.5")))

    in_a_step(lambda: _issue(version_id))

    assert order_versions.get(version_id).order.exchange_rate == Decimal("31.5")


@pytest.mark.parametrize(
    ("quantity", "levels"),
    [
        (2_000, set()),
        (2_001, {"manager"}),
        (20_000, {"manager"}),
        (20_001, {"manager", "finance"}),
    ],
)
def test_the_amount_says_whose_approval_is_needed(quantity: int, levels: set[str]) -> None:
    in_a_step(lambda: _expect_levels(quantity, levels))


def test_nothing_is_issued_without_the_approvals_it_asks_for() -> None:
    version_id = in_a_step(lambda: _draft(20_001).id)

    for level, name in (("manager", "petra"), ("finance", "fiona")):
        with pytest.raises(NotApproved):
            in_a_step(lambda: _issue(version_id))
        _decide(version_id, level, by=name)

    in_a_step(lambda: _issue(version_id))
    assert order_versions.get(version_id).state == "issued"


def test_a_corrected_draft_is_approved_anew() -> None:
    version_id = in_a_step(lambda: _draft(3_000).id)
    _decide(version_id, "manager", by="petra")
    assert order_versions.get(version_id).state == "approved"

    def correct() -> None:
        lines = [wanted(skus.by_code("FLOUR"), 4_000)]
        version = order_versions.get(version_id)
        order_drafts.correct(version, lines, by="chloe", required_on=None)

    in_a_step(correct)

    with pytest.raises(NotApproved):
        in_a_step(lambda: _issue(version_id))


def test_a_later_no_takes_back_a_yes() -> None:
    version_id = in_a_step(lambda: _draft(20_001).id)
    _decide(version_id, "manager", by="petra")
    _decide(version_id, "manager", by="petra", decision="send_back", reason="Too dear")
    _decide(version_id, "finance", by="fiona")

    with pytest.raises(NotApproved):
        in_a_step(lambda: _issue(version_id))


def test_nobody_approves_what_they_wrote_or_priced() -> None:
    version_id = in_a_step(lambda: _draft(3_000).id)
    in_transaction(lambda: setattr(order_versions.get(version_id), "priced_by", "petra"))

    for name in ("chloe", "petra"):
        with pytest.raises(OwnOrder):
            _decide(version_id, "manager", by=name)


def test_who_turns_an_order_down_says_why() -> None:
    version_id = in_a_step(lambda: _draft(3_000).id)

    with pytest.raises(ReasonNeeded):
        _decide(version_id, "manager", by="petra", decision="refuse", reason=" ")


def test_goods_without_a_price_are_not_ordered() -> None:
    with pytest.raises(NoPrice):
        in_a_step(lambda: order_issuing.issue(a_draft(wanted(skus.by_code("FLOUR"), 1, None))))


def test_an_order_has_a_line_and_a_sku_only_once() -> None:
    with pytest.raises(NothingOrdered):
        in_a_step(a_draft)
    flour = wanted(skus.by_code("FLOUR"), 1)
    with pytest.raises(OrderedTwice):
        in_a_step(lambda: a_draft(flour, flour))


@pytest.mark.parametrize(
    "attack",
    [
        update(OrderVersion).values(total_minor=1),
        update(OrderVersion).values(state="draft"),
        update(OrderVersionLine).values(quantity=1),
        delete(OrderVersionLine),
        delete(OrderVersion),
        insert(OrderVersionLine).from_select(
            [
                "version_id",
                "line_no",
                "sku_id",
                "quantity",
                "priced_for",
                "price_source",
                "price_document",
            ],
            select(
                OrderVersion.id, text("2"), text("1"), text("1"), text("1"), text("''"), text("''")
            ),
        ),
    ],
)
def test_the_database_keeps_what_was_issued(attack: Executable) -> None:
    in_a_step(lambda: order_issuing.issue(_draft(1_000)).id)

    with pytest.raises(DatabaseError, match="HOUTAI_FROZEN"):
        in_transaction(lambda: db.session.execute(attack))


def test_what_was_issued_is_issued_once() -> None:
    version_id = in_a_step(lambda: _draft(1_000).id)
    in_a_step(lambda: _issue(version_id))

    with pytest.raises(NotADraft):
        in_a_step(lambda: _issue(version_id))


def test_an_amendment_is_the_next_version_and_changes_the_order() -> None:
    number = _issued(FLOUR=100, SALT=5)

    _amend(number, FLOUR=60, SALT=8)

    order = purchase_orders.by_number(number)
    assert [line.ordered for line in order.lines] == [60, 8]
    states = [(each.version_no, each.state) for each in order_versions.of(order)]
    assert states == [(1, "superseded"), (2, "issued")]


def test_a_line_left_out_is_expected_no_more() -> None:
    number = _issued(FLOUR=100, SALT=5)

    _amend(number, SALT=5)

    flour, salt = purchase_orders.by_number(number).lines
    assert [flour.open, flour.waived, salt.open] == [Decimal(0), Decimal(100), Decimal(5)]


def test_nothing_that_came_is_un_ordered() -> None:
    number = _issued(FLOUR=100)
    in_a_step(lambda: _receive(number, 60))

    with pytest.raises(ComeAlready):
        _amend(number, FLOUR=59)
    _amend(number, FLOUR=60)

    line = purchase_orders.by_number(number).lines[0]
    assert [line.ordered, line.received, line.open] == [Decimal(60), Decimal(60), Decimal(0)]


def test_more_is_asked_for_approval_and_less_is_not() -> None:
    number = _issued(FLOUR=1_000)
    _amend(number, FLOUR=900)

    with pytest.raises(NotApproved):
        _amend(number, FLOUR=3_000)


def test_one_change_is_written_at_a_time() -> None:
    number = _issued(FLOUR=100)
    in_a_step(lambda: _write_amendment(number, FLOUR=50).id)

    with pytest.raises(AmendedAlready):
        in_a_step(lambda: _write_amendment(number, FLOUR=40).id)


def test_a_draft_that_is_given_up_is_cancelled_but_an_amendment_leaves_the_order() -> None:
    number = _issued(FLOUR=100)

    def step() -> tuple[str, str]:
        draft = _draft(10)
        order_drafts.abandon(draft, reason="Not needed")
        amendment = _write_amendment(number, FLOUR=50)
        order_drafts.abandon(amendment, reason="Supplier said no")
        return draft.order.status, amendment.order.status

    assert in_a_step(step) == ("cancelled", "open")


def test_an_order_from_a_file_is_an_issued_first_version() -> None:
    def step() -> tuple[str, str, int, list[Decimal]]:
        order = an_order((skus.by_code("FLOUR"), 7))
        version = order_versions.of(order)[0]
        quantities = [line.quantity for line in version.lines]
        return version.kind, version.state, version.version_no, quantities

    assert in_a_step(step) == ("import", "issued", 1, [Decimal(7)])


def _draft(quantity: int) -> OrderVersion:
    return a_draft(wanted(skus.by_code("FLOUR"), quantity))


def _issue(version_id: int) -> str:
    return order_issuing.issue(order_versions.get(version_id)).number


def _expect_levels(quantity: int, levels: set[str]) -> None:
    assert order_approvals.levels(_draft(quantity)) == levels


def _decide(
    version_id: int, level: str, *, by: str, decision: str = APPROVE, reason: str = ""
) -> None:
    person = in_transaction(lambda: people.named(by).id)
    _in_step_of(
        person,
        lambda: (
            order_approvals.decide(
                order_versions.get(version_id), level, decision, reason=reason
            ).id
        ),
    )


def _in_step_of(person: int, step: Callable[[], T]) -> T:
    return in_a_step(step, by=person)


def _issued(**quantities: int) -> str:
    def step() -> str:
        lines = [wanted(skus.by_code(code), each) for code, each in quantities.items()]
        return order_issuing.issue(a_draft(*lines)).number

    return in_a_step(step)


def _amend(number: str, **quantities: int) -> None:
    in_a_step(lambda: order_issuing.issue(_write_amendment(number, **quantities)).id)


def _write_amendment(number: str, **quantities: int) -> OrderVersion:
    order = purchase_orders.by_number(number)
    numbers = {line.sku.code: line.line_no for line in order.lines}
    lines = [
        wanted(skus.by_code(code), each, line_no=numbers.get(code))
        for code, each in quantities.items()
    ]
    return order_drafts.amend(order, lines, by="chloe", reason="Less is sold")


def _receive(number: str, quantity: int) -> None:
    order: PurchaseOrder = purchase_orders.by_number(number)
    receipt = receipts.open_for(a_notice(order))
    counting.book(receipt, [counted(skus.by_code("FLOUR"), quantity)])
