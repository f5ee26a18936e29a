"""A supplier sees how far their orders are, announces shipments and prints labels, on any phone."""

import io
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.sourcing.labels import LabelPrint
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import a_counted_delivery, the_case
from tests.processes.returning import authorise, three_rejected


@pytest.fixture
def sven(app: Flask) -> Visitor:
    """Sells for Borea."""
    return a_visitor(app, "sven", "supplier", scope="supplier:BOREA")


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])


@pytest.fixture
def unit(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("BA-28", serial_policy="unit"))


@pytest.fixture
def order(flour: Sku, unit: Sku) -> PurchaseOrder:
    """10 FLOUR at 35.5, and 2 units with codes."""

    def step() -> PurchaseOrder:
        made = an_order((flour, 10), (unit, 2))
        made.lines[0].unit_price = Decimal("35.5")
        return made

    return in_transaction(step)


def beads(page: Page) -> list[str]:
    """The state of each bead."""
    return [
        part.split('"')[0] for part in page.source.split('<li class="')[1:] if "bead-name" in part
    ]


def test_beads_tell_how_far_an_order_is(
    sven: Visitor, flour: Sku, bruno: Visitor, lee: Visitor
) -> None:
    in_transaction(lambda: an_order((flour, 5)))
    a_counted_delivery(flour, ordered=40, counted=40, by=bruno.person)
    verdict = {"accepted": "37", "rejected": "3", "defect": "transport"}
    the_case("quality_control").complete(
        "inspect_lot", by=lee.person, inspection={"lines": [verdict]}
    )

    page = sven.get("/portal")

    assert beads(page) == [*("done", "done", "done", "part", "ahead"), *["ahead"] * 5]


def test_counted_and_accepted_figures_are_there_at_once(
    sven: Visitor, flour: Sku, bruno: Visitor
) -> None:
    a_counted_delivery(flour, ordered=40, counted=38, by=bruno.person)
    (link,) = sven.get("/portal").links("/portal/orders/")

    page = sven.get(link)

    assert 'data-label="Counted">38<' in page.source
    assert 'data-label="Accepted">0<' in page.source


def test_an_order_shows_its_own_prices_and_no_person_of_the_house(
    sven: Visitor, order: PurchaseOrder
) -> None:
    page = sven.get(f"/portal/orders/{order.number}")

    assert "35.5 TWD" in page.text
    assert "chloe" not in page.text.lower()
    assert page.links("/cases") == page.links("/stock") == page.links("/documents") == []


def test_a_shipment_is_announced_from_the_order(sven: Visitor, order: PurchaseOrder) -> None:
    task = sven.post(f"/portal/orders/{order.number}/shipments")
    answers = {
        "notice.number": "B-1",
        "notice.expected_on": "2099-01-01",
        "notice.lines.0.quantity": "4",
        "shipping": "announce",
    }

    assert "Announce shipment" in task.text
    done = sven.post(f"{task.response.request.path}/completion", answers)

    assert "Done: Announce shipment." in done.text
    page = sven.get(f"/portal/orders/{order.number}")
    assert page.links("/portal/notices/") == ["/portal/notices/B-1"]
    assert beads(page)[1] == "part"


def test_their_inbox_names_no_place_by_their_code(sven: Visitor, order: PurchaseOrder) -> None:
    sven.post(f"/portal/orders/{order.number}/shipments")

    inbox = sven.get("/inbox").text

    assert "Announce shipment" in inbox
    assert "· BOREA" not in inbox


def test_a_file_fills_in_the_codes(sven: Visitor, order: PurchaseOrder) -> None:
    text = "sku,serials\nBA-28,U-1\nBA-28,U-2\n"
    task = sven.post(f"/portal/orders/{order.number}/shipments", file=_file(text))

    assert "U-1\nU-2" in task.source


def test_a_file_with_mistakes_is_told_row_by_row(sven: Visitor, order: PurchaseOrder) -> None:
    page = sven.post(
        f"/portal/orders/{order.number}/shipments", file=_file("sku,quantity\nBA-41,1\nFLOUR,x\n")
    )

    assert page.status == 422
    assert f"Row 2, line: {order.number} has no line – for BA-41." in page.text
    assert "Row 3, quantity: x is not a quantity." in page.text


def test_labels_are_printed_once_and_again_with_a_reason(
    sven: Visitor, order: PurchaseOrder
) -> None:
    number = in_transaction(lambda: a_notice(order, FLOUR=10).number)
    address = f"/portal/notices/{number}/labels"

    sheet = sven.post(address, kind="carton", cartons="3")
    again = sven.post(address, kind="carton", cartons="3")
    told = sven.post(address, kind="carton", cartons="2", reason="Two were torn")

    assert sheet.source.count("<svg") >= 3
    assert "Carton 3 of 3" in sheet.text
    assert (again.status, told.status) == (409, 200)
    assert "Say why they are printed again" in again.text
    kept = db.session.execute(select(LabelPrint.labels, LabelPrint.reason)).all()
    assert [tuple(row) for row in kept] == [(3, ""), (2, "Two were torn")]


def test_units_without_codes_have_no_unit_labels(sven: Visitor, order: PurchaseOrder) -> None:
    number = in_transaction(lambda: a_notice(order, FLOUR=10).number)

    assert sven.post(f"/portal/notices/{number}/labels", kind="unit").status == 409
    assert sven.post(f"/portal/notices/{number}/labels", cartons="many").status == 409


def test_what_waits_for_them_stands_on_the_order(
    sven: Visitor, flour: Sku, bruno: Visitor, lee: Visitor, chloe: Visitor
) -> None:
    case = three_rejected(flour, counted_by=bruno.person, inspected_by=lee.person)
    authorise(case, chloe.person, "ask", quantity="3")
    (link,) = sven.get("/portal").links("/portal/orders/")

    page = sven.get(link)

    assert "Agree to return" in page.text
    assert "3 FLOUR being agreed on" in page.text
    assert len(page.links("/tasks/")) == 1


def test_a_draft_is_not_shown_before_it_is_sent(sven: Visitor, order: PurchaseOrder) -> None:
    in_transaction(lambda: setattr(db.session.merge(order), "status", "draft"))

    assert sven.get("/portal").links("/portal/orders/") == []
    assert sven.get(f"/portal/orders/{order.number}").status == 404


def test_people_of_the_house_have_no_portal(chloe: Visitor, order: PurchaseOrder) -> None:
    assert chloe.get("/portal").status == 404
    assert chloe.get("/inbox").links("/portal") == []


def test_notices_are_counted_from_the_database(sven: Visitor, order: PurchaseOrder) -> None:
    number = in_transaction(lambda: a_notice(order, FLOUR=4).number)

    page = sven.get(f"/portal/notices/{number}")

    assert "4 pcs" in page.text
    assert db.session.scalar(select(Asn.number)) == number


def _file(text: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(text.encode()), "shipment.csv"
