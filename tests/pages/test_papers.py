"""Papers are PDFs with the same words and sums as their pages, in three languages."""

import io
import re
from decimal import Decimal
from functools import partial
from time import perf_counter

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.supply import asns
from app.domain.supply.asns import Announced
from app.domain.supply.debit_notes import DebitNote
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.return_documents import SupplierReturn
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import a_notice, an_order
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import Delivery, a_counted_delivery, the_case
from tests.processes.returning import authorise, judge, ship

NAME = "變頻冷氣機 变频空调 BA-28"
MOST_BYTES = 300_000
LANGUAGES = ("en", "zh_Hant", "zh_Hans")


@pytest.fixture
def goods(app: Flask) -> Sku:
    return in_transaction(lambda: (a_sku("BA-28", name=NAME), a_bin("A-01"))[0])


@pytest.fixture
def order(goods: Sku) -> PurchaseOrder:
    """10 BA-28 at 18,500.5, as issued."""
    return in_transaction(lambda: an_order((goods, 10), price="18500.5"))


@pytest.fixture
def sven(app: Flask) -> Visitor:
    """Sells for Borea."""
    return a_visitor(app, "sven", "supplier", scope="supplier:BOREA")


def pages_of(visitor: Visitor, address: str) -> list[str]:
    """The words of each page of a PDF."""
    with visitor.app.app_context():
        answer = visitor.client.get(f"{address}?as=pdf", buffered=True)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert len(answer.data) < MOST_BYTES
    return [_plain(page.extract_text()) for page in PdfReader(io.BytesIO(answer.data)).pages]


def figures(text: str) -> set[str]:
    """Everything that looks like a quantity or an amount."""
    return set(re.findall(r"\d[\d,]*(?:\.\d+)?", text))


def sheet_of(page: Page) -> str:
    """The words of the papers on a page, without the frame and the file's own buttons."""
    papers = re.findall(r'<section class="sheet"><div class="sheet-head.*?</section>', page.source)
    return _plain(re.sub(r"<[^>]+>", " ", " ".join(papers)))


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("locale", LANGUAGES)
def test_an_order_on_paper_says_what_its_page_says(
    chloe: Visitor, order: PurchaseOrder, locale: str
) -> None:
    address = f"/documents/orders/{order.number}/issued"
    chloe.post("/language", locale=locale)

    page, (paper,) = chloe.get(address), pages_of(chloe, address)

    assert "185,005 TWD" in page.text
    assert "185,005 TWD" in paper
    assert figures(sheet_of(page)) <= figures(paper)
    assert NAME.replace(" ", "") in paper.replace(" ", "")
    heading = {"en": "Purchase order", "zh_Hant": "採購單", "zh_Hans": "采购订单"}[locale]
    assert heading in paper
    assert heading in page.text


def test_a_return_is_on_paper_with_its_debit_note(
    chloe: Visitor, bruno: Visitor, lee: Visitor, sven: Visitor, goods: Sku
) -> None:
    returned = a_return_of_three(goods, bruno=bruno, lee=lee, chloe=chloe)

    (inside,) = pages_of(chloe, f"/documents/returns/{returned}")
    (outside,) = pages_of(sven, f"/portal/returns/{returned}")

    assert "Debit note DN-000001" in inside
    assert "55,501.50 TWD" in inside
    assert figures(outside) == figures(inside)
    page = chloe.get(f"/documents/returns/{returned}")
    assert figures(sheet_of(page)) <= figures(inside)
    assert page.links("/documents/receipts/R-000001")
    assert page.links("/documents/orders/PO-")


def test_who_sees_no_prices_reads_what_goes_back_and_no_amount(
    chloe: Visitor, bruno: Visitor, lee: Visitor, goods: Sku
) -> None:
    returned = a_return_of_three(goods, bruno=bruno, lee=lee, chloe=chloe)

    (paper,) = pages_of(bruno, f"/documents/returns/{returned}")

    assert "BA-28" in paper
    assert "DN-" not in paper
    assert "TWD" not in paper


def test_papers_of_others_do_not_exist(
    app: Flask, chloe: Visitor, bruno: Visitor, lee: Visitor, nils: Visitor, goods: Sku
) -> None:
    returned = a_return_of_three(goods, bruno=bruno, lee=lee, chloe=chloe)
    number = str(db.session.scalar(select(PurchaseOrder.number)))
    rival = a_visitor(app, "rita", "supplier", scope="supplier:OTHER")

    for address in (f"/portal/orders/{number}/paper", f"/portal/returns/{returned}"):
        assert rival.get(f"{address}?as=pdf").status == 404
        assert chloe.get(f"{address}?as=pdf").status == 404
    inside = (f"orders/{number}", f"orders/{number}/issued", f"returns/{returned}")
    for address in (*inside, "receipts/R-000001", "receipts/R-000001/inspections"):
        assert rival.get(f"/documents/{address}?as=pdf").status == 404
        assert nils.get(f"/documents/{address}?as=pdf").status == 404
    assert bruno.get(f"/documents/orders/{number}/issued?as=pdf").status == 404


def test_a_supplier_fetches_their_own_order(sven: Visitor, order: PurchaseOrder) -> None:
    page = sven.get(f"/portal/orders/{order.number}")
    (way,) = page.links(f"/portal/orders/{order.number}/paper")

    (paper,) = pages_of(sven, way)

    assert "185,005 TWD" in paper
    assert "chloe" not in paper.lower()
    assert figures(sheet_of(sven.get(way))) <= figures(paper)


