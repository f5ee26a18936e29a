"""CSV files: a look first, every row's error, all or nothing."""

import io

from sqlalchemy import select

from app.domain.catalog.products import UNIDENTIFIED, Sku
from app.domain.imports import importing
from app.kernel.db import db
from tests.pages.visitor import Page, Visitor


def test_the_template_is_itself_a_good_file(olga: Visitor) -> None:
    template = olga.get("/imports/suppliers/template.csv").response.data

    looked_at = _look(olga, "suppliers", template)

    assert looked_at.status == 200
    assert "1 new." in looked_at.text


def test_nothing_is_kept_before_it_is_confirmed(olga: Visitor) -> None:
    template = importing.template("suppliers").encode()

    looked_at = _look(olga, "suppliers", template)
    assert "0 new" not in looked_at.text
    upload = looked_at.source.split('name="upload" value="')[1].split('"')[0]
    done = olga.post("/imports/suppliers/confirmation", upload=upload)
    again = _look(olga, "suppliers", template)

    assert "1 imported." in done.text
    assert "there already" in again.text


def test_every_row_that_needs_mending_is_named_and_nothing_is_kept(olga: Visitor) -> None:
    names = importing.template("products").splitlines()[0].lstrip("\ufeff")
    columns = names.split(",")
    rows = [",".join(["=1+1"] * len(columns)), ",".join(["=2+2"] * len(columns))]

    page = _look(olga, "products", "\n".join([names, *rows]).encode())

    assert page.status == 422
    assert "need mending" in page.text
    assert 'name="upload"' not in page.source
    assert db.session.scalars(select(Sku.code)).all() == [UNIDENTIFIED]


def test_a_file_that_is_no_table_is_refused_with_a_sentence(olga: Visitor) -> None:
    page = _look(olga, "products", b"\x00\x01\x02\xff" * 50)

    assert 400 <= page.status < 500
    assert "note bad" in page.source


def test_an_unknown_kind_is_not_found(olga: Visitor) -> None:
    assert olga.get("/imports/unicorns").status == 404


def _look(visitor: Visitor, kind: str, content: bytes) -> Page:
    return visitor.post(f"/imports/{kind}", file=(io.BytesIO(content), f"{kind}.csv"))
