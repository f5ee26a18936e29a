"""From a number on the shelf back to the person and the step; and what counters may not see."""

import html
import json
import re

import pytest

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import Page, Visitor
from tests.processes.play import Delivery, a_delivery, the_case


@pytest.fixture
def drill() -> Sku:
    return in_transaction(lambda: (a_sku("DRILL", serial_policy="unit"), a_bin("A-01"))[0])


@pytest.fixture
def shelved(drill: Sku, bruno: Visitor, lee: Visitor) -> Delivery:
    """One drill that was counted, accepted and put away."""
    delivery = a_delivery((drill, 1))
    delivery.check_in(by=bruno.person)
    delivery.count({"counted": "1", "serials": "DR-0001"}, by=bruno.person)
    verdict = {"lines": [{"accepted": "1", "rejected": "0"}]}
    the_case("quality_control").complete("inspect_lot", by=lee.person, inspection=verdict)
    placed = {"scanned_item": "DRILL", "scanned_bin": "A-01", "put_away_outcome": "placed"}
    the_case("put_away").complete(
        "put_away_goods", by=bruno.person, proposal={"quantity": "1"}, **placed
    )
    return delivery


@pytest.mark.usefixtures("shelved")
def test_a_number_on_the_shelf_leads_to_the_person_and_the_step(bruno: Visitor) -> None:
    shelf = bruno.get("/stock").links("/stock/DRILL")[0]
    place = bruno.get(shelf).links("/stock/DRILL/at/A-01")[0]
    ledger = bruno.get(place)
    step = ledger.links("/cases/")[0]
    case = bruno.get(step)

    assert "Put away" in ledger.text
    assert "Bruno" in ledger.text
    assert "Book put-away" in case.text
    assert "set off by Bruno" in case.text
    assert "&#34;shown&#34;: [&#34;book_put_away&#34;]" in case.source or (
        '"shown": ["book_put_away"]' in case.source
    )


@pytest.mark.usefixtures("shelved")
def test_a_unit_tells_its_life_in_order(bruno: Visitor) -> None:
    life = bruno.get("/serials?q=0001")

    assert life.address == "/serials/DR-0001"
    assert life.text.index("Put away") < life.text.index("Accepted by quality control")
    assert life.text.index("Accepted by quality control") < life.text.index("Received from")


@pytest.mark.usefixtures("shelved")
def test_another_town_sees_neither_stock_nor_unit_nor_case(nils: Visitor) -> None:
    assert "A-01" not in nils.get("/stock/DRILL").text
    assert nils.get("/stock/DRILL/at/A-01").status == 404
    assert nils.get("/serials/DR-0001").status == 404
    assert nils.get("/cases/1").status == 404
    assert nils.get("/cases/1/diagram/receiving").status == 404


def test_the_case_page_begins_with_a_sentence_and_draws_its_diagram(
    shelved: Delivery, bruno: Visitor
) -> None:
    page = bruno.get(f"/cases/{shelved.id}")
    diagram = bruno.get(f"/cases/{shelved.id}/diagram/receiving")

    assert "Waiting" in page.text.split("Progress")[0]
    assert "Count delivery" in page.text
    assert diagram.response.content_type.startswith("application/xml")
    assert bruno.get(f"/cases/{shelved.id}/diagram/payroll").status == 404


def test_the_picture_names_arrows_and_lanes_in_the_reader_s_language(
    shelved: Delivery, bruno: Visitor
) -> None:
    bruno.post("/language", locale="zh_Hant", next="/inbox")

    page = html.unescape(bruno.get(f"/cases/{shelved.id}").source)

    assert "屬於採購單" in _titles(page).values()
    assert "倉管人員" in _titles(page).values()
    assert _titles(page)["receiving"] == "收貨"
    assert not [one for one in _titles(page).values() if one.isascii()]


def test_an_order_names_its_buyer(shelved: Delivery, chloe: Visitor) -> None:
    assert "Ordered by Chloe" in chloe.get(f"/documents/orders/{shelved.data['po_no']}").text


def test_the_history_records_answers_and_effects(shelved: Delivery, chloe: Visitor) -> None:
    page = chloe.get(f"/cases/{shelved.id}?tab=history")

    assert "Count delivery answered Bruno" in page.text
    assert "receiving.book_count" in page.text


def test_those_who_count_see_expected_figures_nowhere_until_the_count_is_in(
    drill: Sku, bruno: Visitor, lee: Visitor
) -> None:
    delivery = a_delivery((drill, 7319))
    addresses = [f"/cases/{delivery.id}?tab={tab}" for tab in ("progress", "document", "history")]
    addresses += [f"/documents/notices/{delivery.data['asn_no']}", "/inbox", "/cases"]
    addresses += [
        f"/documents/orders/{delivery.data['po_no']}",
        f"/search?q={delivery.data['po_no']}",
    ]

    def seen(visitor: Visitor) -> bool:
        pages = [visitor.get(address).text for address in addresses]
        return any("7319" in page or "7,319" in page for page in pages)

    assert not seen(bruno)
    assert seen(lee)

    delivery.check_in(by=bruno.person)
    assert not seen(bruno)

    codes = "\n".join(f"DR-{n}" for n in range(2))
    delivery.count({"counted": "2", "serials": codes}, by=bruno.person)
    assert seen(bruno)


def test_the_proof_holds_and_says_so(shelved: Delivery, olga: Visitor) -> None:
    page = olga.get("/proof")

    assert "hold." in page.text
    assert "I15" in page.text
    assert "does not hold" not in page.text


def test_a_keeper_may_begin_a_blind_arrival_and_lands_in_its_first_task(bruno: Visitor) -> None:
    start = bruno.get("/cases").links("/cases/new/receiving/")[0]

    page = bruno.post(start, place="site:MAIN")

    assert page.address.startswith("/tasks/")
    assert "Record unannounced goods" in page.text


def test_the_button_that_begins_a_case_says_what_one_does(bruno: Visitor, lee: Visitor) -> None:
    first_task, own_words = bruno.get("/cases"), lee.get("/cases")

    assert "Record unannounced goods" in first_task.text
    assert "Report a defect" in own_words.text
    assert "Defect found" not in own_words.text


def test_the_same_page_sent_twice_begins_one_case(bruno: Visitor, ines: Visitor) -> None:
    start = bruno.get("/cases").links("/cases/new/receiving/")[0]
    key = re.findall(r'name="start_key" value="([^"]+)"', bruno.get(start).source)[0]

    first = bruno.post(start, place="site:MAIN", start_key=key)
    again = bruno.post(start, place="site:MAIN", start_key=key)
    theirs = ines.post(start, place="site:MAIN", start_key=key)

    assert first.address == again.address
    assert theirs.address not in {first.address, "/"}
    assert _cases_on(bruno.get("/cases")) == ["/cases/2", "/cases/1"]
    assert key not in bruno.get(start).source


def test_only_starts_of_one_s_own_role_are_offered(lee: Visitor) -> None:
    (offered,) = lee.get("/cases").links("/cases/new/")

    assert offered.startswith("/cases/new/recall/")
    assert lee.get("/cases/new/receiving/blind_arrival_reported").status == 404


def _cases_on(page: Page) -> list[str]:
    """The cases a list shows, in its order."""
    return [link for link in page.links("/cases/") if "new" not in link]


def _titles(source: str) -> dict[str, str]:
    """What the first diagram calls its parts."""
    found: dict[str, str] = json.loads(re.findall(r"data-titles='([^']*)'", source)[0])
    return found
