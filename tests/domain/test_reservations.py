"""A promise is exact, comes from shelves only, and ends once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from app.domain import proof
from app.domain.catalog import skus
from app.domain.inventory import ledger, places, reservations
from app.domain.inventory import stock as questions
from app.domain.inventory.balances import NotEnoughStock
from app.domain.inventory.ledger import Line
from app.domain.inventory.reservations import NotReserved, Reservation
from app.domain.supply import counting
from app.kernel import clock
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step


@pytest.fixture(autouse=True)
def shelves(app: Flask) -> None:
    """Ten FLOUR on two shelves, five more in inspection and on hold each."""

    def step() -> None:
        flour = a_sku()
        stock(flour, 6, at=a_bin("A-01"))
        stock(flour, 4, at=a_bin("A-02"))
        counting.book(a_receipt((flour, 5)), [counted(flour, 10)])

    in_a_step(step)


def take(quantity: int, document: str = "O-1") -> Reservation:
    flour = skus.by_code("FLOUR")
    return reservations.take(flour, Decimal(quantity), site=a_site(), document=document)


def available() -> Decimal:
    return questions.one(skus.by_code("FLOUR")).available


def is_proven() -> bool:
    return all(result.holds for result in proof.run() if result.code != "I9")


def test_a_promise_may_lie_on_several_shelves() -> None:
    def step() -> None:
        taken = take(8)
        assert [part.quantity for part in taken.parts] == [Decimal(6), Decimal(2)]
        assert available() == 2

    in_a_step(step)
    assert is_proven()


def test_goods_in_inspection_or_on_hold_are_never_promised() -> None:
    with pytest.raises(NotEnoughStock, match="Only 10 of FLOUR left at MAIN; 11 were asked for"):
        in_a_step(lambda: take(11))


def test_what_is_promised_cannot_be_taken_by_others() -> None:
    def step() -> None:
        take(5)
        away = Line(
            skus.by_code("FLOUR"),
            places.location("A-01"),
            places.location(places.CUSTOMERS),
            Decimal(2),
        )
        ledger.move([away], reason="issued", document="O-2")

    with pytest.raises(NotEnoughStock, match="Only 1 of FLOUR left at A-01"):
        in_a_step(step)


def test_a_promise_is_kept_by_using_it() -> None:
    def step() -> None:
        flour, shelf = skus.by_code("FLOUR"), places.location("A-01")
        reservations.release(take(6), used=True)
        away = Line(flour, shelf, places.location(places.CUSTOMERS), Decimal(6))
        ledger.move([away], reason="issued", document="O-1")
        assert available() == 4

    in_a_step(step)
    assert is_proven()


def test_a_promise_ends_once() -> None:
    def step() -> None:
        taken = take(6)
        reservations.release(taken)
        assert available() == 10
        reservations.release(taken)

    with pytest.raises(NotReserved, match="The reservation for O-1 is over: released"):
        in_a_step(step)


def test_a_promise_ends_when_its_time_is_over() -> None:
    def step() -> None:
        flour, soon = skus.by_code("FLOUR"), clock.now() + timedelta(minutes=30)
        reservations.take(flour, Decimal(3), site=a_site(), document="O-1", expires_at=soon)
        take(2, "O-2")
        assert reservations.release_expired() == 0
        with clock.turned_to(soon):
            assert seen(reservations.release_expired(), reservations.release_expired()) == (1, 0)
        assert available() == 8

    in_a_step(step)
    assert is_proven()


def test_nobody_overtakes_the_one_who_waits_longest() -> None:
    def step() -> None:
        flour = skus.by_code("FLOUR")
        first = reservations.wait(flour, Decimal(12), site=a_site(), document="O-1")
        second = reservations.wait(flour, Decimal(1), site=a_site(), document="O-2")
        assert reservations.serve_waiting(flour, site=a_site()) == []
        stock(flour, 3, at=places.location("A-01"), document="OS-2")
        served = reservations.serve_waiting(flour, site=a_site())
        assert [each.id for each in served] == [first.id, second.id]
        assert available() == 0

    in_a_step(step)
    assert is_proven()
