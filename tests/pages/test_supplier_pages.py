"""What the house knows of its suppliers, each part for the roles that need it."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.domain.sourcing import agreeing, master_data
from app.domain.sourcing.agreeing import Terms
from app.domain.supply import suppliers
from app.kernel import clock
from app.kernel.db import in_transaction
from tests.builders.deliveries import an_order
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import the_case

ACCOUNT = {"holder": "Borea Ltd", "bank": "First Bank", "account": "822-0000123456789"}


@pytest.fixture(autouse=True)
def borea(app: Flask) -> None:
    """Sells pipe by the roll at 1,850."""

    def step() -> None:
        supplier = suppliers.add("BOREA", name="Borea", email="orders@borea.example")
        pipe = a_sku("PIPE", unit="m", units={"roll": 20})
        terms = Terms(
            pipe, "roll", "TWD", date(2026, 1, 1), None, [(Decimal(1), Decimal(1850))], lead_days=7
        )
        agreeing.agree(supplier, terms, by="lin")

    in_transaction(step)


@pytest.fixture
def lin(app: Flask) -> Visitor:
    """Buys for all of the company."""
    return a_visitor(app, "lin", "buyer", scope="*")


@pytest.fixture
def chen(app: Flask) -> Visitor:
    """Runs purchasing."""
    return a_visitor(app, "chen", "purchasing_manager", scope="*")


@pytest.fixture
def wang(app: Flask) -> Visitor:
    """Pays."""
    return a_visitor(app, "wang", "finance", scope="*")


@pytest.fixture
def huang(app: Flask) -> Visitor:
    """Runs quality control."""
    return a_visitor(app, "huang", "qc_manager", scope="*")


def test_a_list_finds_suppliers_by_name(lin: Visitor) -> None:
    in_transaction(lambda: suppliers.add("HONGSHENG", name="Hongsheng 鴻昇").id)

    assert lin.get("/suppliers?q=鴻昇").links("/suppliers/") == ["/suppliers/HONGSHENG"]
    assert "Nobody is called" in lin.get("/suppliers?q=nobody").text


def test_few_lines_are_called_insufficient_data(lin: Visitor) -> None:
    page = lin.get("/suppliers/BOREA")

    assert "Insufficient data" in page.text
    assert "%" not in page.text


def test_a_record_explains_its_numbers(lin: Visitor) -> None:
    def step() -> None:
        flour = a_sku("FLOUR")
        for _ in range(3):
            an_order((flour, 10)).due_on = date(2026, 5, 11)

    in_transaction(step)
    with clock.turned_to(clock.now().replace(year=2026, month=6, day=1)):
        page = lin.get("/suppliers/BOREA")

    assert "Fill rate 0.0%" in page.text
    assert "lines never shipped count" in page.text


def test_prices_are_for_who_buys(lin: Visitor, huang: Visitor) -> None:
    assert "1,850 TWD" in lin.get("/suppliers/BOREA?tab=agreements").text
    assert huang.get("/suppliers/BOREA").status == 200
    assert huang.get("/suppliers/BOREA?tab=agreements").status == 404


def test_a_change_is_proposed_approved_and_then_known(lin: Visitor, chen: Visitor) -> None:
    page = lin.post("/suppliers/BOREA/changes/master_data", _facts(phone="+886 2 5550 0101"))
    task = chen.get(chen.get("/inbox").links("/tasks/")[0])

    assert "waits for a second person" in page.text
    assert "+886 2 5550 0101" in task.text
    assert "+886 2 5550 0101" in chen.get(task.links("/suppliers/proposals/")[0]).text
    the_case("supplier_change").complete("approve_change", by=chen.person, decision="approve")
    assert "+886 2 5550 0101" in lin.get("/suppliers/BOREA?tab=facts").text


def test_who_decides_reads_what_would_change_in_words(lin: Visitor, chen: Visitor) -> None:
    lin.post("/suppliers/BOREA/changes/master_data", _facts(standing="trial"))

    task = chen.get(chen.get("/inbox").links("/tasks/")[0])

    assert "Standing approved on trial" in " ".join(task.text.split())


def test_a_proposal_that_cannot_be_keeps_what_was_typed(lin: Visitor) -> None:
    page = lin.post("/suppliers/BOREA/changes/master_data", _facts(email="borea", contact="Yeh"))

    assert page.status == 422
    assert "“borea” is no e-mail address" in page.text
    assert 'value="Yeh"' in page.source


def test_accounts_are_for_who_pays_and_who_proposed(
    lin: Visitor, chen: Visitor, wang: Visitor
) -> None:
    lin.post("/suppliers/BOREA/changes/bank_details", ACCOUNT)
    proposal = "/suppliers/proposals/SP-000001"

    assert [who.get(proposal).status for who in (lin, chen, wang)] == [200, 404, 200]
    case = the_case("supplier_change")
    assert ACCOUNT["account"] in wang.get(f"/tasks/{case.task('approve_account')}").text
    case.complete("approve_account", by=wang.person, decision="approve", called_back=True)
    for who, sees in ((wang, True), (chen, False), (lin, False)):
        page = who.get("/suppliers/BOREA?tab=facts")
        assert (ACCOUNT["account"] in page.text) is sees
        form = who.get("/suppliers/BOREA/changes/bank_details")
        assert (ACCOUNT["account"] in form.source) is sees


def test_who_proposed_withdraws_on_the_proposals_page(lin: Visitor, chen: Visitor) -> None:
    lin.post("/suppliers/BOREA/changes/master_data", _facts(phone="02 1234"))
    address = "/suppliers/proposals/SP-000001"

    assert "Withdraw" not in chen.get(address).text
    assert chen.post(f"{address}/withdrawal").status == 403
    assert "SP-000001 is withdrawn." in lin.post(f"{address}/withdrawal").text
    assert the_case("supplier_change").status == "finished"


def test_others_have_no_room_for_suppliers(bruno: Visitor) -> None:
    assert bruno.get("/suppliers").status == 403
    assert bruno.get("/inbox").links("/suppliers") == []


def test_who_neither_buys_nor_pays_proposes_nothing(huang: Visitor) -> None:
    assert huang.post("/suppliers/BOREA/changes/master_data", _facts(name="B")).status == 403


def _facts(**changed: str) -> dict[str, str]:
    now = master_data.known(suppliers.by_code("BOREA"), "master_data")
    return {**now, **changed}
