"""Who gets in, in which language, and what every answer carries."""

import pytest
from flask import Flask

from app.identity import people
from tests.pages.visitor import PASSWORD, Visitor

POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"


def test_a_stranger_is_sent_to_the_door_and_back_to_where_they_wanted_to_go(bruno: Visitor) -> None:
    bruno.post("/sign-out")

    door = bruno.get("/serials")
    page = bruno.post("/sign-in", username="bruno", password=PASSWORD, next="/serials")

    assert door.address == "/sign-in?next=/serials"
    assert page.address == "/serials"


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_the_door_never_leads_to_another_site(bruno: Visitor, wanted: str) -> None:
    bruno.post("/sign-out")

    page = bruno.post("/sign-in", username="bruno", password=PASSWORD, next=wanted)

    assert page.address == "/inbox"


def test_a_wrong_password_is_answered_with_a_sentence(bruno: Visitor, stranger: Visitor) -> None:
    page = stranger.post("/sign-in", username="bruno", password="guess")

    assert page.status == 401
    assert "do not belong together" in page.text
    assert 'value="bruno"' in page.source


def test_a_form_without_its_token_changes_nothing(bruno: Visitor) -> None:
    page = bruno.send("/sign-out", {"csrf_token": "made up"})

    assert page.status == 400
    assert "Nothing was changed" in page.text
    assert bruno.get("/me").address == "/me"


def test_signing_out_ends_the_session_on_the_server(app: Flask, bruno: Visitor) -> None:
    thief = Visitor(app)
    cookie = bruno.client.get_cookie("houtai")
    assert cookie is not None

    bruno.post("/sign-out")
    thief.client.set_cookie("houtai", cookie.value)

    assert thief.get("/me").address == "/sign-in?next=/me"


@pytest.mark.parametrize("address", ["/sign-in", "/inbox", "/nowhere", "/static/houtai.css"])
def test_every_answer_carries_the_strict_policy(bruno: Visitor, address: str) -> None:
    headers = bruno.get(address).response.headers

    assert headers["Content-Security-Policy"].startswith(POLICY)
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_page_needs_inline_script_or_style(bruno: Visitor) -> None:
    for address in ("/inbox", "/cases", "/stock", "/serials", "/search", "/scan", "/me"):
        source = bruno.get(address).source

        assert " style=" not in source
        assert "<style" not in source
        assert " onclick=" not in source
        assert "hx-on" not in source


def test_the_browser_s_language_comes_first_and_the_switch_is_remembered(
    app: Flask, bruno: Visitor
) -> None:
    asked = Visitor(app).get("/sign-in", Accept_Language="zh-TW,en;q=0.5")
    page = bruno.post("/language", locale="zh_Hans", next="/stock?q=flour")

    assert '<html lang="zh-Hant">' in asked.source
    assert page.address == "/stock?q=flour"
    assert '<html lang="zh-Hans">' in page.source
    assert people.named("bruno").locale == "zh_Hans"
    assert '<html lang="zh-Hans">' in Visitor(app).sign_in("bruno").get("/inbox").source


def test_a_language_nobody_speaks_here_is_ignored(bruno: Visitor) -> None:
    page = bruno.post("/language", locale="tlh", next="/stock")

    assert '<html lang="en">' in page.source


def test_the_practice_company_s_cards_open_no_real_house(bruno: Visitor, stranger: Visitor) -> None:
    page = stranger.post("/sign-in/as", username="bruno")

    assert page.status == 404
    assert stranger.get("/me").address == "/sign-in?next=/me"


def test_what_is_not_there_leads_to_the_search(bruno: Visitor) -> None:
    page = bruno.get("/stock/NOPE")

    assert page.status == 404
    assert "<title>Not found" in page.source
    assert "There is no SKU or barcode NOPE." in page.text
    assert "/search" in page.links("/search")


def test_a_closed_room_says_so_in_its_title(bruno: Visitor) -> None:
    page = bruno.get("/books")

    assert (page.status, "<title>Not allowed" in page.source) == (403, True)
