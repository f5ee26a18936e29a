"""Bins and units get square codes to stick on; a second label says why."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.inventory import places, serials
from app.domain.inventory.label_sheets import LabelSheet
from app.kernel.db import db, in_transaction
from tests.builders.goods import a_bin, a_sku
from tests.pages.visitor import Visitor
from tests.processes.play import an_accepted_delivery


@pytest.fixture
def bins(app: Flask) -> None:
    def step() -> None:
        a_bin("A-01", zone="COLD", walk_order=2)
        a_bin("A-02", walk_order=1)
        a_bin("N-01", site="NORTH")

    in_transaction(step)


def printed() -> list[tuple[str, str]]:
    rows = db.session.execute(select(LabelSheet.kind, LabelSheet.reason).order_by(LabelSheet.id))
    return [(kind, reason) for kind, reason in rows]


def titles(source: str) -> list[str]:
    return re.findall(r'<b class="code">([^<]+)</b>', source)


def test_ticked_bins_are_printed_along_the_walk(bruno: Visitor, bins: None) -> None:
    page = bruno.get("/bins")
    assert page.links("/bins/") == ["/bins/A-02", "/bins/A-01"]

    sheet = bruno.post("/labels/bins", bin=["A-01", "A-02"])

    assert titles(sheet.source) == ["A-02", "A-01"]
    assert sheet.source.count("<svg") >= 2
    assert "Zone COLD" in sheet.text
    assert printed() == [("bin", "")]


def test_all_bins_shown_are_printed_at_once(bruno: Visitor, bins: None) -> None:
    sheet = bruno.post("/labels/bins", shown=["A-02", "A-01"], bin="A-01", all="yes")

    assert titles(sheet.source) == ["A-02", "A-01"]


def test_a_second_label_of_a_bin_needs_a_reason(bruno: Visitor, bins: None) -> None:
    bruno.post("/labels/bins", bin="A-01")

    again = bruno.post("/labels/bins", bin=["A-01", "A-02"])
    told = bruno.post("/labels/bins", bin=["A-01", "A-02"], reason="Torn by a fork")

    assert again.status == 409
    assert "The label of A-01 was printed before" in again.text
    assert told.status == 200
    assert printed() == [("bin", ""), ("bin", "Torn by a fork")]
    assert "Torn by a fork" in bruno.get("/bins/A-01").text


def test_nothing_ticked_prints_nothing(bruno: Visitor, bins: None) -> None:
    assert bruno.post("/labels/bins").status == 409
    assert printed() == []


def test_bins_of_another_site_do_not_exist(bruno: Visitor, nils: Visitor, bins: None) -> None:
    assert nils.get("/bins").links("/bins/") == ["/bins/N-01"]
    assert bruno.get("/bins/N-01").status == 404
    assert bruno.post("/labels/bins", bin="N-01").status == 404
    assert nils.post("/labels/bins", bin="N-01").status == 200
    assert bruno.get("/labels/1").status == 404


def test_who_has_no_stock_room_has_no_bins(dov: Visitor, bins: None) -> None:
    assert dov.get("/bins").status == 403
    assert dov.post("/labels/bins", bin="A-01").status == 403


def test_a_torn_label_of_a_unit_is_printed_again(bruno: Visitor, bins: None) -> None:
    def step() -> None:
        unit = a_sku("U", serial_policy="unit")
        serials.register(unit, ("U-1",), at=places.location("A-01"), born_with="OS-1")

    in_transaction(step)

    first = bruno.post("/labels/units", unit="U-1")
    again = bruno.post("/labels/units", unit="U-1")
    told = bruno.post("/labels/units", unit="U-1", reason="Fell off")

    assert titles(first.source) == ["U-1"]
    assert (again.status, told.status) == (409, 200)
    assert "Fell off" in bruno.get("/serials/U-1").text


def test_a_scanned_bin_opens_and_shows_what_lies_in_it(
    bruno: Visitor, lee: Visitor, bins: None, app: Flask
) -> None:
    flour = in_transaction(lambda: a_sku("FLOUR"))
    case = an_accepted_delivery(flour, 40, by=bruno.person, inspected_by=lee.person)
    case.complete(
        "put_away_goods",
        by=bruno.person,
        scanned_item="FLOUR",
        scanned_bin="A-02",
        proposal={"quantity": "40"},
        put_away_outcome="placed",
    )

    page = bruno.get("/search?q=a-02")

    assert page.address == "/bins/A-02"
    assert "40 pcs" in page.text
