"""Comments on cases: whom they reach, whom never, and what is left when one is erased."""

import io
import re
from typing import Any

import pytest
from flask import Flask

from app.kernel.db import db, in_transaction
from app.workflow import comments
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import PNG, Delivery, a_delivery


@pytest.fixture
def delivery(app: Flask) -> Delivery:
    """40 bags of flour at the gate, checked in and not counted."""
    return a_delivery((in_transaction(lambda: a_sku("FLOUR")), 40))


@pytest.fixture
def bea(app: Flask) -> Visitor:
    """Buys, and never counts."""
    return a_visitor(app, "bea", "buyer")


@pytest.fixture
def maud(app: Flask) -> Visitor:
    """Runs the warehouse."""
    return a_visitor(app, "maud", "warehouse_manager")


def test_a_colleague_who_is_called_finds_it_above_the_inbox_until_they_look(
    delivery: Delivery, bea: Visitor, maud: Visitor
) -> None:
    said = _say(bea, delivery, "@maud請看，two cartons are wet. Mail me: bea@example.org")
    notice = maud.get("/inbox")
    looked = maud.post(f"/cases/{delivery.id}/comments/seen")

    assert "Maud find it in their inbox" in said.text
    assert "Bea asks you to look at" in notice.text
    assert "two cartons are wet" in looked.text
    assert "asks you to look" not in maud.get("/inbox").text
    assert "asks you to look" not in bea.get("/inbox").text


@pytest.mark.parametrize("name", ["nobody", "nils", "dov", "sven"])
def test_who_cannot_come_cannot_be_called_and_the_words_are_not_lost(
    app: Flask, delivery: Delivery, bea: Visitor, nils: Visitor, dov: Visitor, name: str
) -> None:
    a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    page = _say(bea, delivery, f"Please @{name}, look")

    assert page.status == 422
    assert f"“@{name}” is nobody who may see this case" in page.text
    assert f"Please @{name}, look</textarea>" in page.source


def test_who_counts_blindly_reads_no_comment_before_the_count_is_in(
    delivery: Delivery, bea: Visitor, bruno: Visitor
) -> None:
    _say(bea, delivery, "We ordered 40")
    counting = bruno.get(f"/cases/{delivery.id}?tab=comments")
    written = bruno.post(f"/cases/{delivery.id}/comments", text="How many?")

    assert "We ordered 40" not in counting.text
    assert "hidden from those who count" in counting.text
    assert written.status == 403

    delivery.check_in(by=bruno.person)
    delivery.count({"counted": "40"}, by=bruno.person)
    assert "We ordered 40" in bruno.get(f"/cases/{delivery.id}?tab=comments").text


def test_files_come_along_are_shown_and_are_checked(
    delivery: Delivery, bea: Visitor, maud: Visitor, nils: Visitor
) -> None:
    page = _say(bea, delivery, "Wet", files=(io.BytesIO(PNG), "wet.png"))
    address = page.links(f"/cases/{delivery.id}/files/")[0]
    refused = _say(bea, delivery, "Run this", files=(io.BytesIO(b"MZ\x90"), "wet.exe"))

    assert maud.get(address).response.data == PNG
    assert nils.get(address).status == 404
    assert refused.status == 415
    assert "Run this</textarea>" in refused.source


def test_an_erased_comment_stays_as_a_fact_without_words(
    delivery: Delivery, bea: Visitor, maud: Visitor, olga: Visitor
) -> None:
    page = _say(bea, delivery, "Mrs. Wu's mobile is 0912", files=(io.BytesIO(PNG), "wu.png"))
    address = page.links(f"/cases/{delivery.id}/files/")[0]
    erasure = _erasure(page)

    theirs = maud.post(erasure)
    mine = bea.post(erasure)

    assert theirs.status == 403
    assert "The text was erased" in mine.text
    assert "0912" not in maud.get(f"/cases/{delivery.id}?tab=comments").text
    assert bea.get(address).status == 404
    db.session.rollback()
    assert [one.text for one in comments.of(delivery.id)] == [None]
    assert olga.post(erasure).status == 200


def test_nothing_is_said_by_an_empty_form_nor_where_one_may_not_look(
    delivery: Delivery, bea: Visitor, nils: Visitor
) -> None:
    assert _say(bea, delivery, "  ").status == 422
    assert _say(nils, delivery, "Hello").status == 404
    assert comments.of(delivery.id) == []


def test_a_comment_may_be_made_beside_the_task(delivery: Delivery, maud: Visitor) -> None:
    task = maud.get(f"/cases/{delivery.id}")

    page = maud.post(f"/cases/{delivery.id}/comments", text="Dock 2", next="/inbox")

    assert task.status == 200
    assert page.address == "/inbox"


def _say(visitor: Visitor, delivery: Delivery, text: str, **form: Any) -> Page:
    return visitor.post(f"/cases/{delivery.id}/comments", None, text=text, **form)


def _erasure(page: Page) -> str:
    found = re.search(r'action="(/comments/\d+/erasure)"', page.source)
    assert found
    return found[1]
