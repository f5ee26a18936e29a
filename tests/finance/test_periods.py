"""Months close, and what was booked in them stays as it is."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog import skus
from app.domain.finance import periods, worth
from app.domain.finance.company import BooksBegun, keep_books_in, ours, written
from app.domain.finance.journal import Journal
from app.domain.finance.periods import Period, PeriodNotOver
from app.domain.inventory import ledger, places
from app.domain.inventory.ledger import Line
from app.kernel import clock
from app.kernel.db import db
from app.kernel.money import Money
from tests.builders.books import bought, in_stock, shelf, sold
from tests.builders.crowds import all_at_once
from tests.builders.goods import a_sku
from tests.builders.steps import in_a_step

Run = Callable[[Callable[[], object]], None]
JUNE = datetime(2026, 6, 20, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 2, 4, tzinfo=UTC)


def sold_late(quantity: int, effective_at: datetime) -> None:
    """What left the shelf then is written down only now."""
    flour, away = skus.by_code("FLOUR"), places.location(places.CUSTOMERS)
    line = Line(flour, shelf(), away, Decimal(quantity))
    ledger.move([line], reason="issued", document=f"O-{quantity}", effective_at=effective_at)


def late_sale(quantity: int) -> Callable[[], object]:
    return lambda: sold_late(quantity, JUNE)


def months() -> list[str]:
    return list(db.session.scalars(select(Journal.month).order_by(Journal.id)))


def test_goods_are_booked_on_their_day_while_its_month_is_open(step: Run) -> None:
    with clock.turned_to(JUNE):
        step(lambda: in_stock(a_sku(), 10, "5"))
    with clock.turned_to(JULY):
        step(lambda: sold_late(1, JUNE))
    assert months() == ["2026-06", "2026-06"]


def test_nothing_is_dated_into_a_closed_month(step: Run) -> None:
    with clock.turned_to(JUNE):
        step(lambda: in_stock(a_sku(), 10, "5"))
    with clock.turned_to(JULY):
        step(lambda: periods.close("2026-06"))
        step(lambda: sold_late(1, JUNE))
    assert months() == ["2026-06", "2026-07"]


def test_a_month_closes_once_and_not_before_it_is_over(step: Run) -> None:
    with clock.turned_to(JUNE), pytest.raises(PeriodNotOver, match="2026-06 is not over"):
        in_a_step(lambda: periods.close("2026-06"))
    with clock.turned_to(JULY):
        step(lambda: periods.close("2026-06"))
        step(lambda: periods.close("2026-06"))
    (june,) = db.session.scalars(select(Period))
    assert (june.month, june.sealed_at) == ("2026-06", 0)


def test_days_are_days_in_the_company_s_own_time_zone(app: Flask) -> None:
    assert ours().day(datetime(2026, 6, 30, 17, tzinfo=UTC)).isoformat() == "2026-07-01"


def test_a_month_that_closes_meanwhile_takes_nothing_more(app: Flask) -> None:
    with clock.turned_to(JUNE):
        in_a_step(lambda: in_stock(a_sku(), 50, "5"))
    with clock.turned_to(JULY):
        steps = [lambda: periods.close("2026-06"), *map(late_sale, range(1, 6))]
        assert all_at_once(app, steps) == [None] * 6
    june = db.session.get_one(Period, "2026-06")
    late = select(Journal.id).where(Journal.month == "2026-06", Journal.id > june.sealed_at)
    assert db.session.scalars(late).all() == []
    assert len(months()) == 6


def test_stock_was_worth_what_it_was_worth(step: Run) -> None:
    with clock.turned_to(JUNE):
        step(lambda: in_stock(a_sku(), 10, "5"))
        evening = clock.now()
    with clock.turned_to(JUNE + timedelta(days=1)):
        step(lambda: sold(skus.by_code("FLOUR"), 4))
    (then,), (now,) = worth.at(evening), worth.now()
    assert (int(then.quantity), then.value) == (10, 5000)
    assert (int(now.quantity), now.value) == (6, 3000)
    assert worth.total(worth.now()) == worth.booked()
    assert worth.at(JUNE - timedelta(days=1)) == []


def test_the_currency_of_the_books_is_chosen_before_they_begin(step: Run) -> None:
    step(lambda: keep_books_in("USD", display_digits=2))
    step(lambda: keep_books_in("TWD", display_digits=0))
    step(lambda: bought(a_sku(), 1, "5"))
    with pytest.raises(BooksBegun, match="kept in TWD already"):
        in_a_step(lambda: keep_books_in("USD", display_digits=2))


def test_pages_show_the_company_s_decimals_and_lose_none(step: Run) -> None:
    step(lambda: keep_books_in("TWD", display_digits=0))

    assert written(Money(66_000_000, "TWD")) == "660,000 TWD"
    assert written(Money(1250, "TWD")) == "12.50 TWD"
    assert written(Money(66_000, "USD")) == "660.00 USD"
