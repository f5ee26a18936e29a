"""The room where administrators look after accounts, and the page of an invitation."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from app.identity import people
from app.kernel import clock
from app.kernel.db import in_transaction
from app.web.agents import browser
from app.web.rooms import MOST_ON_RAIL
from tests.builders.deliveries import a_supplier
from tests.builders.goods import a_sku
from tests.pages.conftest import a_visitor
from tests.pages.visitor import PASSWORD, Visitor
from tests.processes.play import a_delivery

CHOSEN = "a kettle of blue tea"


def test_a_new_colleague_comes_in_by_the_link(olga: Visitor, app: Flask) -> None:
    made = olga.post("/people/new", name="Eve Adler", username="Eve", locale="zh_Hant", party="")
    eve = Visitor(app)
    door = eve.get(_link(made.source))

    short = eve.send(door.address, {"csrf_token": _token(door.source), "password": "eve"})
    page = eve.send(
        door.address,
        {"csrf_token": _token(door.source), "password": CHOSEN, "again": CHOSEN},
    )

    assert "Eve Adler" in door.text
    assert short.status == 422
    assert page.address == "/inbox"
    assert '<html lang="zh-Hant">' in page.source
    assert Visitor(app).get(door.address).status == 404


def test_roles_are_given_where_and_taken_away(olga: Visitor, bruno: Visitor) -> None:
    page = f"/people/{bruno.person.id}"

    given = olga.post(f"{page}/roles", role="inspector", scope="site:MAIN")
    elsewhere = olga.post(f"{page}/roles", role="inspector", scope="site:MOON")
    taken = olga.post(f"{page}/roles/removal", role="inspector", scope="site:MAIN")

    assert "Inspector" in given.text.split("Give the role")[0]
    assert elsewhere.status == 422
    assert "choose from the list" in elsewhere.text
    assert "The role is taken away" in taken.text


def test_a_supplier_s_person_is_offered_the_supplier_s_role_alone(olga: Visitor) -> None:
    in_transaction(lambda: a_supplier("BOREA").id)

    made = olga.post("/people/new", name="Wei", username="wei", locale="en", party="supplier:BOREA")

    offered = re.search(r'id="role".*?</select>', made.source, re.DOTALL)
    assert offered
    assert re.findall(r'value="(\w+)"', offered[0]) == ["supplier"]
    refused = olga.post(f"/people/{people.named('wei').id}/roles", role="buyer", scope="*")
    assert refused.status == 422


def test_the_last_administrator_reads_why_they_stay(olga: Visitor) -> None:
    page = olga.post(f"/people/{olga.person.id}/lock")

    assert page.status == 409
    assert "Make someone else an administrator first" in page.text


def test_a_locked_person_is_at_the_door_with_the_next_click(olga: Visitor, bruno: Visitor) -> None:
    olga.post(f"/people/{bruno.person.id}/lock")

    assert bruno.get("/inbox").address.startswith("/sign-in")
    assert "Locked" in olga.get("/people?state=locked").text


def test_the_audit_tells_who_did_what_to_whom(olga: Visitor, bruno: Visitor) -> None:
    olga.post(f"/people/{bruno.person.id}/roles", role="inspector", scope="*")

    assert "Role given Olga Bruno Inspector · everywhere" in olga.get("/people/audit").text


def test_the_room_is_the_administrators_alone(bruno: Visitor) -> None:
    mine = f"/people/{bruno.person.id}"

    assert {bruno.get(path).status for path in ("/people", "/people/audit", mine)} == {403}
    assert bruno.post(f"{mine}/roles", role="administrator", scope="*").status == 403


def test_people_look_after_their_own_password_and_sessions(app: Flask, bruno: Visitor) -> None:
    other = Visitor(app).sign_in("bruno")

    wrong = bruno.post("/me/password", current="guess", password=CHOSEN)
    done = bruno.post("/me/password", current=PASSWORD, password=CHOSEN)

    assert "Nothing was changed" in wrong.text
    assert "Everywhere else you are signed out" in done.text
    assert other.get("/inbox").address.startswith("/sign-in")
    assert Visitor(app).sign_in("bruno").get("/inbox").address.startswith("/sign-in")


def test_a_key_is_shown_once_and_ends_when_its_owner_is_locked(
    olga: Visitor, bruno: Visitor
) -> None:
    made = bruno.post("/me/keys", name="scanner", scope="tasks:read", days="30")
    found = re.search(r'value="(houtai_[^"]+)"', made.source)
    assert found
    program, key = Visitor(bruno.app), f"Bearer {found[1]}"

    before = program.get("/api/v1/tasks", Authorization=key).status
    olga.post(f"/people/{bruno.person.id}/lock")
    after = program.get("/api/v1/tasks", Authorization=key).status

    assert (before, after) == (200, 401)
    assert "scanner" in olga.get("/people/keys").text
    assert found[1] not in olga.get("/people/keys").source


def test_nobody_makes_a_key_for_somebody_who_signs_in(olga: Visitor, bruno: Visitor) -> None:
    asked = {"name": "scanner", "scope": "tasks:read", "days": "30"}
    olga.post("/people/new", name="Scale", username="scale", locale="en", party="")
    machine = people.named("scale").id

    for_bruno = olga.post(f"/people/keys/of/{bruno.person.id}", asked)
    for_a_machine = olga.post(f"/people/keys/of/{machine}", asked)
    by_bruno = bruno.post(f"/people/keys/of/{machine}", asked)

    assert (for_bruno.status, by_bruno.status) == (403, 403)
    assert "People make their own keys" in for_bruno.text
    assert "Copy the key now" in for_a_machine.text


def test_a_colleague_stands_in_for_some_days_and_finds_the_tasks(
    app: Flask, olga: Visitor, bruno: Visitor, lee: Visitor
) -> None:
    a_delivery((in_transaction(lambda: a_sku("FLOUR")), 10))
    today = clock.now().date()
    days = {"first": str(today), "last": str(today + timedelta(days=3))}

    upside_down = bruno.post(
        "/me/absence", substitute=str(lee.person.id), first=days["last"], last=days["first"]
    )
    away = bruno.post("/me/absence", {"substitute": str(lee.person.id), **days})

    assert upside_down.status in {409, 422}
    assert "Lee ·" in away.text
    assert "Check in truck" in lee.get("/inbox").text
    assert "You stand in for Bruno" in lee.get("/me").text
    assert "Stands in for Bruno" in olga.get(f"/people/{lee.person.id}").text

    ended = re.search(r'name="absence" value="(\d+)"', away.source)
    assert ended
    olga.post(f"/people/{bruno.person.id}/absence/end", absence=ended[1])
    assert "Check in truck" not in lee.get("/inbox").text
    assert "Nobody stands in any more Olga Bruno" in olga.get("/people/audit").text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari · iPhone"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_a_session_names_its_browser_in_two_words(agent: str, words: str) -> None:
    assert browser(agent) == words


def test_the_rooms_of_ones_own_work_stand_on_the_rail(app: Flask) -> None:
    wang = a_visitor(app, "wang", "finance", scope="*")

    rail = wang.get("/inbox").source.split('class="rail"')[1].split("</nav>")[0]

    rooms = re.findall(r'<a href="([^"]+)"', rail)
    assert rooms[:4] == ["/inbox", "/cases", "/books", "/proof"]


def test_the_rail_never_has_more_than_seven_entries_and_more_has_the_rest(olga: Visitor) -> None:
    rail = olga.get("/inbox").source.split('class="rail"')[1].split("</nav>")[0]
    on_rail = set(re.findall(r'<a href="([^"]+)"', rail))
    more = set(re.findall(r'class="task-row" data-row href="([^"]+)"', olga.get("/more").source))

    assert len(on_rail) <= MOST_ON_RAIL
    assert "/more" in on_rail
    assert "/people" in more
    assert on_rail - {"/more"} < more


def _link(source: str) -> str:
    found = re.search(r'value="http://[^/"]+(/welcome/[^"]+)"', source)
    assert found
    return found[1]


def _token(source: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', source)
    assert found
    return found[1]


def test_lists_of_words_are_written_as_the_language_writes_them(app: Flask) -> None:
    ada = a_visitor(app, "ada", "administrator", "operator", scope="*")
    in_english = ada.get("/people").text
    ada.post("/language", locale="zh_Hans", next="/people")

    assert re.search(r"Administrator, Operator|Operator, Administrator", in_english)
    assert re.search("系统管理员、运维人员|运维人员、系统管理员", ada.get("/people").text)


def test_roles_nobody_holds_are_told_with_the_steps_that_would_wait(
    olga: Visitor, bruno: Visitor
) -> None:
    before = olga.get("/people").text

    olga.post(f"/people/{bruno.person.id}/roles", role="general_manager", scope="*")
    after = olga.get("/people").text
    olga.post(f"/people/{bruno.person.id}/lock")
    locked = olga.get("/people").text

    assert "General manager: Decide in their place" in before
    assert "General manager: Decide" not in after
    assert "Finance:" in after
    assert "Warehouse keeper:" not in after
    assert "Supplier:" not in after  # who sells answers by letter, and we write it down
    assert "General manager: Decide in their place" in locked
    assert "Warehouse keeper:" in locked
