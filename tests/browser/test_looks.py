"""Every page, in every language, wide and narrow: nothing for axe, nothing sideways."""

import pytest
from playwright.sync_api import expect

from app.identity import memberships, people
from app.identity.people import Person
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD
from tests.builders.goods import a_bin, a_sku
from tests.processes.play import a_delivery, the_case

ALL_ROLES = (
    "administrator",
    "operator",
    "buyer",
    "warehouse_keeper",
    "warehouse_manager",
    "inspector",
    "qc_manager",
)
PAGES = (
    "/inbox",
    "/inbox?view=mine",
    "/tasks/{open_task}",
    "/tasks/{done_task}",
    "/cases",
    "/cases/{case}",
    "/cases/{case}?tab=document",
    "/cases/{case}?tab=stock",
    "/cases/{case}?tab=history",
    "/stock",
    "/stock/DRILL",
    "/stock/DRILL/at/A-01",
    "/serials",
    "/serials/DR-0001",
    "/documents/orders/{order}",
    "/documents/notices/{notice}",
    "/proof",
    "/incidents",
    "/imports",
    "/imports/products",
    "/search",
    "/search?q=drill",
    "/search?q=nothing-like-it",
    "/scan",
    "/inbox?view=filter&due=later",
    "/cases/{case}?tab=comments",
    "/more",
    "/people",
    "/people/new",
    "/people/{person}",
    "/people/audit",
    "/people/keys",
    "/me",
    "/nowhere",
)


@pytest.fixture
def addresses(house: str) -> list[str]:
    """A house in which every page has something to show."""
    ada, bruno, lee = in_transaction(lambda: [_engaged(name) for name in ("ada", "bruno", "lee")])
    drill = in_transaction(lambda: (a_sku("DRILL", serial_policy="unit"), a_bin("A-01"))[0])
    delivery = a_delivery((drill, 2))
    done_task = delivery.task("check_in_truck")
    delivery.check_in(by=bruno)
    delivery.count({"counted": "1", "serials": "DR-0001"}, by=bruno)
    verdict = {"lines": [{"accepted": "1", "rejected": "0"}]}
    the_case("quality_control").complete("inspect_lot", by=lee, inspection=verdict)
    placed = {"scanned_item": "DRILL", "scanned_bin": "A-01", "put_away_outcome": "placed"}
    the_case("put_away").complete("put_away_goods", by=ada, proposal={"quantity": "1"}, **placed)
    numbers = {"order": delivery.data["po_no"], "notice": delivery.data["asn_no"]}
    last = a_delivery((drill, 3))
    last.check_in(by=bruno)
    open_task = last.task("count_delivery")
    facts = {"case": delivery.id, "open_task": open_task, "done_task": done_task, **numbers}
    facts["person"] = bruno.id
    return [page.format(**facts) for page in PAGES]


def _engaged(name: str) -> Person:
    person = people.add(name, name=name.title(), password=PASSWORD)
    for role in ALL_ROLES:
        memberships.grant(person, role)
    return person


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("language", ["en", "zh_Hant", "zh_Hans"])
def test_no_page_has_anything_for_axe_or_scrolls_sideways(
    sit: Sit, addresses: list[str], width: int, language: str
) -> None:
    desk = sit("ada", width=width)
    desk.page.locator(f'.languages [value="{language}"]').click()
    found: list[str] = []

    for address in addresses:
        desk.open(address)
        expect(desk.page.locator("html")).to_have_attribute("lang", language.replace("_", "-"))
        found += [f"{address} {violation}" for violation in desk.violations()]
        found += [f"{address} is too wide"] if desk.is_too_wide() else []

    assert found == []


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_is_as_clean_in_the_dark(sit: Sit, width: int, scheme: str) -> None:
    desk = sit(width=width, color_scheme=scheme).open("/sign-in")

    assert desk.violations() == []
    assert not desk.is_too_wide()


def test_dark_pages_are_readable(sit: Sit, addresses: list[str]) -> None:
    desk = sit("ada", color_scheme="dark")

    found = [f"{one} {what}" for one in addresses for what in desk.open(one).violations()]

    assert found == []
