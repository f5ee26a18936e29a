"""Photographs reach whoever must decide by them, and nobody else."""

import pytest
from flask import Flask

from app.kernel import attachments
from app.kernel.db import in_transaction
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import PNG, Delivery, a_blind_arrival, a_delivery, the_case


@pytest.fixture
def buyer(app: Flask) -> Visitor:
    """Buys, and never counts."""
    return a_visitor(app, "bea", "buyer")


@pytest.fixture
def arrival(bruno: Visitor) -> Delivery:
    """Three cartons nobody announced, photographed at the gate by Bruno."""
    return a_blind_arrival(by=bruno.person)


def test_who_identifies_a_blind_arrival_sees_its_photograph(
    arrival: Delivery, buyer: Visitor
) -> None:
    task = buyer.get(f"/tasks/{arrival.task('identify_arrival')}")
    address = task.links(f"/cases/{arrival.id}/files/")[0]
    picture = buyer.get(address)

    assert f'<img src="{address}"' in task.source
    assert picture.response.data == PNG
    assert picture.response.content_type == "image/png"
    assert "inline" in picture.response.headers["Content-Disposition"]
    assert picture.response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in picture.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("tab", ["progress", "document", "history"])
def test_the_case_shows_its_photographs(arrival: Delivery, buyer: Visitor, tab: str) -> None:
    page = buyer.get(f"/cases/{arrival.id}?tab={tab}")

    assert f'<img src="/cases/{arrival.id}/files/' in page.source


def test_a_photograph_is_not_there_for_those_who_may_not_see_its_case(
    arrival: Delivery, buyer: Visitor, nils: Visitor, dov: Visitor, bruno: Visitor
) -> None:
    address = buyer.get(f"/cases/{arrival.id}?tab=document").links(f"/cases/{arrival.id}/files/")[0]

    assert buyer.get(address).status == 200
    assert nils.get(address).status == 404
    assert dov.get(address).status == 404
    assert bruno.get(address).status == 404  # he has not counted yet


def test_a_file_is_found_only_through_a_case_that_names_it(
    arrival: Delivery, buyer: Visitor
) -> None:
    flour = in_transaction(lambda: a_sku("FLOUR"))
    other = a_delivery((flour, 2))
    address = buyer.get(f"/cases/{arrival.id}?tab=document").links(f"/cases/{arrival.id}/files/")[0]
    file_id = address.rpartition("/")[2]

    assert buyer.get(f"/cases/{other.id}").status == 200
    assert buyer.get(f"/cases/{other.id}/files/{file_id}").status == 404
    assert buyer.get(f"/cases/{arrival.id}/files/{int(file_id) + 1}").status == 404


def test_the_inspector_sees_what_was_photographed_at_the_count(
    bruno: Visitor, lee: Visitor, photo: int
) -> None:
    flour = in_transaction(lambda: a_sku("FLOUR"))
    delivery = a_delivery((flour, 2))
    delivery.check_in(by=bruno.person)
    row = {"counted": "2", "damaged": "1"}
    delivery.complete(
        "count_delivery",
        by=bruno.person,
        receipt={"lines": [row]},
        wrong_goods=[],
        count_photos=[photo],
    )
    task = lee.get(f"/tasks/{the_case('quality_control').task('inspect_lot')}")

    address = task.links(f"/cases/{delivery.id}/files/")[0]
    assert lee.get(address).response.data == PNG


@pytest.fixture
def photo(bruno: Visitor) -> int:
    """A picture Bruno took."""
    return in_transaction(lambda: attachments.keep("box.png", PNG, by=bruno.person.id).id)
