"""Completing a task: one step, one commit."""

from app.identity.people import Person
from tests.diagrams import bpmn, exclusive, script, service, user
from tests.workflow.play import Case, deploy

DELIVERY = bpmn(
    "delivery",
    script("prepare", "expected = sum(line['quantity'] for line in lines)"),
    user("count", "Count the delivery"),
    exclusive("enough"),
    user("approve", "Approve the shortage"),
    service("book", "effects.book", result="receipt", sku="lines[0]['sku']", quantity="expected"),
    user("put_away"),
    flows="""
        begin -> prepare -> count -> enough
        enough -> approve ? int(counted) < expected
        enough -> book ? else
        approve -> book -> put_away -> done
    """,
    lanes={"Warehouse keeper": "count put_away", "Buyer": "approve"},
    business_key="po_no",
    subject="{po_no} · {supplier}",
)
DATA = {"po_no": "PO-1", "supplier": "Borea", "lines": [{"sku": "FLOUR", "quantity": 100}]}


def test_a_case_goes_from_inbox_to_inbox_to_its_end(bruno: Person, chloe: Person) -> None:
    deploy(DELIVERY, "delivery", {"count": "counted"})
    case = Case.start("delivery", DATA)

    case.complete("count", by=bruno, counted="60")
    assert case.open == ["approve"]
    case.complete("approve", by=chloe)
    assert case.open == ["put_away"]
    case.complete("put_away", by=bruno)

    assert case.status == "finished"
    assert case.data["receipt"] == {"booked": 100}
    assert case.story == [
        ("started", "begin"),
        ("passed", "prepare"),
        ("completed", "count"),
        ("passed", "enough"),
        ("completed", "approve"),
        ("passed", "book"),
        ("completed", "put_away"),
        ("passed", "done"),
    ]
