"""The evidence of a case: complete, true to the pages, harmless to open, and for few eyes."""

import csv
import hashlib
import io
import re
import zipfile
from decimal import Decimal

import pytest
from flask import Flask
from lxml import etree
from sqlalchemy import select, update

from app.domain.catalog.products import Sku
from app.domain.supply.purchase_orders import PurchaseOrderLine
from app.kernel.db import db, in_transaction
from app.workflow.comments import Comment
from app.workflow.records import Definition, DefinitionFile, ProcessInstance
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.following import a_confirmed_order, followed
from tests.processes.play import (
    PNG,
    Delivery,
    a_blind_arrival,
    a_counted_delivery,
    a_delivery,
    an_accepted_delivery,
    the_case,
)
from tests.workflow.play import Case


@pytest.fixture
def flour(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("FLOUR"))


@pytest.fixture
def wang(app: Flask) -> Visitor:
    """Keeps the books of the whole company."""
    return a_visitor(app, "wang", "finance", scope="*")


@pytest.fixture
def maud(app: Flask) -> Visitor:
    """Runs the warehouse; the books are closed to her."""
    return a_visitor(app, "maud", "warehouse_manager")


@pytest.fixture
def counted(flour: Sku, bruno: Visitor) -> Delivery:
    """40 announced at 25 each, 38 counted by Bruno."""
    delivery = a_delivery((flour, 40))
    priced = update(PurchaseOrderLine).values(unit_price=Decimal(25))
    in_transaction(lambda: db.session.execute(priced))
    delivery.check_in(by=bruno.person)
    delivery.count({"counted": "38"}, by=bruno.person)
    return delivery


def test_it_says_who_did_what_and_holds_the_definition_as_deployed(
    counted: Delivery, wang: Visitor
) -> None:
    archive = _archive(wang, counted)
    page = archive.read("index.html").decode()
    approvals = _rows(archive, "approvals.csv")
    case = db.session.get_one(ProcessInstance, counted.id)
    deployed = db.session.get_one(DefinitionFile, (case.definition_id, "receiving.bpmn")).content

    assert [row[1] for row in approvals] == ["Step", "Check in truck", "Count delivery"]
    assert [row[3] for row in approvals] == ["Who", "Bruno", "Bruno"]
    assert archive.read("definition/receiving.bpmn") == deployed
    assert _digest(counted) in page
    assert "Count delivery" in page
    assert not any(word in page for word in ("<script", "http://127", "https://"))


def test_its_lists_are_those_of_the_ledger_and_the_journal(
    counted: Delivery, wang: Visitor
) -> None:
    archive = _archive(wang, counted)
    ledger, journal = _rows(archive, "ledger.csv")[1:], _rows(archive, "journal.csv")

    assert [(row[0], row[1]) for row in ledger] == [("FLOUR", "38")]
    debit, credit = journal[0].index("Debit"), journal[0].index("Credit")
    debits = [row[debit] for row in journal[1:] if row[debit]]
    assert [Decimal(one) for one in debits] == [Decimal(950)]
    assert debits == [row[credit] for row in journal[1:] if row[credit]]


def test_money_is_left_out_for_those_to_whom_the_books_are_closed(
    counted: Delivery, maud: Visitor
) -> None:
    archive = _archive(maud, counted)

    assert "ledger.csv" in archive.namelist()
    assert "journal.csv" not in archive.namelist()
    assert "<h2>Journal</h2>" not in archive.read("index.html").decode()


def test_rows_within_rows_of_a_result_can_be_read(
    flour: Sku, bruno: Visitor, wang: Visitor
) -> None:
    a_counted_delivery(flour, ordered=10, counted=10, by=bruno.person)
    case = the_case("quality_control")

    history = wang.get(f"/cases/{case.id}?tab=history")

    assert "Line 1" in history.text
    assert wang.get(f"/cases/{case.id}/evidence").status == 200


def test_what_was_chosen_is_told_in_the_words_it_was_chosen_by(
    app: Flask, flour: Sku, bruno: Visitor, wang: Visitor
) -> None:
    lee = a_visitor(app, "lee", "inspector")
    in_transaction(lambda: a_bin("M-01"))
    case = an_accepted_delivery(flour, 40, by=bruno.person, inspected_by=lee.person)
    put = {"scanned_item": "FLOUR", "scanned_bin": "M-01", "put_away_outcome": "placed"}
    case.complete("put_away_goods", by=bruno.person, proposal={"quantity": "40"}, **put)

    pages = [wang.get(f"/cases/{case.id}{tab}").text for tab in ("", "?tab=history")]
    wang.post("/language", locale="zh_Hant")
    evidence = _archive(wang, case).read("history.csv").decode()

    assert all("Put in this bin" in page for page in pages)
    assert "已放入此儲位" in evidence
    assert not any(re.search(r"\bplaced\b", told) for told in (*pages, evidence))


