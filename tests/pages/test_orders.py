"""The pages of an order: versions, approvals and offers, for those who see prices."""

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.ordering import a_purchase, paid_before, version
from tests.workflow.play import Case


@pytest.fixture
def petra(app: Flask) -> Visitor:
    """Runs purchasing."""
    return a_visitor(app, "petra", "purchasing_manager")


@pytest.fixture
def approved(chloe: Visitor, petra: Visitor) -> Case:
    """30,000 of FLOUR, approved by the manager and issued."""
    flour: Sku = in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])
    paid_before(flour, "10")
    case = a_purchase(flour, 3_000, by=chloe.person)
    case.complete("approve_as_manager", by=petra.person, manager_decision="approve")
    return case


def test_an_order_shows_what_it_said_and_who_approved_it(approved: Case, chloe: Visitor) -> None:
    order = version(approved).order

    page = chloe.get(f"/cases/{approved.id}?tab=document")

    assert f"{order.number}/1" in page.text
    assert "30,000 TWD" in page.text
    assert "Petra" in page.text
    assert page.links(f"/documents/orders/{order.number}") != []
    (step,) = [way for way in page.links("/cases/") if "step=record_manager" in way]
    assert chloe.get(step).status == 200


def test_keepers_see_the_order_without_its_prices(approved: Case, bruno: Visitor) -> None:
    order = version(approved).order

    page = bruno.get(f"/documents/orders/{order.number}")

    assert order.number in page.text
    assert "30,000" not in page.text
    assert f"{order.number}/1" not in page.text
