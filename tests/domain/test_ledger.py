"""Stock changes only in the ledger, only in a process step, and never below zero."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.domain import proof
from app.domain.catalog import skus
from app.domain.catalog.skus import NotAWholeStep
from app.domain.inventory import ledger, places, serials, timeline
from app.domain.inventory import stock as questions
from app.domain.inventory.balances import BinFull, NotEnoughStock, StockBalance
from app.domain.inventory.ledger import (
    Line,
    LotMissing,
    NoLotKept,
    NothingToMove,
    SerialsDoNotMatch,
)
from app.domain.inventory.moves import StockEntry, StockMove
from app.domain.inventory.places import Location
from app.domain.inventory.serials import SerialNotHere, SerialOfAnother
from app.kernel.cause import NoCause
from app.kernel.db import db, in_transaction
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step


def moved(*lines: Line, reason: str = "moved", document: str = "M-1") -> StockMove:
    return ledger.move(list(lines), reason=reason, document=document)


def test_what_leaves_one_place_arrives_at_another(app: Flask) -> None:
    def step() -> None:
        flour, here, there = a_sku(step=Decimal("0.5")), a_bin("A-01"), a_bin("A-02")
        stock(flour, 40, at=here)
        moved(Line(flour, here, there, Decimal("12.5")))
        assert ledger.on_hand(flour, here) == Decimal("27.5")
        assert ledger.on_hand(flour, there) == Decimal("12.5")

    in_a_step(step)
    assert db.session.scalars(select(StockEntry.quantity).order_by(StockEntry.seq)).all() == [
        -40,
        40,
        Decimal("-12.5"),
        Decimal("12.5"),
    ]


def test_nobody_takes_more_than_there_is(app: Flask) -> None:
    def step() -> None:
        flour, here, there = a_sku(), a_bin("A-01"), a_bin("A-02")
        stock(flour, 3, at=here)
        moved(Line(flour, here, there, Decimal(5)))

    with pytest.raises(NotEnoughStock, match="Only 3 of FLOUR left at A-01; 5 were asked for"):
        in_a_step(step)
    assert db.session.scalar(select(StockMove.id)) is None


def test_nothing_is_at_a_place_where_nothing_ever_was(app: Flask) -> None:
    def step() -> None:
        moved(Line(a_sku(), a_bin("A-01"), a_bin("A-02"), Decimal(1)))

    with pytest.raises(NotEnoughStock, match="Only 0 of FLOUR"):
        in_a_step(step)


def test_a_full_bin_takes_no_more(app: Flask) -> None:
    def step() -> None:
        flour, here = a_sku(), a_bin("A-01", capacity=Decimal(10))
        stock(flour, 8, at=here)
        stock(a_sku("SALT"), 3, at=here)

    with pytest.raises(BinFull, match="A-01 has room for 2 more; 3 do not fit"):
        in_a_step(step)


def test_taking_out_makes_room_again(app: Flask) -> None:
    def step() -> None:
        flour, here, there = a_sku(), a_bin("A-01", capacity=Decimal(10)), a_bin("A-02")
        stock(flour, 10, at=here)
        moved(Line(flour, here, there, Decimal(4)))
        stock(a_sku("SALT"), 4, at=here)
        assert db.session.get_one(Location, here.id, populate_existing=True).filled == 10

    in_a_step(step)


def test_one_move_may_pass_goods_through_a_place(app: Flask) -> None:
    def step() -> None:
        flour, first, second = a_sku(), a_bin("A-01"), a_bin("A-02")
        outside = places.location(places.OPENING)
        here = Line(flour, outside, first, Decimal(5)), Line(flour, first, second, Decimal(5))
        moved(*here)
        assert ledger.on_hand(flour, second) == 5

    in_a_step(step)
    assert all(result.holds for result in proof.run() if result.code != "I9")


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_nothing_and_less_cannot_move(app: Flask, quantity: str) -> None:
    def step() -> None:
        moved(Line(a_sku(), a_bin("A-01"), a_bin("A-02"), Decimal(quantity)))

    with pytest.raises(NothingToMove):
        in_a_step(step)


def test_goods_cannot_move_to_where_they_are(app: Flask) -> None:
    def step() -> None:
        flour, here = a_sku(), a_bin()
        moved(Line(flour, here, here, Decimal(1)))

    with pytest.raises(NothingToMove):
        in_a_step(step)


def test_half_a_piece_cannot_move(app: Flask) -> None:
    def step() -> None:
        moved(Line(a_sku(), a_bin("A-01"), a_bin("A-02"), Decimal("0.5")))

    with pytest.raises(NotAWholeStep):
        in_a_step(step)


def test_goods_kept_by_lot_move_by_their_lot(app: Flask) -> None:
    def step() -> None:
        milk, here, there = a_sku("MILK", serial_policy="lot"), a_bin("A-01"), a_bin("A-02")
        stock(milk, 5, at=here, lot="L1")
        stock(milk, 5, at=here, lot="L2")
        moved(Line(milk, here, there, Decimal(2), lot="L2"))
        assert ledger.on_hand(milk, here, "L1") == 5
        assert ledger.on_hand(milk, here, "L2") == 3
        moved(Line(milk, here, there, Decimal(1)), document="M-2")

    with pytest.raises(LotMissing):
        in_a_step(step)


def test_units_with_codes_come_in_no_lot(app: Flask) -> None:
    unit, shelf = in_transaction(lambda: (a_sku("BA-28", serial_policy="unit"), a_bin("A-01")))

    with pytest.raises(NoLotKept):
        in_a_step(lambda: stock(unit, 1, at=shelf, lot="L1", codes=["S-1"]))


def test_units_move_by_their_codes(app: Flask) -> None:
    def step() -> None:
        ac, here, there = a_sku("BA-28", serial_policy="unit"), a_bin("A-01"), a_bin("A-02")
        stock(ac, 2, at=here, codes=["S1", "S2"])
        moved(Line(ac, here, there, Decimal(1), serials=("S2",)))
        assert serials.by_code("S2").location.code == "A-02"
        assert serials.by_code("S1").status == "in_stock"

    in_a_step(step)
    assert all(result.holds for result in proof.run() if result.code != "I9")


@pytest.mark.parametrize("codes", [(), ("S1",), ("S1", "S1"), ("S1", "S2", "S3")])
def test_there_are_as_many_codes_as_units(app: Flask, codes: tuple[str, ...]) -> None:
    def step() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        moved(Line(ac, a_bin("A-01"), a_bin("A-02"), Decimal(2), serials=codes))

    with pytest.raises(SerialsDoNotMatch):
        in_a_step(step)


def test_goods_without_codes_have_none(app: Flask) -> None:
    def step() -> None:
        moved(Line(a_sku(), a_bin("A-01"), a_bin("A-02"), Decimal(1), serials=("S1",)))

    with pytest.raises(SerialsDoNotMatch):
        in_a_step(step)


def test_a_unit_leaves_only_the_place_where_it_is(app: Flask) -> None:
    def step() -> None:
        ac, here, there = a_sku("BA-28", serial_policy="unit"), a_bin("A-01"), a_bin("A-02")
        stock(ac, 1, at=here, codes=["S1"])
        stock(ac, 1, at=there, codes=["S2"])
        moved(Line(ac, here, there, Decimal(1), serials=("S2",)))

    with pytest.raises(SerialNotHere, match="S2 is not at A-01; it is at A-02"):
        in_a_step(step)


def test_a_unit_of_another_sku_is_refused(app: Flask) -> None:
    def step() -> None:
        here, there = a_bin("A-01"), a_bin("A-02")
        small, big = (a_sku(code, serial_policy="unit") for code in ("BA-28", "BA-41"))
        stock(small, 1, at=here, codes=["S1"])
        stock(big, 1, at=here, codes=["B1"])
        moved(Line(big, here, there, Decimal(1), serials=("S1",)))

    with pytest.raises(SerialOfAnother, match="S1 is a unit of BA-28, not of BA-41"):
        in_a_step(step)


def test_only_a_process_step_writes_the_ledger(app: Flask) -> None:
    def bare() -> None:
        stock(a_sku(), 1, at=a_bin())

    with pytest.raises(NoCause):
        in_transaction(bare)


def test_a_step_that_runs_again_cannot_book_again(app: Flask) -> None:
    in_a_step(lambda: (a_sku(), a_bin()))

    def step() -> None:
        stock(skus.by_code("FLOUR"), 1, at=places.location("A-01"))

    in_a_step(step, key="7:receive:0")
    for _ in range(20):
        with pytest.raises(IntegrityError):
            in_a_step(step, key="7:receive:0")
    assert seen(*db.session.scalars(select(StockBalance.quantity))) == (1,)


def test_a_number_leads_to_its_entries_and_their_steps(app: Flask) -> None:
    def setup() -> None:
        stock(a_sku(), 5, at=a_bin())

    def again(n: int) -> None:
        flour = questions.overview(text="flour")[0].sku
        stock(flour, n, at=places.location("A-01"), document=f"OS-{n}")

    in_a_step(setup, key="1:first:0")
    in_a_step(lambda: again(2), key="1:more:2")
    in_a_step(lambda: again(3), key="1:more:3")
    flour = questions.overview(text="flour")[0]
    shelf = questions.balances(flour.sku)[0].location
    newest = questions.entries(flour.sku, shelf, limit=2)
    older = questions.entries(flour.sku, shelf, before=newest[-1].entry.seq)
    assert seen(flour.on_hand, flour.available, flour.in_qc) == (10, 10, 0)
    assert [seen(each.balance, each.move.effect_key) for each in (*newest, *older)] == [
        (10, "1:more:3"),
        (7, "1:more:2"),
        (5, "1:first:0"),
    ]


def test_stock_is_shown_per_site(app: Flask) -> None:
    def step() -> None:
        flour = a_sku()
        stock(flour, 5, at=a_bin("A-01", site="MAIN"))
        stock(flour, 7, at=a_bin("N-01", site="NEIHU"))
        stock(flour, 2, at=places.waiting_for_inspection(a_site("NEIHU")))

    in_a_step(step)
    (neihu,) = questions.overview(sites={"NEIHU"}, text="FLOUR")
    assert seen(neihu.on_hand, neihu.in_qc) == (7, 2)
    assert questions.one(neihu.sku).on_hand == 12
    assert questions.one(neihu.sku, sites=set()).on_hand == 0
    assert [b.location.code for b in questions.balances(neihu.sku, sites={"MAIN"})] == ["A-01"]


def test_the_life_of_a_unit_is_told_without_a_gap(app: Flask) -> None:
    def step() -> None:
        ac, here, there = a_sku("BA-28", serial_policy="unit"), a_bin("A-01"), a_bin("A-02")
        stock(ac, 2, at=here, codes=["S1", "S2"])
        moved(Line(ac, here, there, Decimal(1), serials=("S1",)))
        serials.link(serials.by_code("S1"), serials.by_code("S2"), "contains")

    in_a_step(step)
    life = timeline.of(serials.by_code("S1"))
    assert [seen(each.kind, each.source, each.target, each.other) for each in life] == [
        ("opening", "OPENING", "A-01", None),
        ("moved", "A-01", "A-02", None),
        ("contains", None, None, "S2"),
    ]
    assert timeline.of(serials.by_code("S2"))[-1].came_first
