"""From a notice in a CSV file to the number on the shelf, and back to the person and the step."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from app.domain import proof
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.journey.desk import (
    PASSWORD,
    PHONE,
    WIDE,
    Desk,
    a_browser,
    count_two_short,
    fail_bent_fins,
)
from tests.journey.server import Server

# 38 of 40 units came; the last code lies on a shelf already.
CODES = [f"BA28-{number:05d}" for number in range(401, 438)] + ["BA28-00317"]
NOTICE = """asn,supplier,po,expected_on,line,sku,quantity,unit,lot,expires_on,serials
B-81,BOREA,{order},,1,BA-28,40,pcs,,,
"""
OWN = {
    "products": """product,product_name,category,sku,name,unit,step,conversions,serial_policy
AC,Air conditioner,Cooling,BA-28,Borea BA-28,pcs,1,,unit
""",
    "criteria": """category,line,criterion,unit,at_least,at_most,destructive
Cooling,1,Fins straight,,,,no
""",
    "defects": "defect,name,category\nFIN-BENT,Bent fins,Cooling\n",
    "suppliers": "supplier,name,email,phone\nBOREA,Borea,,\n",
    "locations": """site,site_name,site_kind,location,kind,capacity,fixed_sku
MAIN,Main warehouse,warehouse,M-01,internal,60,BA-28
""",
    "opening_stock": "location,sku,quantity,serials\nM-01,BA-28,1,BA28-00317\n",
    "purchase_orders": """po,supplier,site,ordered_by,ordered_on,line,sku,quantity,unit,unit_price
PO-1,BOREA,MAIN,lin,2026-01-05,1,BA-28,40,pcs,16500
""",
}
_OFFICE = ("administrator", "operator", "warehouse_manager", "qc_manager")
STAFF = {
    "lin": (("buyer", "*"),),
    "chang": (("warehouse_keeper", "site:MAIN"),),
    "ho": (("warehouse_keeper", "site:MAIN"),),
    "lee": (("inspector", "site:MAIN"),),
    "admin": tuple((role, "*") for role in _OFFICE),
}


def test_in_the_practice_company(browser: Browser, practice: Server, tmp_path: Path) -> None:
    play(browser, practice, tmp_path, order="PO-2026-0412", shelf="DY-A-01", width=WIDE)


def test_in_a_company_of_ones_own_on_a_phone(
    browser: Browser, empty: Server, tmp_path: Path
) -> None:
    with empty.company():
        in_transaction(_hire)
    with a_browser(browser, empty.address, WIDE) as context:
        admin = Desk(context).sign_in("admin")
        for kind, text in OWN.items():
            admin.bring_in(kind, _file(tmp_path, kind, text))
        admin.leave()

    play(browser, empty, tmp_path, order="PO-1", shelf="M-01", width=PHONE)


def play(
    browser: Browser, server: Server, folder: Path, *, order: str, shelf: str, width: int
) -> None:
    with a_browser(browser, server.address, width) as context:

        def desk(name: str) -> Desk:
            return Desk(context).sign_in(name)

        _announce(desk("lin"), _file(folder, "asns", NOTICE.format(order=order)))
        _count(desk("chang"), order)
        _read(desk("lin"), order)
        _judge(desk("lee"), order)
        _shelve(desk("ho"), shelf)
        _follow_the_number(desk("ho"), shelf)
    with server.company():
        assert [one.code for one in proof.run() if not one.holds] == []


def _hire() -> None:
    """Everybody with their roles."""
    for name, held in STAFF.items():
        person = people.add(name, name=name.title(), password=PASSWORD)
        for role, scope in held:
            memberships.grant(person, role, scope)


def _announce(lin: Desk, notice: Path) -> None:
    assert "1" in lin.bring_in("asns", notice)
    lin.leave()


def _count(chang: Desk, order: str) -> None:
    """Two short, and one code that is known already."""
    said = count_two_short(chang, order, CODES)
    assert "Inspector" in said or "Buyer" in said
    chang.leave()


def _read(lin: Desk, order: str) -> None:
    lin.open_task("read_count", order)
    expect(lin.main).to_contain_text("38")
    lin.press()
    lin.leave()


def _judge(lee: Desk, order: str) -> None:
    """Three have bent fins, 34 are released at once; the duplicate gets a code of its own."""
    fail_bent_fins(lee, order, CODES[:3])
    lee.open_task("identify_duplicates", order)
    lee.fill(booking__duplicates__0__decision="relabel")
    lee.fill(booking__duplicates__0__new_serial="BA28-00438")
    lee.press()
    lee.open_task("inspect_lot", order)
    lee.choose("inspection.criteria.0.outcome", "met")
    lee.fill(inspection__lines__0__accepted="1", inspection__lines__0__rejected="0")
    lee.press()
    lee.leave()


def _shelve(ho: Desk, shelf: str) -> None:
    for _ in range(2):
        ho.open_task("put_away_goods", "BA-28")
        ho.fill(scanned_item="BA-28", scanned_bin=shelf)
        ho.press("placed")
    ho.leave()


def _follow_the_number(ho: Desk, shelf: str) -> None:
    """Number → ledger rows → step in the diagram → person; and the story of the relabelled unit."""
    page = ho.page
    page.goto("/stock/BA-28")
    ho.main.get_by_role("link", name=shelf).first.click()
    newest = page.locator("tbody tr").first
    expect(newest).to_contain_text("Ho")
    newest.get_by_role("link", name=re.compile("put", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile(r"/cases/\d+"))
    expect(page.locator(".djs-container")).to_be_visible()
    expect(ho.main).to_contain_text("Ho")
    page.goto("/serials/BA28-00438")
    expect(ho.main).to_contain_text("BA28-00317")
    expect(ho.main).to_contain_text(shelf)
    ho.leave()


def _file(folder: Path, kind: str, text: str) -> Path:
    path = folder / f"{kind}.csv"
    path.write_text(text, encoding="utf-8")
    return path
