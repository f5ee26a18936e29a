"""A verdict splits what waits: the good part is released at once, the bad part goes back."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from app.domain import proof
from app.domain.inventory import ledger, places, serials
from app.domain.inventory.ledger import SerialsDoNotMatch
from app.domain.supply import counting, quality, receipts
from app.domain.supply.quality import NotThatMuchWaiting, NotWaitingHere
from app.domain.supply.receipts import ReceiptLine
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_site, a_sku
from tests.builders.seen import seen
from tests.builders.steps import in_a_step


@pytest.fixture
def database_kind() -> str:
    """One is enough for these refusals; whole days in the warehouse are played on both."""
    return "sqlite"


def flour(quantity: int) -> ReceiptLine:
    sku = a_sku()
    receipt = counting.book(a_receipt((sku, quantity)), [counted(sku, quantity)])
    return receipts.line(receipt, 1)


def units(*codes: str) -> ReceiptLine:
    sku = a_sku("BA-28", serial_policy="unit")
    receipt = counting.book(a_receipt((sku, len(codes))), [counted(sku, len(codes), *codes)])
    return receipts.line(receipt, 1)


def proven(step: Callable[[], object]) -> None:
    in_a_step(step)
    assert [r for r in proof.run() if not r.holds and r.code != "I9"] == []


def test_good_goods_are_released_and_bad_ones_rejected(app: Flask) -> None:
    def step() -> None:
        line = flour(100)
        release = quality.judge(line, accepted=Decimal(97), rejected=Decimal(3))
        assert release is not None
        assert seen(release.remaining, release.sku.code) == (97, "FLOUR")
        assert ledger.on_hand(line.sku, places.waiting_for_shelf(a_site())) == 97
        assert ledger.on_hand(line.sku, places.rejected(a_site())) == 3
        assert seen(line.waiting, line.receipt.status) == (0, "settled")

    proven(step)


def test_part_of_a_lot_is_judged_and_the_rest_waits(app: Flask) -> None:
    def step() -> None:
        line = flour(100)
        quality.judge(line, accepted=Decimal(60))
        assert seen(line.waiting, line.accepted, line.receipt.status) == (40, 60, "counted")

    proven(step)


def test_what_is_all_bad_releases_nothing(app: Flask) -> None:
    def step() -> None:
        assert quality.judge(flour(5), accepted=Decimal(0), rejected=Decimal(5)) is None

    proven(step)


def test_the_named_units_are_rejected_and_all_others_released(app: Flask) -> None:
    def step() -> None:
        line = units("S1", "S2", "S3")
        release = quality.judge(
            line, accepted=Decimal(2), rejected=Decimal(1), rejected_serials=["S2"]
        )
        assert release is not None
        assert [each.serial.code for each in release.serials] == ["S1", "S3"]
        kinds = [serials.by_code(code).location.kind for code in ("S1", "S2", "S3")]
        assert kinds == ["transit", "reject", "transit"]

    proven(step)


@pytest.mark.parametrize(
    ("accepted", "rejected", "named"), [(1, 1, ["S2"]), (2, 1, []), (2, 0, []), (1, 2, ["S1"])]
)
def test_every_unit_is_judged_by_its_code(
    app: Flask, accepted: int, rejected: int, named: list[str]
) -> None:
    def step() -> None:
        quality.judge(
            units("S1", "S2", "S3"),
            accepted=Decimal(accepted),
            rejected=Decimal(rejected),
            rejected_serials=named,
        )

    with pytest.raises(SerialsDoNotMatch):
        in_a_step(step)


@pytest.mark.parametrize(("accepted", "rejected"), [(6, 0), (3, 3), (0, 0), (6, -1), (-1, 3)])
def test_only_what_waits_is_judged(app: Flask, accepted: int, rejected: int) -> None:
    def step() -> None:
        quality.judge(flour(5), accepted=Decimal(accepted), rejected=Decimal(rejected))

    with pytest.raises(NotThatMuchWaiting, match="5 of FLOUR wait for a verdict"):
        in_a_step(step)


def test_goods_on_hold_wait_for_another_decision(app: Flask) -> None:
    def step() -> None:
        sku = a_sku()
        receipt = counting.book(a_receipt((sku, 5)), [counted(sku, 6)])
        quality.judge(receipts.line(receipt, 2), accepted=Decimal(1))

    with pytest.raises(NotWaitingHere, match=r"R-\d+/2 does not wait for this decision"):
        in_a_step(step)
