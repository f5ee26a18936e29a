"""The list: views, counts, news, claiming the next, and the search."""

import pytest
from flask import Flask
from sqlalchemy import event

from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_site, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Visitor
from tests.processes.play import a_delivery


@pytest.fixture
def deliveries() -> None:
    """Two trucks at the gate."""
    flour = in_transaction(lambda: a_sku("FLOUR"))
    a_delivery((flour, 10))
    a_delivery((flour, 20))


def test_an_empty_inbox_says_what_comes_next(bruno: Visitor) -> None:
    page = bruno.get("/inbox")

    assert "Nothing to do" in page.text
    assert "its task appears here by itself" in page.text


@pytest.mark.usefixtures("deliveries")
def test_the_list_shows_only_what_one_s_roles_may_do(bruno: Visitor, lee: Visitor) -> None:
    assert bruno.get("/inbox").text.count("Check in truck") == 2
    assert "Check in truck" not in lee.get("/inbox").text


@pytest.mark.usefixtures("deliveries")
def test_claiming_the_next_gives_two_people_two_tasks(bruno: Visitor, ines: Visitor) -> None:
    one = bruno.post("/inbox/next")
    other = ines.post("/inbox/next")

    assert one.address != other.address
    assert "This task is yours now." in one.text
    assert "you have it" in other.text


def test_claiming_the_next_of_nothing_is_no_error(bruno: Visitor) -> None:
    page = bruno.post("/inbox/next")

    assert page.status == 200
    assert "Nothing is waiting to be claimed." in page.text


@pytest.mark.usefixtures("deliveries")
def test_news_count_what_came_since_without_moving_the_rows(bruno: Visitor) -> None:
    assert "2 new" in bruno.get("/inbox/news?view=roles&since=0").text
    assert "new" not in bruno.get("/inbox/news?view=roles&since=999").text


@pytest.mark.usefixtures("deliveries")
def test_a_made_up_view_or_cursor_is_no_fault(bruno: Visitor) -> None:
    assert bruno.get("/inbox?view=secret").status == 404
    assert bruno.get("/inbox?after=; DROP TABLE task").status == 200


@pytest.mark.usefixtures("deliveries")
def test_a_business_number_finds_its_task_and_case(bruno: Visitor, nils: Visitor) -> None:
    number = bruno.get("/inbox").text.split("PO-")[1].split()[0]

    found = bruno.get(f"/search?q=po-{number}")

    assert "Tasks" in found.text
    assert "Cases" in found.text
    assert "Nothing carries" in nils.get(f"/search?q=po-{number}").text


def test_every_entry_of_the_rail_opens(olga: Visitor, bruno: Visitor) -> None:
    for visitor in (olga, bruno):
        rail = visitor.get("/me").source.split('class="rail"')[1].split("</nav>")[0]
        addresses = [part.split('"')[0] for part in rail.split('<a href="')[1:]]

        assert 2 <= len(addresses) <= 7
        assert [visitor.get(address).status for address in addresses] == [200] * len(addresses)


def test_rooms_of_other_roles_are_closed_with_a_sentence(bruno: Visitor, dov: Visitor) -> None:
    assert bruno.get("/incidents").status == 403
    assert "for other roles" in bruno.get("/imports").text
    assert dov.get("/stock").status == 403


@pytest.mark.usefixtures("deliveries")
def test_a_page_asks_once_what_its_reader_holds(bruno: Visitor) -> None:
    task = bruno.get("/inbox").links("/tasks/")[0]
    statements: list[str] = []
    with bruno.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    for address in ("/inbox", task, "/cases", "/stock"):
        bruno.get(address)  # what a process of the server learns once
        statements.clear()
        bruno.get(address)
        reads = [line for line in statements if line.startswith("SELECT")]

        assert len([line for line in reads if "FROM membership" in line]) == 1
        assert len(reads) < 30


@pytest.mark.usefixtures("deliveries")
def test_a_row_names_its_place(bruno: Visitor) -> None:
    assert a_site().name in bruno.get("/inbox").text
    assert a_site().name in bruno.get("/me").text


def test_who_sells_for_a_supplier_reads_its_name(app: Flask) -> None:
    in_transaction(lambda: a_supplier("BOREA").name)
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    assert "Supplier · Borea" in sven.get("/me").text
