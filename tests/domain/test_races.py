"""Two people and the last one of anything: one gets it, the other gets a sentence."""

import random
from collections.abc import Callable
from decimal import Decimal

from flask import Flask

from app.domain import proof
from app.domain.catalog import skus
from app.domain.inventory import ledger, places, reservations, serials
from app.domain.inventory import stock as questions
from app.domain.inventory.balances import BinFull, NotEnoughStock
from app.domain.inventory.ledger import Line
from app.domain.inventory.serials import SerialNotHere
from app.domain.supply import (
    counting,
    discrepancies,
    put_away,
    quality,
    recalls,
    receipts,
    releases,
    return_documents,
    samples,
    supplier_returns,
    withdrawals,
)
from app.domain.supply.counting import AlreadyCounted
from app.domain.supply.findings import Finding
from app.domain.supply.recalls import RecallOver
from app.domain.supply.receipts import ReceiptLine
from app.domain.supply.supplier_returns import Wanted
from app.kernel.db import db
from tests.builders.crowds import all_at_once
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.steps import in_a_step

CROWD = 6


def is_proven() -> bool:
    db.session.rollback()
    return all(result.holds for result in proof.run() if result.code != "I9")


def take(quantity: int, *, sku: str = "FLOUR", codes: tuple[str, ...] = ()) -> None:
    """A customer takes goods from A-01."""
    here, away = places.location("A-01"), places.location(places.CUSTOMERS)
    line = Line(skus.by_code(sku), here, away, Decimal(quantity), serials=codes)
    ledger.move([line], reason="issued", document="O-1")


def test_the_last_unit_goes_to_one_of_them(app: Flask) -> None:
    in_a_step(lambda: stock(a_sku(), 1, at=a_bin()))

    answers = all_at_once(app, [lambda: take(1)] * CROWD)

    assert answers.count(None) == 1
    for answer in filter(None, answers):
        assert isinstance(answer, NotEnoughStock)
        assert str(answer) == "Only 0 of FLOUR left at A-01; 1 were asked for."
    assert is_proven()


def test_one_unit_with_a_code_goes_to_one_of_them(app: Flask) -> None:
    def step() -> None:
        stock(a_sku("BA-28", serial_policy="unit"), 3, at=a_bin(), codes=["S1", "S2", "S3"])

    in_a_step(step)

    answers = all_at_once(app, [lambda: take(1, sku="BA-28", codes=("S1",))] * 3)

    assert answers.count(None) == 1
    assert {type(answer) for answer in answers if answer} == {SerialNotHere}
    assert is_proven()


def test_the_last_room_in_a_bin_goes_to_one_of_them(app: Flask) -> None:
    def step() -> None:
        stock(a_sku(), CROWD, at=a_bin("A-01"))
        a_bin("B-01", capacity=Decimal(1))

    def shelve() -> None:
        here, there = places.location("A-01"), places.location("B-01")
        line = Line(skus.by_code("FLOUR"), here, there, Decimal(1))
        ledger.move([line], reason="moved", document="M-1")

    in_a_step(step)

    answers = all_at_once(app, [shelve] * CROWD)

    assert answers.count(None) == 1
    for answer in filter(None, answers):
        assert isinstance(answer, BinFull)
        assert str(answer).startswith("B-01 has room for 0 more; 1 do not fit.")
    assert is_proven()


def test_exactly_what_is_there_is_promised(app: Flask) -> None:
    in_a_step(lambda: stock(a_sku(), 4, at=a_bin()))

    def promise() -> None:
        reservations.take(skus.by_code("FLOUR"), Decimal(1), site=a_site(), document="O-1")

    answers = all_at_once(app, [promise] * 8)

    assert answers.count(None) == 4
    assert questions.one(skus.by_code("FLOUR")).available == 0
    assert is_proven()


def test_a_place_nobody_used_before_is_filled_by_all(app: Flask) -> None:
    in_a_step(lambda: (a_sku(), a_bin()))

    def bring() -> None:
        stock(skus.by_code("FLOUR"), 2, at=places.location("A-01"))

    assert all_at_once(app, [bring] * CROWD) == [None] * CROWD
    assert ledger.on_hand(skus.by_code("FLOUR"), places.location("A-01")) == 2 * CROWD
    assert is_proven()


def test_lines_in_any_order_never_wait_for_each_other(app: Flask) -> None:
    codes = [f"SKU-{n}" for n in range(6)]

    def setup() -> None:
        here = a_bin("A-01")
        a_bin("B-01")
        for code in codes:
            stock(a_sku(code), 100, at=here)

    def shuffle(seed: int) -> Callable[[], None]:
        def step() -> None:
            here, there = places.location("A-01"), places.location("B-01")
            chosen = random.Random(seed).sample(codes, 4)
            lines = [Line(skus.by_code(code), here, there, Decimal(1)) for code in chosen]
            ledger.move(lines, reason="moved", document=f"M-{seed}")

        return step

    in_a_step(setup)
    for wave in range(5):
        steps = [shuffle(wave * CROWD + n) for n in range(CROWD)]
        assert all_at_once(app, steps) == [None] * CROWD
    assert is_proven()


def test_a_delivery_counted_by_two_people_is_booked_once(app: Flask) -> None:
    def arrive() -> str:
        return a_receipt((a_sku(), 10)).number

    number = in_a_step(arrive)

    def count() -> None:
        counting.book(receipts.by_number(number), [counted(skus.by_code("FLOUR"), 10)])

    answers = all_at_once(app, [count] * 4)

    assert answers.count(None) == 1
    assert {type(answer) for answer in answers if answer} == {AlreadyCounted}
    assert is_proven()