def test_an_inspection_report_has_every_verdict_and_a_receipt_every_line(
    bruno: Visitor, lee: Visitor, goods: Sku
) -> None:
    inspected(goods, bruno=bruno, lee=lee)

    (receipt,) = pages_of(bruno, "/documents/receipts/R-000001")
    (report,) = pages_of(bruno, "/documents/receipts/R-000001/inspections")

    assert {"10", "7", "3"} <= figures(receipt)
    assert {"7", "3"} <= figures(report)
    assert "transport" in report
    assert "Lee" in report
    address = "/documents/receipts/R-000001/inspections"
    assert address in bruno.get("/documents/receipts/R-000001").source


def test_no_word_of_a_head_breaks(bruno: Visitor, lee: Visitor, goods: Sku) -> None:
    inspected(goods, bruno=bruno, lee=lee)

    (receipt,) = pages_of(bruno, "/documents/receipts/R-000001")

    assert "To inspect" in receipt


def test_a_receipt_nobody_judged_has_no_report(bruno: Visitor, goods: Sku) -> None:
    a_counted_delivery(goods, ordered=10, counted=10, by=bruno.person)

    assert bruno.get("/documents/receipts/R-000001/inspections").status == 404


def test_two_hundred_lines_repeat_their_head_and_count_their_pages(
    chloe: Visitor, goods: Sku
) -> None:
    few, many = (in_transaction(partial(many_lines, goods, lines)) for lines in (1, 200))
    pages_of(chloe, f"/documents/orders/{few}/issued")  # the faces are read once

    short, one = timed(chloe, f"/documents/orders/{few}/issued")
    long, pages = timed(chloe, f"/documents/orders/{many}/issued")

    assert len(one) == 1
    assert len(pages) > 2
    assert all("Quantity" in page and f"of {len(pages)}" in page for page in pages)
    assert sum(page.count(NAME) for page in pages) == 200
    assert "400 TWD" in pages[-1]
    assert long < 100 * short


def test_no_name_breaks_a_paper(chloe: Visitor, goods: Sku) -> None:
    names = ("<b>&amp;</para>", "\U0001f600 smile", "x" * 400, "空" * 300, "a\tb\u202ec")
    skus = in_transaction(
        lambda: [a_sku(f"ODD-{at}", name=name).id for at, name in enumerate(names)]
    )
    number = in_transaction(
        lambda: an_order(*[(db.session.get_one(Sku, one), 1) for one in skus], price="1").number
    )

    text = " ".join(pages_of(chloe, f"/documents/orders/{number}/issued"))

    assert "<b>&amp;</para>" in text
    assert text.count("空") == 300
    assert text.count("x") >= 400


def test_a_cell_longer_than_a_page_goes_on_on_the_next(lee: Visitor, app: Flask) -> None:
    unit = in_transaction(lambda: a_sku("U", serial_policy="unit"))
    codes = [f"LF-U-{at:05d}" for at in range(900)]
    number = in_transaction(lambda: a_coded_notice(unit, codes))

    text = " ".join(pages_of(lee, f"/documents/notices/{number}"))

    assert [code for code in codes if code not in text] == []


def test_what_is_being_counted_is_on_no_paper(bruno: Visitor, goods: Sku) -> None:
    number = in_transaction(lambda: a_notice(an_order((goods, 10))).number)

    answer = bruno.get(f"/documents/notices/{number}?as=pdf")

    assert "stays hidden" in answer.text
    assert answer.response.content_type.startswith("text/html")


def inspected(goods: Sku, *, bruno: Visitor, lee: Visitor) -> None:
    """10 came at 18,500.5; 7 are good."""
    in_transaction(lambda: a_notice(an_order((goods, 10), price="18500.5")).id)
    case = Delivery(the_case("receiving").id)
    case.check_in(by=bruno.person)
    case.count({"counted": "10"}, by=bruno.person)
    judge(lee.person, accepted="7", rejected="3")


def a_return_of_three(sku: Sku, *, bruno: Visitor, lee: Visitor, chloe: Visitor) -> str:
    """The number of a return that was shipped and charged."""
    inspected(sku, bruno=bruno, lee=lee)
    case = the_case("supplier_return")
    authorise(case, chloe.person, quantity="3")
    ship(case, bruno.person, shipped="3")
    assert db.session.scalar(select(DebitNote.total_minor)) == 5_550_150
    return str(db.session.scalars(select(SupplierReturn)).one().number)


def many_lines(goods: Sku, lines: int) -> str:
    return an_order(*[(goods, 1)] * lines, price="2").number


def a_coded_notice(unit: Sku, codes: list[str]) -> str:
    order = an_order((unit, len(codes)))
    line = Announced(1, Decimal(len(codes)), serials=tuple(codes))
    return asns.announce("ASN-LONG", order=order, lines=[line]).number


def timed(visitor: Visitor, address: str) -> tuple[float, list[str]]:
    """How long a PDF takes, and its pages."""
    begun = perf_counter()
    with visitor.app.app_context():
        visitor.client.get(f"{address}?as=pdf", buffered=True)
    return perf_counter() - begun, pages_of(visitor, address)
