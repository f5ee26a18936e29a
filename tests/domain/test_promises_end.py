"""The clockwork ends promises whose time is over and calls those whose turn has come."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain import proof
from app.domain.catalog import skus
from app.domain.inventory import places, queues, reservations
from app.domain.inventory import stock as questions
from app.domain.inventory.balances import StockBalance
from app.domain.inventory.reservations import Reservation
from app.kernel import clock
from app.kernel.db import db, in_transaction
from app.scheduler import jobs
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.steps import in_a_step

HALF_AN_HOUR = timedelta(minutes=30)
NAME = "end promises of stock"


@pytest.fixture(autouse=True)
def _shelf(app: Flask) -> None:
    """Ten FLOUR."""
    in_a_step(lambda: stock(a_sku(), 10, at=a_bin("A-01")))


def take(quantity: int, document: str, *, minutes: int | None = None) -> None:
    """Promise it, for so many minutes."""
    until = clock.now() + timedelta(minutes=minutes) if minutes else None
    flour = skus.by_code("FLOUR")
    in_transaction(
        lambda: (
            reservations.take(
                flour, Decimal(quantity), site=a_site(), document=document, expires_at=until
            ).id
        )
    )


def wait(quantity: int, document: str) -> None:
    flour = skus.by_code("FLOUR")
    in_transaction(
        lambda: reservations.wait(flour, Decimal(quantity), site=a_site(), document=document).id
    )


def tick() -> None:
    """What the clockwork does about promises."""
    (job,) = [job for job in jobs.schedule(1.0) if job.name == NAME]
    job.run()


def standing() -> dict[str, str]:
    db.session.rollback()
    rows = db.session.scalars(select(Reservation).order_by(Reservation.id))
    return {each.document: each.status for each in rows}


def available() -> Decimal:
    return questions.one(skus.by_code("FLOUR")).available


def test_a_promise_ends_in_its_time_and_not_before() -> None:
    take(3, "O-1", minutes=30)
    take(2, "O-2")

    tick()
    assert standing() == {"O-1": "live", "O-2": "live"}

    clock.turn(HALF_AN_HOUR)
    tick()
    assert standing() == {"O-1": "released", "O-2": "live"}
    assert available() == 8
    assert all(result.holds for result in proof.run() if result.code != "I9")


def test_what_comes_free_goes_to_who_waits_longest() -> None:
    take(9, "O-1", minutes=30)
    wait(6, "O-2")
    wait(4, "O-3")
    wait(1, "O-4")

    tick()
    assert standing()["O-2"] == "waiting"

    clock.turn(HALF_AN_HOUR)
    tick()
    assert standing() == {"O-1": "released", "O-2": "live", "O-3": "live", "O-4": "waiting"}
    assert available() == 0


def test_who_began_to_wait_while_goods_were_shelved_is_served() -> None:
    wait(4, "O-1")  # committed after the shelving had looked for those who wait

    tick()

    assert standing() == {"O-1": "live"}
    assert available() == 6


def test_who_lost_their_promise_waits_no_longer_than_it_would_have_lasted() -> None:
    take(10, "O-1", minutes=30)
    shelf = places.location("A-01")

    def give_way() -> None:
        (balance,) = db.session.scalars(select(StockBalance)).all()
        assert balance.location_id == shelf.id
        reservations.give_way(balance, Decimal(0))
        wait_less = db.session.scalars(select(Reservation)).one()
        wait_less.wanted = Decimal(11)

    in_transaction(give_way)
    tick()
    assert standing() == {"O-1": "waiting"}

    clock.turn(HALF_AN_HOUR)
    tick()
    assert standing() == {"O-1": "released"}


def test_a_queue_that_cannot_be_served_is_not_tried() -> None:
    wait(11, "O-1")
    wait(1, "O-2")

    assert queues.servable() == []
