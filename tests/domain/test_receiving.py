"""What comes through the gate is counted once, and every unit has a place and a fate."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask

from app.domain import proof
from app.domain.catalog import skus
from app.domain.inventory import ledger, places, serials, timeline
from app.domain.inventory.ledger import LotMissing, SerialsDoNotMatch
from app.domain.inventory.places import Location
from app.domain.inventory.serials import SerialTaken
from app.domain.supply import cancelling, comparison, counting, discrepancies, quality, receipts
from app.domain.supply import purchase_orders as orders
from app.domain.supply.asns import AsnSerial, OrderNotOpen
from app.domain.supply.counting import AlreadyCounted, DamagedMoreThanCounted
from app.domain.supply.discrepancies import AnotherSupplier
from app.domain.supply.piles import Counted
from app.domain.supply.quality import NotWaitingHere
from app.domain.supply.receipts import AlreadyArrived, Receipt, ReceiptLine
from app.kernel.db import db
from tests.builders.deliveries import a_notice, a_receipt, a_supplier, an_order, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step


@pytest.fixture
def database_kind() -> str:
    """One is enough for these outcomes; whole days in the warehouse are played on both."""
    return "sqlite"


def delivered(ordered: int, *lines: Counted, let_in: tuple[str, ...] = ()) -> Receipt:
    """A delivery of FLOUR, ordered and announced in full, counted as `lines`."""
    receipt = a_receipt((skus.by_code("FLOUR"), ordered))
    return counting.book(receipt, lines, let_in=let_in)


def shape(receipt: Receipt) -> list[tuple[object, ...]]:
    return [seen(line.kind, line.waiting, line.place.kind) for line in receipt.lines]


def of_kind(receipt: Receipt, kind: str) -> ReceiptLine:
    (found,) = [line for line in receipt.lines if line.kind == kind]
    return receipts.line(receipt, found.line_no)


def the_order_line(receipt: Receipt) -> orders.PurchaseOrderLine:
    if receipt.order_id is None:
        raise LookupError(receipt.number)
    return orders.locked_lines(receipt.order_id)[0]


def hold() -> Location:
    return places.on_hold(a_site())


@pytest.fixture(autouse=True)
def books(app: Flask) -> Iterator[None]:
    """FLOUR is in the catalogue before, and the books are right after every test here."""
    in_a_step(lambda: (a_sku(), a_bin()))
    yield
    broken = [result for result in proof.run() if not result.holds and result.code != "I9"]
    assert broken == []


def test_an_exact_count_waits_for_inspection() -> None:
    def step() -> None:
        flour = skus.by_code("FLOUR")
        receipt = delivered(100, counted(flour, 100))
        assert shape(receipt) == [("expected", 100, "qc")]
        assert receipt.status == "counted"
        assert ledger.on_hand(flour, places.waiting_for_inspection(a_site())) == 100
        assert the_order_line(receipt).open == 0

    in_a_step(step)


def test_a_short_count_leaves_the_rest_expected() -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 60))
        (row,) = comparison.of(receipt)
        assert seen(row.announced, row.counted, row.short, row.open) == (100, 60, 40, 40)
        assert row.as_text()["short"] == "40"

    in_a_step(step)


def test_nothing_counted_leaves_everything_expected() -> None:
    def step() -> None:
        receipt = delivered(100)
        assert shape(receipt) == []
        assert comparison.of(receipt)[0].short == 100

    in_a_step(step)


def test_what_is_over_is_held() -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 105))
        assert shape(receipt) == [("expected", 100, "qc"), ("over", 5, "hold")]
        assert comparison.of(receipt)[0].over_percent == 5
        assert the_order_line(receipt).received == 100

    in_a_step(step)


def test_what_is_over_within_tolerance_is_let_in() -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 102), let_in=("FLOUR",))
        assert shape(receipt) == [("expected", 102, "qc")]
        line = the_order_line(receipt)
        assert seen(line.received, line.let_in, line.open) == (102, 2, 0)

    in_a_step(step)


@pytest.mark.parametrize(
    ("outcome", "place", "received", "amended"),
    [("keep", "qc", 105, 5), ("keep_free", "qc", 100, 0), ("return", "reject", 100, 0)],
)
def test_an_over_delivery_is_kept_kept_free_or_returned(
    outcome: str, place: str, received: int, amended: int
) -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 105))
        over = of_kind(receipt, "over")
        discrepancies.settle_over(over, outcome)
        line = the_order_line(receipt)
        assert seen(line.received, line.amended) == (received, amended)
        assert ledger.on_hand(over.sku, hold()) == 0
        where = {"qc": places.waiting_for_inspection, "reject": places.rejected}[place](a_site())
        assert ledger.on_hand(over.sku, where) == (105 if place == "qc" else 5)
        with pytest.raises(NotWaitingHere):
            discrepancies.settle_over(over, "keep")

    in_a_step(step)


def test_goods_nobody_ordered_are_held_and_sent_back() -> None:
    def step() -> None:
        salt = a_sku("SALT")
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 100), counted(salt, 7))
        wrong = of_kind(receipt, "wrong")
        assert seen(wrong.waiting, wrong.place.kind, wrong.on_order) == (7, "hold", False)
        discrepancies.send_back(wrong)
        assert ledger.on_hand(salt, places.rejected(a_site())) == 7

    in_a_step(step)


def test_damaged_goods_are_a_line_of_their_own() -> None:
    def step() -> None:
        count = Counted(skus.by_code("FLOUR"), Decimal(100), damaged=Decimal(4))
        receipt = delivered(100, count)
        assert shape(receipt) == [("damaged", 4, "qc"), ("expected", 96, "qc")]
        assert the_order_line(receipt).received == 100

    in_a_step(step)


def test_more_cannot_be_damaged_than_was_counted() -> None:
    count = Counted(skus.by_code("FLOUR"), Decimal(3), damaged=Decimal(4))
    with pytest.raises(DamagedMoreThanCounted, match="4 of FLOUR are damaged, but only 3"):
        in_a_step(lambda: delivered(100, count))


def test_a_delivery_is_counted_once() -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 60))
        counting.book(receipt, [counted(skus.by_code("FLOUR"), 40)])

    with pytest.raises(AlreadyCounted):
        in_a_step(step)


def test_a_notice_is_received_once() -> None:
    def step() -> None:
        notice = a_notice(an_order((skus.by_code("FLOUR"), 10)))
        receipts.open_for(notice)
        receipts.open_for(notice)

    with pytest.raises(AlreadyArrived, match=r"arrived before; its receipt is R-\d+"):
        in_a_step(step)


def test_two_lines_of_one_sku_are_filled_in_turn() -> None:
    def step() -> None:
        flour = skus.by_code("FLOUR")
        receipt = a_receipt((flour, 10), (flour, 20))
        counting.book(receipt, [counted(flour, 25)])
        lines = orders.locked_lines(receipt.order_id or 0)
        assert [seen(line.received, line.open) for line in lines] == [(10, 0), (15, 5)]

    in_a_step(step)


def test_lots_are_kept_apart() -> None:
    def step() -> None:
        milk = a_sku("MILK", serial_policy="lot")
        receipt = a_receipt((milk, 10))
        counting.book(receipt, [counted(milk, 4, lot="L1"), counted(milk, 6, lot="L2")])
        assert [seen(line.lot, line.waiting) for line in receipt.lines] == [("L1", 4), ("L2", 6)]
        with pytest.raises(LotMissing):
            counting.book(a_receipt((milk, 10)), [counted(milk, 10)])

    in_a_step(step)


def test_there_is_a_code_for_every_unit_counted() -> None:
    def step() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        counting.book(a_receipt((ac, 3)), [counted(ac, 3, "S1", "S2")])

    with pytest.raises(SerialsDoNotMatch, match="3 of BA-28, but 2 different codes"):
        in_a_step(step)


def with_a_duplicate() -> Receipt:
    """38 of 40 units arrive, and the code of one of them is on a shelf already."""
    ac = a_sku("BA-28", serial_policy="unit")
    stock(ac, 1, at=places.location("A-01"), codes=["S7"])
    codes = [f"S{n}" for n in range(1, 39)]
    return counting.book(a_receipt((ac, 40)), [counted(ac, 38, *codes)])


def test_a_unit_with_a_known_code_is_held_apart() -> None:
    def step() -> None:
        receipt = with_a_duplicate()
        assert shape(receipt) == [("duplicate", 1, "hold"), ("expected", 37, "qc")]
        line = the_order_line(receipt)
        assert seen(line.received, line.open) == (38, 2)
        assert serials.by_code("S7").location.code == "A-01"
        (held,) = quality.units_waiting(of_kind(receipt, "duplicate"))
        assert held.code == f"S7~{receipt.number}-1"
        kinds = [moment.kind for moment in timeline.of(serials.by_code("S7"))]
        assert kinds == ["opening", "duplicates"]

    in_a_step(step)


def test_a_duplicate_is_relabelled_and_inspected_like_the_others() -> None:
    def step() -> None:
        receipt = with_a_duplicate()
        line = of_kind(receipt, "duplicate")
        discrepancies.relabel(line, "S7-B")
        new = serials.by_code("S7-B")
        assert seen(new.location.kind, new.status) == ("qc", "received")
        kinds = [seen(moment.kind, moment.target or moment.other) for moment in timeline.of(new)]
        old = f"S7~{receipt.number}-1"
        assert sorted(kinds) == [("relabelled", "MAIN-QC"), ("relabels", old)]
        assert serials.by_code(old).status == "relabelled"
        quality.judge(line, accepted=Decimal(1))
        assert serials.by_code("S7-B").location.code == "MAIN-SHELVING"
        assert the_order_line(receipt).accepted == 1

    in_a_step(step)


def test_a_duplicate_cannot_get_a_code_that_is_taken() -> None:
    def step() -> None:
        discrepancies.relabel(of_kind(with_a_duplicate(), "duplicate"), "S8")

    with pytest.raises(SerialTaken, match="S8 is already on another unit"):
        in_a_step(step)


def test_a_duplicate_may_be_rejected() -> None:
    def step() -> None:
        receipt = with_a_duplicate()
        discrepancies.send_back(of_kind(receipt, "duplicate"))
        assert the_order_line(receipt).rejected == 1
        assert serials.by_code(f"S7~{receipt.number}-1").location.kind == "reject"

    in_a_step(step)


def test_one_code_twice_in_a_delivery_is_a_duplicate() -> None:
    def step() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        receipt = counting.book(a_receipt((ac, 3)), [counted(ac, 3, "S1", "S1", "S1")])
        assert [line.kind for line in receipt.lines] == ["duplicate", "duplicate", "expected"]

    in_a_step(step)


def test_of_units_that_are_over_the_last_ones_scanned_are_held() -> None:
    def step() -> None:
        ac = a_sku("BA-28", serial_policy="unit")
        count = Counted(
            ac, Decimal(3), serials=("S1", "S2", "S3"), damaged=Decimal(1), damaged_serials=("S3",)
        )
        receipt = counting.book(a_receipt((ac, 2)), [count])
        found = [seen(line.kind, [s.serial.code for s in line.serials]) for line in receipt.lines]
        assert found == [("damaged", ["S3"]), ("expected", ["S1"]), ("over", ["S2"])]

    in_a_step(step)


def an_announced(code: str) -> AsnSerial:
    return AsnSerial(code=code)


def test_the_decision_sees_the_count_before_it_is_booked() -> None:
    def step() -> None:
        flour, salt = skus.by_code("FLOUR"), a_sku("SALT")
        receipt = a_receipt((flour, 100))
        ahead = comparison.ahead(receipt, [counted(flour, 103), counted(salt, 1)])
        assert [seen(row.sku, row.over, row.wrong) for row in ahead] == [
            ("FLOUR", 3, 0),
            ("SALT", 0, 1),
        ]

    in_a_step(step)


def test_a_blind_delivery_is_adopted_by_its_order() -> None:
    def step() -> None:
        flour = skus.by_code("FLOUR")
        order = an_order((flour, 100))
        arrival = discrepancies.arrive_blind(
            a_supplier(), site=a_site(), cartons=Decimal(3), gate={"photo": "p1"}
        )
        assert shape(arrival) == [("unidentified", 3, "hold")]
        notice = discrepancies.adopt(arrival, order)
        assert [seen(line.sku.code, line.quantity) for line in notice.lines] == [("FLOUR", 100)]
        receipt = counting.book(receipts.open_for(notice), [counted(flour, 100)])
        assert shape(receipt) == [("expected", 100, "qc")]
        assert ledger.on_hand(arrival.lines[0].sku, hold()) == 0
        with pytest.raises(NotWaitingHere):
            discrepancies.adopt(arrival, order)

    in_a_step(step)


def test_a_blind_delivery_may_be_sent_back() -> None:
    def step() -> None:
        arrival = discrepancies.arrive_blind(
            a_supplier(), site=a_site(), cartons=Decimal(3), gate={}
        )
        discrepancies.send_back(receipts.line(arrival, 1))
        assert shape(arrival) == [("unidentified", 0, "hold")]
        assert ledger.on_hand(arrival.lines[0].sku, places.rejected(a_site())) == 3

    in_a_step(step)


def test_goods_of_one_supplier_are_not_what_another_owes() -> None:
    def step() -> None:
        order = an_order((skus.by_code("FLOUR"), 1), supplier="HONGSHENG")
        arrival = discrepancies.arrive_blind(
            a_supplier(), site=a_site(), cartons=Decimal(3), gate={}
        )
        discrepancies.adopt(arrival, order)

    with pytest.raises(AnotherSupplier):
        in_a_step(step)


def test_an_order_that_expects_nothing_adopts_nothing() -> None:
    def step() -> None:
        receipt = delivered(5, counted(skus.by_code("FLOUR"), 5))
        arrival = discrepancies.arrive_blind(
            a_supplier(), site=a_site(), cartons=Decimal(3), gate={}
        )
        order = db.session.get_one(orders.PurchaseOrder, receipt.order_id)
        discrepancies.adopt(arrival, order)

    with pytest.raises(OrderNotOpen):
        in_a_step(step)


def test_the_rest_is_given_up_and_the_order_closes() -> None:
    def step() -> None:
        receipt = delivered(100, counted(skus.by_code("FLOUR"), 60))
        quality.judge(of_kind(receipt, "expected"), accepted=Decimal(60))
        order = db.session.get_one(orders.PurchaseOrder, receipt.order_id)
        (given_up,) = cancelling.cancel_rest(order, "amended", reason="Enough flour")
        db.session.refresh(order)
        assert given_up.quantity == 40
        assert order.status == "closed"

    in_a_step(step)