def test_every_instant_says_its_day_and_year(flour: Sku, wang: Visitor) -> None:
    followed(a_confirmed_order(flour, 100))

    history = _archive(wang, the_case("order_delivery")).read("history.csv").decode()

    instants = re.findall('Look at: ([^;"\n]+)', history)
    assert instants
    assert all(re.search("20[0-9]{2} [0-9]{2}:[0-9]{2}", one) for one in instants)


def test_every_file_in_it_can_be_checked(counted: Delivery, wang: Visitor) -> None:
    archive = _archive(wang, counted)
    sums = [line.split("  ") for line in archive.read("SHA256SUMS").decode().splitlines()]

    assert {name for _sum, name in sums} == set(archive.namelist()) - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive.read(name)).hexdigest() == told for told, name in sums)


def test_the_diagram_is_a_picture_that_marks_what_is_done(counted: Delivery, wang: Visitor) -> None:
    picture = etree.fromstring(_archive(wang, counted).read("definition/receiving.svg"))
    done = picture.findall(".//{*}g[@class='done']")

    assert any("Count" in "".join(one.itertext()) for one in done)


def test_photographs_come_along(bruno: Visitor, wang: Visitor) -> None:
    arrival = a_blind_arrival(by=bruno.person)

    archive = _archive(wang, arrival)
    photo = next(name for name in archive.namelist() if name.startswith("files/"))

    assert archive.read(photo) == PNG
    assert f'src="{photo}"' in archive.read("index.html").decode()


def test_comments_stand_beside_the_record_and_their_files_are_named_by_sum(
    counted: Delivery, bruno: Visitor, maud: Visitor
) -> None:
    photo = (io.BytesIO(PNG), "carton.png")
    maud.post(f"/cases/{counted.id}/comments", text="Two cartons were wet", files=photo)
    bruno.post(f"/cases/{counted.id}/comments", text="I dropped one")
    said = db.session.scalars(select(Comment.id).order_by(Comment.id.desc())).first()
    bruno.post(f"/comments/{said}/erasure")

    archive = _archive(maud, counted)
    page = archive.read("index.html").decode()
    rows = _rows(archive, "comments/comments.csv")

    sum_of_photo = hashlib.sha256(PNG).hexdigest()
    assert [row[1:] for row in rows[1:]] == [
        ["Maud", "Two cartons were wet", f"carton.png (SHA-256 {sum_of_photo})"],
        ["Bruno", "The text was erased.", ""],
    ]
    assert "Comments, which are not part of the record" in page
    assert "Two cartons were wet" in page
    assert not any("carton" in name for name in archive.namelist())
    assert "wet" not in archive.read("history.csv").decode()


def test_nothing_in_its_lists_is_run_by_a_spreadsheet(
    app: Flask, flour: Sku, wang: Visitor
) -> None:
    eve = a_visitor(app, "eve", "warehouse_keeper")
    in_transaction(lambda: setattr(db.session.merge(eve.person), "name", "=cmd|'/C calc'!A0"))
    delivery = a_delivery((flour, 10))
    delivery.check_in(by=eve.person)

    archive = _archive(wang, delivery)

    assert _rows(archive, "approvals.csv")[1][3].startswith("'=cmd")
    assert "<td>=cmd|&#39;/C calc&#39;!A0</td>" in archive.read("index.html").decode()


def test_whoever_may_not_see_the_case_gets_no_evidence(
    app: Flask, counted: Delivery, nils: Visitor, dov: Visitor
) -> None:
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    for visitor in (nils, dov, sven):
        assert _asked(visitor, counted).status == 404


def test_whoever_still_counts_blindly_gets_it_after_the_count(
    flour: Sku, bruno: Visitor, ines: Visitor
) -> None:
    delivery = a_delivery((flour, 40))
    delivery.check_in(by=bruno.person)
    refused = _asked(ines, delivery)
    page = ines.get(f"/cases/{delivery.id}")
    delivery.count({"counted": "38"}, by=bruno.person)

    assert refused.status == 403
    assert "stays closed to those who count" in refused.text
    assert "/evidence" not in page.source
    assert _asked(ines, delivery).status == 200


def _asked(visitor: Visitor, delivery: Case) -> Page:
    return visitor.get(f"/cases/{delivery.id}/evidence")


def _archive(visitor: Visitor, delivery: Case) -> zipfile.ZipFile:
    page = _asked(visitor, delivery)
    assert page.response.content_type == "application/zip"
    return zipfile.ZipFile(io.BytesIO(page.response.data))


def _rows(archive: zipfile.ZipFile, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def _digest(delivery: Delivery) -> str:
    case = db.session.get_one(ProcessInstance, delivery.id)
    return db.session.get_one(Definition, case.definition_id).digest
