"""Bills are matched three ways and booked to the cent: owed, in stock, sold, or by the rate."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.domain.catalog import skus
from app.domain.finance import late_costs, rates
from app.domain.finance.origins import Taken
from app.domain.payables import bills, settling
from app.domain.payables.bills import Asked, Bill, BillDoesNotAdd, BillKnown
from app.domain.payables.rules import Tolerance
from app.domain.payables.settling import BillAccepted, BilledTooMuch, NothingToCredit
from app.domain.supply import quality
from app.domain.supply.receipts import ReceiptLine
from app.kernel.db import db
from tests.builders.books import booked, bought, in_stock, pool, sent_back, sold
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

Run = Callable[[Callable[[], None]], None]
OWED = "received_not_billed"
STRICT = Tolerance(percent=Decimal(2), amount=500)


def a_bill(
    *lines: Asked,
    number: str = "H-1",
    currency: str = "TWD",
    tax: int = 0,
    total: int | None = None,
) -> Bill:
    day = date(2026, 6, 1)
    return bills.record(
        a_supplier(), number, lines, currency=currency, billed_on=day, tax=tax, total=total
    )


def goods(line: ReceiptLine, quantity: int, price: str) -> Asked:
    return Asked(Decimal(quantity), Decimal(price), line.id)


def test_a_bill_as_agreed_clears_what_was_owed(step: Run) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, "5")
        bill = a_bill(goods(line, 10, "5"), tax=250, total=5250)
        assert [each.wrong for each in settling.match(bill, STRICT)] == [[]]
        settling.accept(bill)

    step(pay)
    assert booked("stock", OWED, "input_tax", "payables") == [5000, 0, 250, -5250]


def test_what_the_bill_says_more_goes_where_the_goods_are(step: Run) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, "5")
        sold(line.sku, 4)
        bill = a_bill(goods(line, 10, "5.50"))
        assert [each.wrong for each in settling.match(bill, STRICT)] == [["price_differs"]]
        settling.accept(bill)
        assert pool(line.sku) == (6, 3300)

    step(pay)
    assert booked("cost_of_sales", OWED, "payables") == [2200, 0, -5500]


def test_goods_of_unknown_price_get_their_whole_cost_from_the_bill(step: Run) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, None)
        sold(line.sku, 5)
        bill = a_bill(goods(line, 10, "5"))
        assert [each.wrong for each in settling.match(bill, STRICT)] == [["no_price"]]
        settling.accept(bill)
        assert pool(line.sku) == (5, 2500)

    step(pay)
    assert booked("cost_of_sales", "payables") == [2500, -5000]


def test_part_bills_clear_part_and_the_last_clears_the_rest(step: Run) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 3, "33.335")
        for at in range(3):
            settling.accept(a_bill(goods(line, 1, "33.34"), number=f"H-{at}"))
        assert settling.owed(line.id) == Taken(Decimal(0), 0)

    step(pay)
    assert booked(OWED, "payables") == [0, -10002]


def test_nobody_pays_for_what_was_not_accepted(app: Flask) -> None:
    def pay() -> None:
        settling.accept(a_bill(goods(bought(a_sku(), 10, "5"), 1, "5")))

    with pytest.raises(BilledTooMuch, match="Line 1 of B-000001 bills more than was accepted"):
        in_a_step(pay)


def test_nothing_is_billed_twice(app: Flask) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, "5")
        settling.accept(a_bill(goods(line, 6, "5")))
        second = a_bill(goods(line, 5, "5"), number="H-2")
        assert [each.wrong for each in settling.match(second, STRICT)] == [["more_than_accepted"]]
        settling.accept(second)

    with pytest.raises(BilledTooMuch):
        in_a_step(pay)


def test_what_only_the_rate_changed_is_no_cost_of_goods(step: Run) -> None:
    def pay() -> None:
        rates.add("USD", date(2026, 1, 1), Decimal(30))
        line = bought(a_sku(), 10, "2", currency="USD")
        rates.add("USD", date(2026, 5, 30), Decimal("31.5"))
        quality.judge(line, accepted=line.waiting)
        bill = a_bill(goods(line, 10, "2.10"), currency="USD")
        settling.accept(bill)
        assert pool(line.sku) == (10, 63000)

    step(pay)
    assert booked(OWED, "currency_difference", "payables") == [0, 3150, -66150]


def test_a_credit_for_goods_that_went_back_ends_what_the_supplier_owes(step: Run) -> None:
    def give_back() -> None:
        line = in_stock(a_sku(), 10, "5")
        settling.accept(a_bill(goods(line, 10, "5.50")))
        sent_back(line, 4)
        assert booked(OWED) == [2200]
        settling.accept(a_bill(goods(line, -4, "5.25"), number="C-1"))
        assert pool(line.sku) == (6, 3300)

    step(give_back)
    assert booked(OWED, "purchase_variance", "payables") == [0, 100, -3400]


def test_a_credit_is_for_goods_that_went_back(app: Flask) -> None:
    def give_back() -> None:
        line = in_stock(a_sku(), 10, "5")
        settling.accept(a_bill(goods(line, -1, "5")))

    with pytest.raises(NothingToCredit):
        in_a_step(give_back)


def test_a_concession_is_billed_as_agreed(step: Run) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, "5")
        over = {line.id: Decimal(1)}
        late_costs.spread("concession", -1000, over=over, document="C-1", credit=OWED)
        settling.accept(a_bill(goods(line, 10, "4")))
        assert pool(line.sku) == (10, 4000)

    step(pay)
    assert booked(OWED, "payables") == [0, -4000]


def test_a_carrier_s_bill_is_spread_over_the_goods_it_carried(step: Run) -> None:
    def pay() -> None:
        flour, salt = in_stock(a_sku(), 10, "5"), in_stock(a_sku("SALT"), 10, "15")
        weights = {flour.id: Decimal(5000), salt.id: Decimal(15000)}
        sold(salt.sku, 5)
        settling.accept(a_bill(Asked(Decimal(1), Decimal(8), spread=weights)))
        assert (pool(flour.sku)[1], pool(salt.sku)[1]) == (5200, 7800)

    step(pay)
    assert booked("cost_of_sales", "payables") == [7800, -800]


def test_a_bill_is_recorded_once_adds_up_and_is_accepted_once(app: Flask) -> None:
    def pay() -> None:
        line = in_stock(a_sku(), 10, "5")
        with pytest.raises(BillDoesNotAdd, match=r"up to 50\.00 TWD; the bill says 51"):
            a_bill(goods(line, 10, "5"), total=5100)
        bill = a_bill(goods(line, 10, "5"))
        with pytest.raises(BillKnown, match=r"H-1 of Borea was recorded before, as B-000001"):
            a_bill(goods(line, 10, "5"))
        settling.accept(bill)
        with pytest.raises(BillAccepted):
            settling.accept(bill)

    in_a_step(pay)
    assert db.session.get_one(Bill, 1).status == "accepted"
    assert skus.by_code("FLOUR").code == "FLOUR"
