"""One's own keys for programs: made, shown once, revoked."""

import re

from flask import Flask

from tests.api.program import Program
from tests.pages.conftest import a_visitor
from tests.pages.visitor import Page, Visitor

_TOKEN = re.compile(r'value="(houtai_\w+_[\w-]+)"')


def made(who: Visitor, **form: str) -> Page:
    return who.post("/me/keys", {"name": "scanner", "days": "30", "scope": "tasks:read", **form})


def test_a_key_is_shown_once_and_acts_as_its_maker(app: Flask, bruno: Visitor) -> None:
    token = _TOKEN.findall(made(bruno).source)[0]

    program = Program(app, token)

    assert program.get("/tasks").status_code == 200
    assert program.post("/tasks/1/claim").json["code"] == "key_too_narrow"
    listed = bruno.get("/me/keys")
    assert token not in listed.source
    assert "scanner" in listed.text


def test_a_revoked_key_opens_nothing(app: Flask, bruno: Visitor) -> None:
    token = _TOKEN.findall(made(bruno).source)[0]
    way = re.findall(r'action="(/me/keys/\d+/revocation)"', bruno.get("/me/keys").source)[0]

    said = bruno.post(way)

    assert "opens nothing any more" in said.text
    assert "revoked" in said.text
    assert Program(app, token).get("/tasks").status_code == 401


def test_what_is_missing_is_said_and_nothing_typed_is_lost(bruno: Visitor) -> None:
    no_scope = made(bruno, scope="nothing:read")
    no_name = made(bruno, name=" ", scope="stock:read")
    no_end = made(bruno, days="9999")

    assert (no_scope.status, no_name.status, no_end.status) == (422, 422, 422)
    assert "Choose at least one thing" in no_scope.text
    assert 'value="scanner"' in no_scope.source
    assert re.search(r'value="stock:read"[^>]*checked', no_name.source)
    assert _TOKEN.findall(no_scope.source + no_name.source + no_end.source) == []


def test_another_s_key_does_not_exist(app: Flask, bruno: Visitor, ines: Visitor) -> None:
    token = _TOKEN.findall(made(bruno).source)[0]
    way = re.findall(r'action="(/me/keys/\d+/revocation)"', bruno.get("/me/keys").source)[0]

    assert ines.post(way).status == 404
    assert "scanner" not in ines.get("/me/keys").text
    assert Program(app, token).get("/tasks").status_code == 200


def test_people_of_a_supplier_have_keys_too(app: Flask) -> None:
    sven = a_visitor(app, "sven", "supplier", scope="supplier:BOREA")

    token = _TOKEN.findall(made(sven).source)[0]

    assert Program(app, token).get("/tasks").status_code == 200
    assert sven.get("/api").status == 200


def test_the_page_about_the_api_is_framed_in_the_language_of_its_reader(bruno: Visitor) -> None:
    bruno.post("/language", locale="zh_Hans", next="/api")

    page = bruno.get("/api")

    assert "给程序用的后台" in page.text
    assert "进行中与已结束的事项。" in page.text
    assert re.search(r'<h2 id="title-orders">采购订单', page.source)
    assert 'lang="en">What people have to do' not in page.source
