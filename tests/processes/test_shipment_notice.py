"""A supplier says what is on its way; what cannot be is refused, and the warehouse expects it."""

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.numbers import NoSuchDocument
from app.domain.sourcing.errors import CodesTwice, NotEveryCode, NothingShipped
from app.domain.supply import asns
from app.domain.supply.asns import AlreadyAnnounced, Asn, MoreThanOrdered
from app.domain.supply.purchase_orders import PurchaseOrder
from app.identity.people import Person
from app.kernel.db import db, in_transaction
from app.workflow import incidents
from tests.builders.deliveries import a_supplier, an_order
from tests.processes.play import break_down, cases, wait_for_next_timer
from tests.workflow.play import Case

SCOPE = "supplier:BOREA"


@pytest.fixture
def order(flour: Sku, unit: Sku) -> PurchaseOrder:
    """10 FLOUR and 3 units with codes."""
    return in_transaction(lambda: an_order((flour, 10), (unit, 3)))


def begin(order: PurchaseOrder, *, by: Person, rows: list[dict[str, Any]] | None = None) -> Case:
    data = {"po_no": order.number, "scope": SCOPE, "rows": rows or []}
    return Case.start("shipment_notice", data, by=by.id)


def announce(case: Case, *rows: dict[str, Any], by: Person, number: str = "B-1") -> None:
    notice = {"number": number, "expected_on": "2026-06-03", "lines": list(rows)}
    case.complete("announce_shipment", by=by, notice=notice, shipping="announce")


def announced() -> list[Asn]:
    db.session.rollback()
    return list(db.session.scalars(select(Asn)))


def test_what_is_announced_is_expected_at_the_gate(order: PurchaseOrder, sven: Person) -> None:
    case = begin(order, by=sven)
    announce(case, {"quantity": "4"}, {"quantity": "2", "serials": "A-1\nA-2"}, by=sven)

    (asn,) = announced()
    assert (asn.number, asn.announced_by, str(asn.expected_on)) == ("B-1", "sven", "2026-06-03")
    assert [int(line.quantity) for line in asn.lines] == [4, 2]
    assert [one.code for one in asn.lines[1].serials] == ["A-1", "A-2"]
    assert case.status == "finished"
    assert [one.open for one in cases("receiving")] == [["check_in_truck"]]


def test_a_line_left_empty_is_not_in_the_shipment(order: PurchaseOrder, sven: Person) -> None:
    announce(begin(order, by=sven), {"quantity": "10"}, {}, by=sven)

    assert [int(line.quantity) for line in announced()[0].lines] == [10]


def test_the_next_notice_offers_what_is_left(order: PurchaseOrder, sven: Person) -> None:
    announce(begin(order, by=sven), {"quantity": "10"}, {"quantity": "1"}, by=sven)

    lines = begin(order, by=sven).data["notice"]["lines"]
    assert [(line["sku"], line["open"]) for line in lines] == [("BA-28", "2")]


def test_more_than_ordered_is_refused_and_nothing_is_expected(
    order: PurchaseOrder, sven: Person
) -> None:
    case = begin(order, by=sven)

    with pytest.raises(MoreThanOrdered, match="expects 10 more of FLOUR; 11"):
        announce(case, {"quantity": "11"}, {}, by=sven)
    assert (announced(), case.open) == ([], ["announce_shipment"])


def test_a_number_is_used_once(order: PurchaseOrder, sven: Person) -> None:
    announce(begin(order, by=sven), {"quantity": "1"}, {}, by=sven)

    with pytest.raises(AlreadyAnnounced, match="B-1"):
        announce(begin(order, by=sven), {"quantity": "1"}, {}, by=sven)


def test_codes_announced_before_are_told_by_their_line(order: PurchaseOrder, sven: Person) -> None:
    one = {"quantity": "1", "serials": "A-1"}
    announce(begin(order, by=sven), {}, one, by=sven)
    case = begin(order, by=sven)

    with pytest.raises(CodesTwice) as refused:
        announce(case, {}, {"quantity": "2", "serials": "A-1\nA-2"}, by=sven, number="B-2")
    assert refused.value.facts["codes"] == ["2: A-1"]


def test_every_code_is_listed_or_none(order: PurchaseOrder, sven: Person) -> None:
    with pytest.raises(NotEveryCode, match="BA-28: 1 codes for 2 units"):
        announce(begin(order, by=sven), {}, {"quantity": "2", "serials": "A-1"}, by=sven)
    with pytest.raises(NothingShipped, match=order.number):
        announce(begin(order, by=sven), {}, {}, by=sven)


def test_a_supplier_may_announce_nothing(order: PurchaseOrder, sven: Person) -> None:
    case = begin(order, by=sven)
    case.complete("announce_shipment", by=sven, shipping="give_up")

    assert (case.status, announced()) == ("finished", [])


def test_a_notice_nobody_sends_lapses(order: PurchaseOrder, sven: Person) -> None:
    case = begin(order, by=sven)
    wait_for_next_timer(case)

    assert (case.status, case.open) == ("finished", [])


def test_rows_of_a_file_fill_in_the_notice(order: PurchaseOrder, sven: Person) -> None:
    rows = [{"line_no": 2, "quantity": "2", "serials": ["A-1", "A-2"]}]
    case = begin(order, by=sven, rows=rows)

    lines = case.data["notice"]["lines"]
    assert [(line["sku"], line.get("quantity")) for line in lines] == [
        ("FLOUR", None),
        ("BA-28", "2"),
    ]


def test_orders_of_others_do_not_exist(flour: Sku, sven: Person) -> None:
    in_transaction(lambda: a_supplier("OTHER").id)
    theirs = in_transaction(lambda: an_order((flour, 5), supplier="OTHER"))

    with pytest.raises(NoSuchDocument, match=theirs.number):
        begin(theirs, by=sven)
    assert cases("shipment_notice") == []


def test_a_step_that_breaks_announces_once_when_repeated(
    order: PurchaseOrder, sven: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = begin(order, by=sven)
    with monkeypatch.context() as broken:
        broken.setattr(asns, "announce", break_down)
        announce(case, {"quantity": "4"}, {}, by=sven)

    (incident,) = case.incidents
    assert announced() == []
    in_transaction(lambda: incidents.retry(incident.id, by=None))
    assert (len(announced()), case.status) == (1, "finished")
