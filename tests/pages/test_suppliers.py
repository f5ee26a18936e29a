"""What people of a supplier see: their own tasks, and nothing else of the house."""

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from app.workflow.records import ProcessInstance, Task
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import PASSWORD, Visitor
from tests.processes.returning import authorise, three_rejected
from tests.workflow.play import Case


@pytest.fixture
def flour() -> Sku:
    return in_transaction(lambda: (a_sku("FLOUR"), a_bin("A-01"))[0])


@pytest.fixture
def asked(flour: Sku, bruno: Visitor, lee: Visitor, chloe: Visitor) -> Case:
    """3 FLOUR were rejected, and Borea is asked whether it agrees to take them back."""
    case = three_rejected(flour, counted_by=bruno.person, inspected_by=lee.person)
    authorise(case, chloe.person, "ask", quantity="3")
    return case


@pytest.fixture
def sven(app: Flask) -> Visitor:
    """Sells for Borea."""
    return _seller(app, "sven", "supplier:BOREA")


@pytest.fixture
def nora(app: Flask) -> Visitor:
    """Sells for somebody else."""
    return _seller(app, "nora", "supplier:OTHER")


def test_a_supplier_finds_their_task_in_the_inbox(sven: Visitor, asked: Case) -> None:
    page = sven.get("/inbox")

    assert "Agree to return" in page.text
    assert page.links("/cases") == page.links("/stock") == page.links("/proof") == []


def test_a_supplier_reads_the_question_and_no_picture_of_the_house(
    sven: Visitor, asked: Case
) -> None:
    page = sven.get(_address(asked))

    assert "FLOUR" in page.text
    assert "Goods you delivered were rejected" in page.text
    assert page.links("/cases") == []
    for secret in ("Lee", "Bruno", "Chloe", "Inspect lot", "What happened so far"):
        assert secret not in page.text


def test_a_supplier_answers_and_hears_nothing_of_what_comes_next(
    sven: Visitor, asked: Case
) -> None:
    page = sven.post(f"{_address(asked)}/completion", {"agreement": "agree"})

    assert "Done: Agree to return." in page.text
    assert "Warehouse keeper" not in page.text
    assert asked.open == ["ship_return"]


def test_a_task_that_is_over_leads_a_supplier_to_no_case(sven: Visitor, asked: Case) -> None:
    address = _address(asked)
    sven.post(f"{address}/completion", {"agreement": "agree"})

    assert sven.get(address).links("/cases") == []


@pytest.mark.parametrize(
    "address",
    [
        *("/cases", "/cases/{case}", "/cases/{case}?tab=history", "/cases/{first}"),
        *("/cases/{case}/diagram/supplier_return", "/stock", "/stock/FLOUR", "/serials"),
        *("/imports", "/imports/suppliers", "/proof", "/incidents", "/documents/orders/{order}"),
        *("/documents/receipts/{receipt}", "/lookups/supplier?q=B", "/lookups/sku?q=F"),
    ],
)
def test_rooms_of_the_house_do_not_exist_for_a_supplier(
    sven: Visitor, asked: Case, address: str
) -> None:
    data = asked.data
    first = db.session.query(ProcessInstance.id).order_by(ProcessInstance.id).first()
    known = {"case": asked.id, "first": first[0] if first else 0}
    found = address.format(**known, order=data["po_no"], receipt=data["receipt_no"])

    assert sven.get(found).status == 404


def test_a_search_finds_a_supplier_their_task_only(sven: Visitor, asked: Case) -> None:
    page = sven.get(f"/search?q={asked.data['po_no']}")

    assert page.links("/cases") == page.links("/documents") == page.links("/stock") == []


def test_another_supplier_gets_nothing(nora: Visitor, asked: Case) -> None:
    assert "Agree to return" not in nora.get("/inbox").text
    assert nora.get(_address(asked)).status == 404
    assert nora.post(f"{_address(asked)}/completion", {"agreement": "agree"}).status == 404
    assert asked.open == ["agree_return"]


def test_a_supplier_may_not_do_the_houses_tasks(sven: Visitor, asked: Case, chloe: Visitor) -> None:
    sven.post(f"{_address(asked)}/completion", {"agreement": "agree"})

    assert sven.get(_address(asked)).status == 404


def test_people_of_the_house_still_see_the_picture(olga: Visitor, asked: Case) -> None:
    assert "What happened so far" in olga.get(_address(asked)).text


def _seller(app: Flask, name: str, scope: str) -> Visitor:
    def step() -> int:
        person = people.add(name, name=name.title(), password=PASSWORD)
        memberships.grant(person, "supplier", scope)
        return person.id

    in_transaction(step)
    return Visitor(app).sign_in(name)


def _address(case: Case) -> str:
    """The address of the case's only open task."""
    db.session.rollback()
    (found,) = db.session.query(Task.id).filter_by(instance_id=case.id).one()
    return f"/tasks/{found}"
