"""Files and look-ups of fields: kept for whoever sent them, found by whoever may see them."""

import io
from typing import Any

import pytest
from flask import Flask

from app.domain.catalog.products import Sku
from app.kernel.db import in_transaction
from app.web.security import MOST_BYTES
from tests.builders.goods import a_bin, a_site, a_sku
from tests.pages.visitor import Page, Visitor
from tests.processes.play import a_delivery
from tests.processes.returning import three_rejected

GIF = b"GIF89a a photograph"


def a_file(name: str = "door.gif", content: bytes = GIF) -> Any:
    return (io.BytesIO(content), name)


def found(visitor: Visitor, kind: str, text: str) -> list[str]:
    return [match["value"] for match in visitor.get(f"/lookups/{kind}?q={text}").json]


def test_a_photograph_is_kept_and_shown_to_who_took_it(bruno: Visitor) -> None:
    [kept] = bruno.post("/attachments", json=True, photos=a_file()).json

    shown = bruno.get(f"/attachments/{kept['id']}")

    assert kept["name"] == "door.gif"
    assert shown.response.data == GIF
    assert shown.response.headers["Content-Type"] == "image/gif"
    assert shown.response.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_gets_it_by_its_number(bruno: Visitor, ines: Visitor) -> None:
    [kept] = bruno.post("/attachments", json=True, photos=a_file()).json

    assert ines.get(f"/attachments/{kept['id']}").status == 404
    assert ines.get("/attachments/4711").status == 404


def test_a_file_that_is_not_kept_is_told_in_a_sentence(bruno: Visitor) -> None:
    refused = bruno.post("/attachments", json=True, photos=a_file("a.html", b"<html>"))

    assert refused.status == 415
    assert refused.json["sentence"].startswith("“a.html” is not a photograph")


def test_a_paper_is_handed_over_and_never_opened_by_the_page(bruno: Visitor) -> None:
    [kept] = bruno.post("/attachments", json=True, p=a_file("n.pdf", b"%PDF-1.7 x")).json

    shown = bruno.get(f"/attachments/{kept['id']}")

    assert shown.response.headers["Content-Disposition"] == "attachment; filename=n.pdf"


@pytest.mark.parametrize("text", ["FLO", "flo", "lour", "4006381"])
def test_goods_are_found_by_code_name_or_barcode(bruno: Visitor, text: str) -> None:
    in_transaction(lambda: (a_sku("FLOUR", barcode="4006381"), a_sku("OIL"))[0].id)

    assert found(bruno, "sku", text) == ["FLOUR"]


def test_signs_that_mean_something_to_databases_mean_nothing(bruno: Visitor) -> None:
    in_transaction(lambda: a_sku("FLOUR").id)

    assert found(bruno, "sku", "%") == found(bruno, "sku", "_____") == []


def test_places_are_those_of_ones_own_sites(bruno: Visitor, olga: Visitor) -> None:
    in_transaction(lambda: (a_bin("A-01"), a_site("NORTH"), a_bin("A-02", site="NORTH"))[0].id)

    assert found(bruno, "location", "A-") == ["A-01"]
    assert found(olga, "location", "A-") == ["A-01", "A-02"]


def test_whoever_may_nothing_finds_nothing(dov: Visitor, stranger: Visitor) -> None:
    in_transaction(lambda: a_sku("FLOUR").id)

    assert found(dov, "sku", "FLO") == []
    assert stranger.get("/lookups/sku?q=FLO").json is None


def test_an_unknown_kind_or_no_text_finds_nothing(bruno: Visitor) -> None:
    assert found(bruno, "secrets", "a") == found(bruno, "sku", "") == []
    assert found(bruno, "supplier", "x") == found(bruno, "purchase_order", "x") == []


def test_too_much_at_once_is_heard_out_and_answered(bruno: Visitor) -> None:
    """A browser shows no answer before it has sent everything."""
    size = MOST_BYTES + 1
    body = io.BytesIO(bytes(size))

    with bruno.app.app_context():
        answer = bruno.client.post("/attachments", input_stream=body, content_length=size)
        page = Page(answer)

    assert page.status == 413
    assert "too much at once" in page.text
    assert body.read() == b""


@pytest.fixture
def pipe(app: Flask) -> Sku:
    return in_transaction(lambda: a_sku("PIPE"))


def test_a_number_among_the_facts_leads_to_its_page(
    pipe: Sku, bruno: Visitor, lee: Visitor, chloe: Visitor
) -> None:
    case = three_rejected(pipe, counted_by=bruno.person, inspected_by=lee.person)

    page = chloe.get(f"/tasks/{case.task('authorise_return')}")

    assert page.links("/documents/receipts/") == ["/documents/receipts/R-000001"]
    assert chloe.get("/documents/receipts/R-000001").status == 200


def test_goods_in_a_table_lead_to_their_page(pipe: Sku, bruno: Visitor, chloe: Visitor) -> None:
    delivery = a_delivery((pipe, 40))
    delivery.check_in(by=bruno.person)
    delivery.count({"counted": "38"}, by=bruno.person)

    page = chloe.get(f"/tasks/{delivery.task('read_count')}")

    assert "/stock/PIPE" in page.links("/stock/")


def test_who_counts_blindly_is_led_nowhere(pipe: Sku, bruno: Visitor) -> None:
    delivery = a_delivery((pipe, 40))
    delivery.check_in(by=bruno.person)

    page = bruno.get(f"/tasks/{delivery.task('count_delivery')}")

    assert page.links("/stock/") == page.links("/documents/") == []
