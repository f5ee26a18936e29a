"""Papers are PDFs with the same words and sums as their pages, in three languages."""

import io
import re
from time import perf_counter

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.domain.catalog.products import Sku
from app.domain.supply.debit_notes import DebitNote
from app.domain.supply.purchase_orders import PurchaseOrder
from app.domain.supply.return_documents import SupplierReturn
from app.kernel.db import db, in_transaction
from tests.builders.deliveries import an_order
from tests.builders.goods import a_bin, a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor
from tests.processes.play import a_counted_delivery, the_case

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
