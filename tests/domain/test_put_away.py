"""Released goods find a bin that may hold them, and a count by two people settles a doubt."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask

from app.domain import proof
from app.domain.catalog.products import Sku
from app.domain.inventory import bins, ledger, places, reservations, serials
from app.domain.inventory.balances import BinFull
from app.domain.inventory.bins import (
    AtAnotherSite,
    KeptForAnother,
    NotAShelf,
    WrongBin,
    WrongHazardClass,
    WrongZone,
)
from app.domain.inventory.ledger import SerialsDoNotMatch
from app.domain.inventory.serials import SerialNotHere
from app.domain.supply import counting, put_away, quality, receipts, releases
from app.domain.supply.put_away import MoreThanReleased, NotOfThisRelease, SamePerson
from app.domain.supply.releases import Release
from tests.builders.deliveries import a_receipt, counted
from tests.builders.goods import a_bin, a_site, a_sku, stock
from tests.builders.seen import seen
from tests.builders.steps import in_a_step

TWO = ("bruno", "chloe")


@pytest.fixture
def database_kind() -> str:
    """One is enough for these refusals; whole days in the warehouse are played on both."""
    return "sqlite"


def released(sku: Sku, quantity: int, *codes: str) -> Release:
    receipt = counting.book(a_receipt((sku, quantity)), [counted(sku, quantity, *codes)])
    release = quality.judge(receipts.line(receipt, 1), accepted=Decimal(quantity))
    if release is None:
        raise LookupError(sku.code)
    return release


def proven(step: Callable[[], object]) -> None:
    in_a_step(step)
    assert [r for r in proof.run() if not r.holds and r.code != "I9"] == []


def proposed(sku: Sku, quantity: int) -> list[tuple[object, ...]]:
    found = bins.propose(sku, Decimal(quantity), site=a_site())
    return [seen(each.bin.code, each.quantity, each.why) for each in found]


def test_the_best_bins_come_first(app: Flask) -> None:
    def step() -> None:
        flour, salt = a_sku(), a_sku("SALT")
        a_bin("D-SHARED", capacity=Decimal(10))
        a_bin("C-EMPTY", capacity=Decimal(10))
        a_bin("B-SAME", capacity=Decimal(10))
        a_bin("A-FULL", capacity=Decimal(1))
        a_bin("E-FIXED", capacity=Decimal(10), fixed_sku_id=flour.id)
        a_bin("F-OTHERS", fixed_sku_id=salt.id)
        stock(flour, 4, at=places.location("B-SAME"))
        stock(salt, 3, at=places.location("D-SHARED"))
        stock(salt, 1, at=places.location("A-FULL"))
        assert proposed(flour, 30) == [
            ("E-FIXED", 10, "fixed"),
            ("B-SAME", 6, "same"),
            ("C-EMPTY", 10, "empty"),
            ("D-SHARED", 4, "shared"),
        ]
        assert proposed(flour, 3) == [("E-FIXED", 3, "fixed")]

    in_a_step(step)


def test_bins_come_along_the_walk(app: Flask) -> None:
    def step() -> None:
        flour = a_sku()
        a_bin("A", walk_order=2, capacity=Decimal(1))
        a_bin("B", walk_order=1, capacity=Decimal(1))
        assert [row[0] for row in proposed(flour, 2)] == ["B", "A"]

    in_a_step(step)


def test_hazard_and_zone_are_kept(app: Flask) -> None:
    def step() -> None:
        gas, milk = a_sku("R32", hazard="flammable"), a_sku("MILK", zone="cold")
        a_bin("PLAIN")
        assert proposed(gas, 1) == proposed(milk, 1) == []
        a_bin("CAGE", hazard="flammable")
        a_bin("FRIDGE", zone="cold")
        assert [row[0] for row in proposed(gas, 1)] == ["CAGE"]
        assert [row[0] for row in proposed(milk, 1)] == ["FRIDGE"]

    in_a_step(step)


def test_only_whole_steps_are_proposed(app: Flask) -> None:
    def step() -> None:
        box = a_sku("BOX", step=Decimal(4))
        a_bin("A", capacity=Decimal(10))
        assert proposed(box, 12) == [("A", 8, "empty")]

    in_a_step(step)


@pytest.mark.parametrize(
    ("refusal", "site", "facts"),
    [
        (NotAShelf, "MAIN", {"kind": "custody", "zone": "cold"}),
        (AtAnotherSite, "NEIHU", {"zone": "cold"}),
        (WrongHazardClass, "MAIN", {"hazard": "flammable", "zone": "cold"}),
        (WrongZone, "MAIN", {"zone": "warm"}),
    ],
)
def test_goods_lie_only_where_they_may(
    app: Flask, refusal: type[WrongBin], site: str, facts: dict[str, str]
) -> None:
    def step() -> None:
        milk = a_sku("MILK", zone="cold")
        put_away.shelve(released(milk, 1), a_bin("A-01", site=site, **facts), Decimal(1))

    with pytest.raises(refusal) as refused:
        in_a_step(step)
    assert refused.value.code == "wrong_bin"


def test_a_bin_kept_for_one_sku_takes_no_other(app: Flask) -> None:
    def step() -> None:
        place = a_bin(fixed_sku_id=a_sku("SALT").id)
        put_away.shelve(released(a_sku(), 1), place, Decimal(1))

    with pytest.raises(KeptForAnother):
        in_a_step(step)


def test_shelved_goods_are_available(app: Flask) -> None:
    def step() -> None:
        flour, here = a_sku(), a_bin()
        release = released(flour, 10)
        assert put_away.propose(release)[0].bin is here
        put_away.shelve(release, here, Decimal(6))
        assert seen(release.remaining, ledger.on_hand(flour, here)) == (4, 6)
        reservations.take(flour, Decimal(6), site=a_site(), document="O-1")

    proven(step)


def test_no_more_is_shelved_than_was_released(app: Flask) -> None:
    def step() -> None:
        put_away.shelve(released(a_sku(), 10), a_bin(), Decimal(11))

    with pytest.raises(MoreThanReleased, match="10 of FLOUR are left to put away for PA-"):
        in_a_step(step)


def test_a_bin_found_full_takes_nothing(app: Flask) -> None:
    def step() -> None:
        put_away.shelve(released(a_sku(), 10), a_bin(capacity=Decimal(9)), Decimal(10))

    with pytest.raises(BinFull):
        in_a_step(step)


def test_units_are_shelved_by_their_codes(app: Flask) -> None:
    def step() -> None:
        ac, here = a_sku("BA-28", serial_policy="unit"), a_bin()
        release, other = (
            released(ac, 2, "S1", "S2"),
            released(a_sku("X", serial_policy="unit"), 1, "X1"),
        )
        put_away.shelve(release, here, Decimal(1), serials=["S2"])
        assert [unit.code for unit in put_away.units_remaining(release)] == ["S1"]
        with pytest.raises(NotOfThisRelease, match="X1 does not belong to PA-"):
            put_away.shelve(release, here, Decimal(1), serials=["X1"])
        assert other.remaining == 1

    proven(step)


def test_a_shelved_unit_is_not_shelved_again(app: Flask) -> None:
    def step() -> None:
        release, here = released(a_sku("BA-28", serial_policy="unit"), 2, "S1", "S2"), a_bin()
        put_away.shelve(release, here, Decimal(1), serials=["S2"])

    def again() -> None:
        release = releases.locked("PA-000001")
        put_away.shelve(release, places.location("A-01"), Decimal(1), serials=["S2"])

    in_a_step(step)
    with pytest.raises(SerialNotHere, match="S2 is not at MAIN-SHELVING; it is at A-01"):
        in_a_step(again)


def test_those_who_wait_are_served_oldest_first(app: Flask) -> None:
    def step() -> None:
        flour, here = a_sku(), a_bin()
        first = reservations.wait(flour, Decimal(5), site=a_site(), document="O-1")
        second = reservations.wait(flour, Decimal(1), site=a_site(), document="O-2")
        release = released(flour, 10)
        assert put_away.shelve(release, here, Decimal(4)) == []
        assert seen(first.status, second.status) == ("waiting", "waiting")

    def more() -> None:
        release = releases.locked("PA-000001")
        served = put_away.shelve(release, places.location("A-01"), Decimal(6))
        assert [each.document for each in served] == ["O-1", "O-2"]

    proven(step)
    proven(more)


def test_two_people_who_find_less_make_a_loss(app: Flask) -> None:
    def step() -> None:
        flour = a_sku()
        release = released(flour, 10)
        assert put_away.settle_count(release, Decimal(8), counted_by=TWO) == -2
        assert ledger.on_hand(flour, places.waiting_for_shelf(a_site())) == 8
        put_away.shelve(release, a_bin(), Decimal(8))
        assert release.remaining == 0

    proven(step)


def test_two_people_who_find_more_make_a_gain(app: Flask) -> None:
    def step() -> None:
        release = released(a_sku(), 10)
        assert put_away.settle_count(release, Decimal(11), counted_by=TWO) == 1
        put_away.shelve(release, a_bin(), Decimal(11))

    proven(step)


def test_two_people_who_find_what_was_released_change_nothing(app: Flask) -> None:
    def step() -> None:
        assert put_away.settle_count(released(a_sku(), 10), Decimal(10), counted_by=TWO) == 0

    proven(step)


def test_one_person_is_not_two(app: Flask) -> None:
    def step() -> None:
        put_away.settle_count(released(a_sku(), 10), Decimal(9), counted_by=("bruno", "bruno"))

    with pytest.raises(SamePerson, match="bruno counted first, so someone else must count"):
        in_a_step(step)


def test_units_two_people_do_not_find_are_lost(app: Flask) -> None:
    def step() -> None:
        release = released(a_sku("BA-28", serial_policy="unit"), 3, "S1", "S2", "S3")
        put_away.settle_count(release, Decimal(2), counted_by=TWO, present=["S3", "S1"])
        assert seen(serials.by_code("S2").status, release.remaining) == ("lost", 2)

    proven(step)


@pytest.mark.parametrize(
    ("counted_", "present", "refusal"),
    [
        (2, ["S1"], SerialsDoNotMatch),
        (2, ["S1", "X9"], NotOfThisRelease),
        (3, ["S1", "S2", "S3"], SerialNotHere),
    ],
)
def test_a_count_of_units_names_units_that_wait(
    app: Flask, counted_: int, present: list[str], refusal: type[Exception]
) -> None:
    def step() -> None:
        release = released(a_sku("BA-28", serial_policy="unit"), 3, "S1", "S2", "S3")
        put_away.shelve(release, a_bin(), Decimal(1), serials=["S3"])
        put_away.settle_count(release, Decimal(counted_), counted_by=TWO, present=present)

    with pytest.raises(refusal):
        in_a_step(step)
