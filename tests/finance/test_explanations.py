"""Any cost is explained down to the receipts and late costs it is made of, to the cent."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.catalog.products import Sku
from app.domain.finance import explain, late_costs
from app.domain.finance.explain import Explanation
from app.domain.finance.pools import CostEntry
from app.domain.inventory import serials
from app.kernel.db import db
from tests.builders.books import in_stock, sold
from tests.builders.goods import a_sku

Run = Callable[[Callable[[], None]], None]


def told(explanation: Explanation) -> list[tuple[str, str, Fraction, Fraction]]:
    return [
        (
            part.entry.basis,
            part.entry.journal.document if part.entry.journal else "",
            part.surviving,
            part.value,
        )
        for part in explanation.parts
    ]


def trade() -> None:
    flour = a_sku()
    line = in_stock(flour, 10, "11")
    sold(flour, 1)
    late_costs.spread(
        "freight", 1000, over={line.id: Decimal(1)}, document="F-1", credit="payables"
    )
    in_stock(flour, 9, "10")
    sold(flour, 9)


def test_a_pool_is_made_of_what_survived_of_each_receipt(step: Run) -> None:
    step(trade)
    found = explain.pool(skus.by_code("FLOUR").id)
    assert (int(found.quantity), found.value) == (9, 9900)
    assert told(found) == [
        ("order", "R-000001", Fraction(9, 20), Fraction(4950)),
        ("freight", "F-1", Fraction(1, 2), Fraction(450)),
        ("order", "R-000002", Fraction(1, 2), Fraction(4500)),
    ]
    assert found.rounding == 0


def test_what_was_sold_is_made_of_the_same_receipts(step: Run) -> None:
    step(trade)
    first, last = db.session.scalars(
        select(CostEntry).where(CostEntry.quantity < 0).order_by(CostEntry.seq)
    )
    assert told(explain.issue(first)) == [("order", "R-000001", Fraction(1, 10), Fraction(1100))]
    explanation = explain.issue(last)
    assert explanation.value == 9900
    assert [part.value for part in explanation.parts] == [4950, 450, 4500]


def test_rounding_is_told_and_not_hidden(step: Run) -> None:
    def thirds() -> None:
        flour = a_sku()
        in_stock(flour, 3, "0.333333")
        sold(flour, 1)

    step(thirds)
    found = explain.pool(skus.by_code("FLOUR").id)
    assert found.value == 67
    assert found.rounding == Fraction(1, 3)


def test_a_unit_is_made_of_its_own_receipt_and_freight(step: Run) -> None:
    def buy() -> None:
        line = in_stock(a_sku("BA-28", serial_policy="unit"), 2, "100", "S1", "S2")
        over = {line.id: Decimal(1)}
        late_costs.spread("freight", 101, over=over, document="F-1", credit="payables")

    step(buy)
    found = explain.unit(serials.by_code("S1").id)
    assert found.value == 10051
    assert [each[:2] for each in told(found)] == [("order", "R-000001"), ("freight", "F-1")]


def test_an_empty_shelf_needs_no_explanation(step: Run) -> None:
    step(lambda: sold(a_sku_sold_out(), 1))
    assert explain.pool(skus.by_code("FLOUR").id).parts == []


def a_sku_sold_out() -> Sku:
    flour = a_sku()
    in_stock(flour, 1, "5")
    return flour
