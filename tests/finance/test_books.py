"""Every move of goods has its value, in the same step, and the journal says the same."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.finance import explain, rates, worth
from app.domain.finance.books import NotOurs
from app.domain.finance.journal import Journal
from app.domain.finance.pools import CostEntry
from app.domain.inventory import ledger, opening, places, serials
from app.domain.inventory.ledger import Line
from app.domain.inventory.opening import OpeningLine
from app.domain.inventory.places import Location
from app.domain.supply import counting, discrepancies, put_away, quality, receipts
from app.domain.supply.receipts import Receipt
from app.kernel.db import db
from tests.builders.books import booked, bought, first, in_stock, pool, sent_back, sold
from tests.builders.deliveries import a_notice, a_receipt, a_supplier, an_order, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step

Run = Callable[[Callable[[], None]], None]
OWED = "received_not_billed"


def hold() -> Location:
    return places.on_hold(a_site())


def test_received_goods_are_worth_their_price_and_owed(step: Run) -> None:
    def receive() -> None:
        flour = a_sku()
        in_stock(flour, 10, "92.505")
        assert pool(flour) == (10, 92505)
        assert booked("stock", OWED) == [92505, -92505]

    step(receive)
    voucher = db.session.scalars(select(Journal)).one()
    assert voucher.reason == "received"
    assert voucher.effect_key.startswith("1:step")


def test_a_price_per_roll_is_a_price_per_roll(step: Run) -> None:
    def receive() -> None:
        pipe = a_sku("PIPE", unit="m", step=Decimal("0.5"))
        bought(pipe, "50.5", "1850", priced_for=Decimal(20))
        assert pool(pipe) == (Decimal("50.5"), 467125)

    step(receive)


def test_an_order_in_dollars_keeps_its_rate(step: Run) -> None:
    def receive() -> None:
        rates.add("USD", date(2026, 4, 1), Decimal("31.4159265358"))
        flour = a_sku()
        line = bought(flour, 7, "1.23", currency="USD")
        assert pool(flour) == (7, 27049)
        rates.add("USD", date(2026, 4, 2), Decimal(40))
        assert line.receipt.order is not None
        assert line.receipt.order.exchange_rate == Decimal("31.4159265358")

    step(receive)


def test_what_moves_inside_the_house_keeps_its_value(step: Run) -> None:
    def move() -> None:
        flour = a_sku()
        line = bought(flour, 10, "7")
        quality.judge(line, accepted=Decimal(6), rejected=Decimal(4))
        assert pool(flour) == (10, 7000)

    step(move)
    assert db.session.scalars(select(Journal.reason)).all() == ["received"]


def test_sold_goods_take_their_average_cost_and_the_last_takes_the_rest(step: Run) -> None:
    taken = []

    def trade() -> None:
        flour = a_sku()
        in_stock(flour, 2, "5.07")
        in_stock(flour, 5, "3.02")
        for _ in range(7):
            before = pool(flour)[1]
            sold(flour, 1)
            taken.append(before - pool(flour)[1])
        assert pool(flour) == (0, 0)

    step(trade)
    assert taken == [361, 361, 360, 361, 360, 361, 360]
    assert booked("stock", "cost_of_sales") == [0, 2524]


def test_goods_go_back_to_their_supplier_at_what_they_cost(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        cheap = in_stock(flour, 10, "5")
        in_stock(flour, 10, "8")
        sent_back(cheap, 4)
        assert pool(flour) == (16, 10400)
        assert booked(OWED, "purchase_variance") == [-11000, 600]
        sent_back(cheap, 6)
        assert booked(OWED) == [-8000]

    step(trade)


def test_a_unit_with_a_code_has_a_cost_of_its_own(step: Run) -> None:
    def trade() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        in_stock(ac, 3, "33.333333", "S1", "S2", "S3")
        in_stock(ac, 1, "50", "S4")
        sold(ac, 1, "S4")
        assert pool(ac) == (3, 10000)
        sold(ac, 2, "S2", "S3")
        assert pool(ac) == (1, 3334)
        assert booked("cost_of_sales") == [11666]

    step(trade)


def test_what_nobody_ordered_is_not_ours(step: Run) -> None:
    def receive() -> None:
        flour, salt = a_sku(), a_sku("SALT")
        receipt = a_receipt((flour, 10))
        counting.book(receipt, [counted(flour, 12), counted(salt, 3)])
        assert pool(flour)[0] == 10
        discrepancies.send_back(receipts.line(receipt, 3))

    step(receive)


def test_nobody_sells_what_is_not_ours(app: Flask) -> None:
    def receive() -> None:
        flour = a_sku()
        counting.book(a_receipt((a_sku("SALT"), 1)), [counted(flour, 12)])
        sold(flour, 5, at=hold())

    with pytest.raises(NotOurs, match="5 of FLOUR are to leave, but the books know only 0"):
        in_a_step(receive)


def over() -> Receipt:
    order = an_order((a_sku(), 10))
    order.lines[0].unit_price = Decimal(3)
    return counting.book(receipts.open_for(a_notice(order)), [counted(order.lines[0].sku, 14)])


@pytest.mark.parametrize(
    ("outcome", "quantity", "value"),
    [("keep", 14, 4200), ("keep_free", 14, 3000), ("return", 10, 3000)],
)
def test_an_over_delivery_becomes_ours_when_it_is_kept(
    step: Run, outcome: str, quantity: int, value: int
) -> None:
    def decide() -> None:
        surplus = receipts.line(over(), 2)
        assert pool(surplus.sku) == (10, 3000)
        discrepancies.settle_over(surplus, outcome)
        assert pool(surplus.sku) == (quantity, value)

    step(decide)


def test_a_relabelled_unit_keeps_its_cost(step: Run) -> None:
    def receive() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        in_stock(ac, 1, "90", "S1")
        twin = bought(ac, 1, "70", "S1")
        assert twin.kind == "duplicate"
        discrepancies.relabel(twin, "S2")
        assert pool(ac) == (2, 16000)

    step(receive)
    assert booked("relabelling") == [0]
    assert explain.unit(serials.by_code("S2").id).value == 7000


def test_a_duplicate_nobody_ordered_becomes_ours_when_it_is_relabelled(step: Run) -> None:
    def receive() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        in_stock(ac, 1, "90", "S1")
        receipt = counting.book(a_receipt((a_sku("SALT"), 1)), [counted(ac, 1, "S1")])
        assert pool(ac) == (1, 9000)
        discrepancies.relabel(first(receipt), "S2")
        assert pool(ac) == (2, 18000)

    step(receive)


def test_goods_without_a_price_are_worth_what_such_goods_are_worth(step: Run) -> None:
    def receive() -> None:
        flour = a_sku()
        in_stock(flour, 10, "5")
        in_stock(flour, 2, None)
        assert pool(flour) == (12, 6000)
        sold(flour, 12)
        in_stock(flour, 2, None)
        assert pool(flour) == (2, 1000)

    step(receive)


def test_goods_nobody_knows_the_price_of_count_for_nothing_and_are_listed(step: Run) -> None:
    def receive() -> None:
        in_stock(a_sku(), 4, None)

    step(receive)
    (unknown,) = worth.unknown()
    assert seen(unknown.quantity, unknown.value, unknown.basis) == (4, 0, "unknown")


def test_opening_stock_has_the_cost_its_list_says(step: Run) -> None:
    def post() -> None:
        ac, pipe, shelf = a_sku("BA-28", serial_policy="unit"), a_sku("PIPE"), a_bin()
        facts = [(ac, 2, ["S1", "S2"], Decimal("16.505"), 1), (pipe, 40, [], Decimal(9), 20)]
        lines = [
            OpeningLine(
                line_no=at,
                sku_id=sku.id,
                location_id=shelf.id,
                quantity=Decimal(quantity),
                serials=codes,
                unit_cost=cost,
                priced_for=Decimal(per),
            )
            for at, (sku, quantity, codes, cost, per) in enumerate(facts, start=1)
        ]
        opening.post(opening.write_down(lines, given_by="bruno"))
        assert (pool(ac), pool(pipe)) == ((2, 3301), (40, 1800))

    step(post)
    assert booked("stock", "opening_balance") == [5101, -5101]


@pytest.mark.parametrize(
    ("found", "kept", "lost", "gained"), [(8, 4000, 1000, 0), (11, 5500, 0, -500)]
)
def test_counts_find_and_lose_goods_at_their_average_cost(
    step: Run, found: int, kept: int, lost: int, gained: int
) -> None:
    def count() -> None:
        release = quality.judge(bought(a_sku(), 10, "5"), accepted=Decimal(10))
        assert release is not None
        put_away.settle_count(release, Decimal(found), counted_by=("bruno", "chloe"))

    step(count)
    assert booked("stock", "stock_loss", "stock_gain") == [kept, lost, gained]


def test_a_move_through_the_house_enters_and_leaves_it(step: Run) -> None:
    def cross_dock() -> None:
        flour, shelf = a_sku(), a_bin()
        stock(flour, 5, at=shelf)
        a_supplier()
        outside, away = places.of_supplier("BOREA"), places.location(places.CUSTOMERS)
        lines = [Line(flour, outside, shelf, Decimal(2)), Line(flour, shelf, away, Decimal(7))]
        ledger.move(lines, reason="moved", document="M-1")
        assert pool(flour) == (0, 0)

    step(cross_dock)


def test_every_change_of_a_unit_is_a_row(step: Run) -> None:
    def trade() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        in_stock(ac, 2, "10", "S1", "S2")
        sold(ac, 1, "S1")

    step(trade)
    one = serials.by_code("S1").id
    rows = db.session.scalars(select(CostEntry).filter_by(serial_id=one).order_by(CostEntry.seq))
    assert [seen(row.quantity, row.value, row.basis) for row in rows] == [
        (1, 1000, "order"),
        (-1, -1000, "unit"),
    ]
