"""Who works for one place brings in what belongs to it, and nothing for another."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.domain.imports import importing
from app.domain.imports.importing import ImportRefused
from app.domain.inventory.opening import OpeningSheet
from app.domain.inventory.places import Location
from app.domain.supply.asns import Asn
from app.domain.supply.purchase_orders import PurchaseOrder
from app.identity import memberships, people
from app.kernel.db import db, in_transaction

HERS = "DAYUAN"
PLACES = "site,site_name,location\nDAYUAN,Dayuan,DY-1\nNORTH,North,NO-1\n"
ORDERS = (
    "po,supplier,site,line,sku,quantity\n"
    "P-1,HONGSHENG,DAYUAN,1,CP-2-3,6\n"
    "P-2,HONGSHENG,NORTH,1,CP-2-3,6\n"
)
NOTICES = "asn,po,line,quantity\nA-1,P-1,1,6\nA-2,P-2,1,6\n"
OPENING = "location,sku,quantity\nDY-1,CP-2-3,6\nNO-1,CP-2-3,6\n"
DEMAND = "sku,site,day,quantity\nCP-2-3,DAYUAN,2026-06-01,6\nCP-2-3,NORTH,2026-06-01,6\n"
LOCATIONS = "site,site_name,location\nDAYUAN,,DY-2\nNORTH,,NO-2\nSOUTH,South,SO-1\n"
FILES = {
    "purchase_orders": (ORDERS.replace("\nP-", "\nQ-"), "site"),
    "asns": (NOTICES, "po"),
    "opening_stock": (OPENING, "location"),
    "demand": (DEMAND, "site"),
}
NOT_HERS = (
    "This row is for NORTH; you bring in data for DAYUAN. "
    "Leave it out, or ask someone there to import it."
)


@pytest.fixture(autouse=True)
def _company(app: Flask) -> None:
    """Chloé buys for the whole company; Mei manages one of its two warehouses."""
    in_transaction(lambda: _engage("chloe", "buyer", "*"))
    in_transaction(lambda: _engage("mei", "warehouse_manager", f"site:{HERS}"))
    for kind in ("products", "suppliers"):
        _load(kind, importing.template(kind), by="chloe")
    _load("locations", PLACES, by="chloe")
    _load("purchase_orders", ORDERS, by="chloe")


@pytest.mark.parametrize("kind", FILES)
def test_rows_for_another_site_are_refused_by_number_and_nothing_is_kept(kind: str) -> None:
    text, column = FILES[kind]
    before = _kept()

    assert _problems(kind, text, by="mei") == [(3, column, NOT_HERS)]
    with pytest.raises(ImportRefused, match="The first is in row 3: This row is for NORTH"):
        _load(kind, text, by="mei")

    assert _kept() == before


@pytest.mark.parametrize("kind", FILES)
def test_rows_for_ones_own_site_are_brought_in(kind: str) -> None:
    own = "".join(FILES[kind][0].splitlines(keepends=True)[:2])

    assert _problems(kind, own, by="mei") == []
    assert _load(kind, own, by="mei") == 1


@pytest.mark.parametrize("kind", FILES)
def test_who_works_for_the_whole_company_brings_in_all_of_it(kind: str) -> None:
    assert _problems(kind, FILES[kind][0], by="chloe") == []


def test_no_bin_and_no_site_is_made_where_one_does_not_work() -> None:
    found = _problems("locations", LOCATIONS, by="mei")

    assert [(row, column) for row, column, _ in found] == [(3, "site"), (4, "site")]
    assert found[0][2] == NOT_HERS
    assert db.session.scalar(select(Location).filter_by(code="NO-2")) is None


def test_a_role_that_brings_in_nothing_widens_no_reach() -> None:
    in_transaction(lambda: memberships.grant(people.named("mei"), "inspector", "*"))

    assert _problems("asns", NOTICES, by="mei") == [(3, "po", NOT_HERS)]


def test_who_buys_from_one_supplier_orders_from_them_for_every_site() -> None:
    in_transaction(lambda: _engage("yuan", "buyer", "supplier:HONGSHENG"))
    in_transaction(lambda: _engage("pei", "buyer", "supplier:BOREA"))
    text = FILES["purchase_orders"][0]

    assert _problems("purchase_orders", text, by="yuan") == []
    assert [row for row, _, _ in _problems("purchase_orders", text, by="pei")] == [2, 3]


def _engage(username: str, role: str, scope: str) -> None:
    memberships.grant(people.add(username, name=username.title()), role, scope)


def _problems(kind: str, text: str, *, by: str) -> list[tuple[int, str, str]]:
    found = importing.preview(kind, text.encode(), by=by).problems
    return [(problem.row, problem.column, problem.text) for problem in found]


def _load(kind: str, text: str, *, by: str) -> int:
    return in_transaction(lambda: importing.load(kind, text.encode(), by=by)).new


def _kept() -> list[int]:
    things = (PurchaseOrder, Asn, OpeningSheet)
    return [db.session.scalar(select(func.count()).select_from(one)) or 0 for one in things]
