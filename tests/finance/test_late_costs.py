"""What comes later finds the goods it belongs to: in stock, or sold."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.finance import journal, late_costs, periods
from app.domain.finance.late_costs import LateCost, NothingReceived
from app.domain.supply import counting, receipts
from app.kernel import clock
from app.kernel.db import db
from tests.builders.books import booked, in_stock, pool, sent_back, sold
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

Run = Callable[[Callable[[], None]], None]
OWED = "received_not_billed"


def freight(amount: int, **over: int) -> list[LateCost]:
    """Freight over receipt lines: `line_7=2` is line 7 with weight 2."""
    weights = {int(name.removeprefix("line_")): Decimal(by) for name, by in over.items()}
    return late_costs.spread("freight", amount, over=weights, document="F-1", credit="payables")


def test_freight_raises_what_is_left_and_the_cost_of_what_was_sold(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        line = in_stock(flour, 10, "11")
        sold(flour, 1)
        (cost,) = freight(1000, **{f"line_{line.id}": 1})
        assert (cost.to_stock, cost.surviving) == (900, "9/10")
        assert pool(flour) == (9, 10800)

    step(trade)
    assert booked("stock", "cost_of_sales", "payables") == [10800, 1200, -1000]


def test_later_receipts_do_not_water_a_late_cost_down(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        line = in_stock(flour, 10, "1")
        sold(flour, 5)
        in_stock(flour, 15, "1")
        sold(flour, 10)
        (cost,) = freight(800, **{f"line_{line.id}": 1})
        assert (cost.to_stock, cost.surviving) == (200, "1/4")

    step(trade)


def test_nothing_survives_an_empty_shelf(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        line = in_stock(flour, 10, "1")
        sold(flour, 10)
        in_stock(flour, 10, "1")
        (cost,) = freight(800, **{f"line_{line.id}": 1})
        assert (cost.to_stock, cost.surviving) == (0, "0/1")

    step(trade)


def test_freight_over_several_lines_is_split_to_the_cent(step: Run) -> None:
    def trade() -> None:
        bases = (5994, 931, 393, 2625)
        lines = [in_stock(a_sku(f"SKU-{base}"), 1, str(base)) for base in bases]
        over = {f"line_{line.id}": base for line, base in zip(lines, bases, strict=True)}
        assert [cost.to_stock for cost in freight(333, **over)] == [201, 31, 13, 88]

    step(trade)


def test_each_unit_bears_its_part_where_it_is(step: Run) -> None:
    def trade() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        line = in_stock(ac, 3, "100", "S1", "S2", "S3")
        in_stock(ac, 1, "100", "S4")
        sold(ac, 1, "S1")
        (cost,) = freight(100, **{f"line_{line.id}": 1})
        assert (cost.to_stock, cost.surviving) == (66, "2/3")
        sold(ac, 1, "S2")
        assert pool(ac) == (2, 20033)

    step(trade)


def test_a_concession_lowers_what_we_owe_and_never_takes_the_last_cent(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        line = in_stock(flour, 10, "1")
        weights = {line.id: Decimal(1)}
        for amount in (-300, -5000):
            late_costs.spread("concession", amount, over=weights, document="C", credit=OWED)
        assert pool(flour) == (10, 1)
        assert booked(OWED, "cost_of_sales") == [4300, -4301]

    step(trade)


def test_freight_does_not_come_back_with_the_goods(step: Run) -> None:
    def trade() -> None:
        flour = a_sku()
        line = in_stock(flour, 10, "10")
        freight(1000, **{f"line_{line.id}": 1})
        sent_back(line, 5)
        assert pool(flour) == (5, 5500)
        assert booked(OWED, "purchase_variance") == [-5000, 500]

    step(trade)


def test_a_wrong_freight_is_corrected_by_a_new_row(step: Run) -> None:
    def trade() -> None:
        line = in_stock(a_sku(), 10, "10")
        freight(1000, **{f"line_{line.id}": 1})

    def correct() -> None:
        wrong = db.session.scalars(select(LateCost)).one()
        sold(skus.by_code("FLOUR"), 5)
        day, over = periods.day_for(clock.now()), {wrong.origin: Decimal(1)}
        voucher = journal.begin("correction", "F-1", day=day, corrects_id=wrong.journal_id)
        late_costs.hold([wrong.origin])
        (new,) = late_costs.add_all(
            "freight",
            -600,
            over=over,
            voucher=voucher,
            credit="payables",
            corrects=late_costs.of_voucher(wrong.journal_id),
        )
        voucher.write()
        assert (new.amount, new.to_stock) == (-600, -300)

    step(trade)
    step(correct)
    wrong, new = db.session.scalars(select(LateCost).order_by(LateCost.id))
    assert new.corrects_id == wrong.id
    assert new.journal.corrects_id == wrong.journal_id


def test_what_is_not_ours_bears_no_cost(app: Flask) -> None:
    def receive() -> None:
        receipt = counting.book(a_receipt((a_sku("SALT"), 1)), [counted(a_sku(), 3)])
        freight(100, **{f"line_{receipts.line(receipt, 1).id}": 1})

    with pytest.raises(NothingReceived):
        in_a_step(receive)
