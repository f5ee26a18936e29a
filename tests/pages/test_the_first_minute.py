"""An empty house: who may set it up, once, and what its administrator is then asked for."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.domain import founding
from app.domain.finance import company
from app.factory import create_app
from app.identity import people, roles
from app.kernel import calendars, clock
from app.kernel.db import db, in_transaction
from app.web.start import near
from tests.pages.visitor import PASSWORD, Page, Visitor
from tests.workflow.play import Case

OURS = {
    "company": "Blue Kettle",
    "currency": "EUR",
    "display_digits": "2",
    "tax": "yes",
    "time_zone": "Europe/Vienna",
    "name": "Ada",
    "username": "ada",
    "password": "a kettle of blue tea",
    "locale": "en",
}


@pytest.fixture
def practice(settings: Settings) -> Iterator[Flask]:
    """The same house, started with HOUTAI_DEMO=1."""
    application = create_app(replace(settings, demo=True))
    with application.app_context():
        yield application
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def ahead(practice: Flask) -> Iterator[Path]:
    """The folder in which the history is played ahead."""
    folder = practice.config["HOUTAI"].practice_folder
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_the_first_page_speaks_the_browser_s_language_and_offers_to_begin(
    app: Flask, practice: Flask
) -> None:
    plain = Visitor(app).get("/", Accept_Language="zh-TW")
    offering = Visitor(practice).get("/")

    assert '<html lang="zh-Hant">' in plain.source
    assert plain.links("/start") == ["/start"]
    assert "See a working company" not in Visitor(app).get("/").text
    assert "See a working company" in offering.text


def test_the_first_page_says_how_far_the_history_is_while_it_is_played(
    practice: Flask, ahead: Path
) -> None:
    (ahead / "progress").write_text("34", encoding="ascii")
    played = Visitor(practice).get("/").text
    os.utime(ahead / "progress", (0, 0))
    left = Visitor(practice).get("/").text

    assert "day 34 is reached" in played
    assert "is reached" not in left


@pytest.mark.usefixtures("bruno")
def test_ninety_days_are_offered_when_they_are_ready_and_only_the_last_are_here(
    practice: Flask, ahead: Path
) -> None:
    before = Visitor(practice).get("/sign-in").text
    (ahead / "ready-a-release.sqlite3").touch()
    after = Visitor(practice).get("/sign-in").text
    with clock.turned_to(clock.now() - timedelta(days=40)):
        Case.start("supplier_bill")
    whole = Visitor(practice).get("/sign-in").text

    assert "Begin again with ninety days" not in before
    assert "Begin again with ninety days" in after
    assert "Begin again with ninety days" not in whole
    assert Visitor(practice).post("/start/practice").status == 404


def test_a_company_is_set_up_once_and_its_founder_is_inside(app: Flask) -> None:
    page = _found(Visitor(app))
    again = _found(Visitor(app), username="eve")

    assert page.address == "/inbox"
    assert company.ours().name == "Blue Kettle"
    assert (company.ours().currency, company.ours().display_digits) == ("EUR", 2)
    assert calendars.of_scope("*").time_zone == "Europe/Vienna"
    assert again.status == 409
    assert people.by_username("eve") is None


def test_from_afar_it_takes_the_code_that_the_server_printed(app: Flask) -> None:
    afar = Visitor(app)
    afar.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"

    asked = afar.get("/start")
    refused = _found(afar)
    was_open = founding.is_open()
    let_in = _found(afar, code=founding.code("only for tests"))

    assert "Set-up code" in asked.text
    assert (refused.status, was_open) == (403, True)
    assert let_in.address == "/inbox"


@pytest.mark.parametrize(
    ("address", "headers", "is_near"),
    [
        ("127.0.0.1", {"Host": "localhost:8000"}, True),
        ("::1", {"Host": "[::1]:8000"}, True),
        ("::1", {"Host": "[::1]"}, True),
        ("127.0.0.1", {"Host": "houtai.example"}, False),
        ("127.0.0.1", {"Host": "localhost", "X-Forwarded-For": "192.0.2.7"}, False),
        ("192.0.2.7", {"Host": "localhost"}, False),
    ],
)
def test_near_is_this_machine_by_its_own_name_with_nobody_between(
    app: Flask, address: str, headers: dict[str, str], *, is_near: bool
) -> None:
    with app.test_request_context(headers=headers, environ_base={"REMOTE_ADDR": address}):
        assert near.is_near() is is_near


@pytest.mark.parametrize(
    "wrong",
    [
        {"company": " "},
        {"currency": "EURO"},
        {"currency": "JPY"},
        {"display_digits": "x"},
        {"time_zone": "Europe/Atlantis"},
        {"username": "a b"},
        {"password": "ada"},
        {"locale": "tlh"},
    ],
    ids=str,
)
def test_an_unclear_plan_leaves_the_house_empty(app: Flask, wrong: dict[str, str]) -> None:
    page = _found(Visitor(app), **wrong)

    assert page.status in {409, 422}
    assert 'role="alert"' in page.source
    assert founding.is_open()


def test_the_checklist_stays_until_everything_is_there_or_not_needed(app: Flask) -> None:
    ada = Visitor(app)
    page = _found(ada)
    ada.username = "ada"
    asked = re.findall(r'action="(/start/steps/[^"]+)"', page.source)

    assert page.links("/imports/products/template.csv")
    for step in asked:
        page = ada.post(step)

    assert len(asked) > 4
    assert "To begin with" not in page.text


def test_roles_nobody_holds_are_on_the_checklist_until_everybody_has_theirs(app: Flask) -> None:
    ada = Visitor(app)
    page = _found(ada)
    ada.username = "ada"
    assert "General manager" in _about_roles(page)

    for code in in_transaction(roles.codes):
        if code not in {"administrator", "supplier"}:
            ada.post(f"/people/{ada.person.id}/roles", role=code, scope="*")
    page = ada.get("/inbox")

    assert "To begin with" in page.text
    assert not _about_roles(page)


def test_who_looks_around_goes_on_in_the_language_they_read(practice: Flask) -> None:
    in_transaction(lambda: people.add("lin", name="Lin", password=PASSWORD))
    visitor = Visitor(practice)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-TW"

    visitor.post("/sign-in/as", username="lin")

    assert '<html lang="zh-Hant">' in visitor.get("/inbox").source


def test_a_real_company_is_never_open_to_cards_whatever_the_settings_say(practice: Flask) -> None:
    _found(Visitor(practice))
    eve = Visitor(practice)

    entered = eve.post("/sign-in/as", username="ada")

    assert entered.status == 404
    assert "Or look around as" not in eve.get("/sign-in").text


def test_the_practice_company_is_offered_nowhere_else(app: Flask) -> None:
    assert Visitor(app).post("/start/practice").status == 404


def _about_roles(page: Page) -> str:
    found = re.search(r"Nobody holds: [^.]*\.", page.text)
    return found[0] if found else ""


def _found(visitor: Visitor, **other: str) -> Page:
    token = re.search(r'name="csrf-token" content="([^"]+)"', visitor.get("/sign-in").source)
    assert token
    return visitor.send("/start", {"csrf_token": token[1], **OURS, **other})