def test_one_code_in_two_deliveries_is_the_first_ones(app: Flask) -> None:
    def arrive() -> list[str]:
        ac = a_sku("BA-28", serial_policy="unit")
        return [a_receipt((ac, 2)).number for _ in range(3)]

    numbers = in_a_step(arrive)

    def count(number: str) -> Callable[[], None]:
        def step() -> None:
            ac = skus.by_code("BA-28")
            counting.book(receipts.by_number(number), [counted(ac, 2, "S1", f"S-{number}")])

        return step

    assert all_at_once(app, [count(number) for number in numbers]) == [None] * 3
    kinds = sorted(line.kind for number in numbers for line in receipts.by_number(number).lines)
    assert kinds == ["duplicate"] * 2 + ["expected"] * 3
    assert serials.by_code("S1").location.kind == "qc"
    assert is_proven()


def test_verdicts_on_lines_of_one_receipt_settle_it(app: Flask) -> None:
    def arrive() -> str:
        lines = [(a_sku(f"SKU-{n}"), 5) for n in range(4)]
        receipt = a_receipt(*lines)
        counting.book(receipt, [counted(sku, quantity) for sku, quantity in lines])
        return receipt.number

    number = in_a_step(arrive)

    def judge(line_no: int) -> Callable[[], None]:
        def step() -> None:
            line = receipts.line(receipts.by_number(number), line_no)
            quality.judge(line, accepted=Decimal(3), rejected=Decimal(2))

        return step

    assert all_at_once(app, [judge(n) for n in range(1, 5)]) == [None] * 4
    db.session.rollback()
    receipt = receipts.by_number(number)
    assert receipt.status == "settled"
    assert receipt.order is not None
    assert receipt.order.status == "closed"
    assert is_proven()


def test_a_release_is_shelved_once_by_two_people(app: Flask) -> None:
    def arrive() -> str:
        flour = a_sku()
        a_bin()
        receipt = counting.book(a_receipt((flour, 5)), [counted(flour, 5)])
        release = quality.judge(receipts.line(receipt, 1), accepted=Decimal(5))
        return release.number if release else ""

    number = in_a_step(arrive)

    def shelve() -> None:
        put_away.shelve(releases.locked(number), places.location("A-01"), Decimal(5))

    assert all_at_once(app, [shelve] * 4).count(None) == 1
    assert is_proven()


def test_the_last_held_unit_is_decided_by_one_of_two_people(app: Flask) -> None:
    def arrive() -> str:
        flour = a_sku()
        receipt = counting.book(a_receipt((flour, 1)), [counted(flour, 2)])
        return receipt.number

    number = in_a_step(arrive)

    def keep() -> None:
        discrepancies.settle_over(_held(number), "keep_free")

    def send_back() -> None:
        discrepancies.send_back(_held(number))

    answers = all_at_once(app, [keep, send_back])

    assert answers.count(None) == 1
    (refused,) = filter(None, answers)
    assert str(refused) != ""
    assert is_proven()


def test_a_blocked_unit_is_lifted_by_one_and_withdrawn_by_nobody_else(app: Flask) -> None:
    def block() -> str:
        stock(a_sku("BA-28", serial_policy="unit"), 1, at=a_bin(), codes=["S1"])
        unit = serials.by_code("S1")
        return recalls.open_for(recalls.of_units([unit]), reason="Fins bend").number

    number = in_a_step(block)

    def lift() -> None:
        recalls.close(recalls.locked(number), "lifted")

    def withdraw() -> None:
        withdrawals.confirm(recalls.locked(number), {1: Decimal(1)})

    answers = all_at_once(app, [lift, withdraw])

    assert answers.count(None) == 1
    (refused,) = filter(None, answers)
    assert isinstance(refused, RecallOver)
    assert str(refused).startswith(f"{number} was decided before: ")
    assert is_proven()


def test_the_last_unit_that_may_go_back_goes_with_one_return(app: Flask) -> None:
    def arrive() -> str:
        flour = a_sku()
        receipt = counting.book(a_receipt((flour, 1)), [counted(flour, 1)])
        quality.judge(receipts.line(receipt, 1), accepted=Decimal(0), rejected=Decimal(1))
        return supplier_returns.open_for(receipt, [1], reason="quality").number

    number = in_a_step(arrive)
    wanted = {1: Wanted(Decimal(1))}

    def authorise() -> None:
        found = return_documents.locked(number)
        supplier_returns.authorise(found, wanted, settlement="credit", freight_payer="supplier")
        supplier_returns.ship(found, wanted)

    answers = all_at_once(app, [authorise, authorise])

    assert answers.count(None) == 1
    (refused,) = filter(None, answers)
    assert str(refused) == f"{number} has left the house."
    assert is_proven()


def test_a_failed_lot_is_scrapped_or_released_by_one_of_two_people(app: Flask) -> None:
    def arrive() -> str:
        flour = a_sku()
        return counting.book(a_receipt((flour, 1)), [counted(flour, 1)]).number

    number = in_a_step(arrive)

    def scrap() -> None:
        samples.scrap(receipts.line(receipts.by_number(number), 1), Finding(Decimal(1), Decimal(1)))

    def release() -> None:
        quality.judge(receipts.line(receipts.by_number(number), 1), accepted=Decimal(1))

    answers = all_at_once(app, [scrap, release])

    assert answers.count(None) == 1
    (refused,) = filter(None, answers)
    assert str(refused) != ""
    assert is_proven()


def _held(number: str) -> ReceiptLine:
    """The line of a receipt that is on hold."""
    receipt = receipts.by_number(number)
    (held,) = (line for line in receipt.lines if line.kind == "over")
    return receipts.line(receipt, held.line_no)
