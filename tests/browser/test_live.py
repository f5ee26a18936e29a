"""Pages that are open hear what is new, and nobody hears what is not theirs."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.kernel.db import db, in_transaction
from app.web.live import hub
from app.web.live.streams import Stream, Wishes
from app.workflow import assigning, comments
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD, Desk
from tests.builders.goods import a_sku
from tests.processes.play import Delivery, a_delivery


@pytest.fixture
def flour(house: str) -> Sku:
    """Bruno counts here, Nils in another town."""

    def found() -> Sku:
        for name, place in (("bruno", "site:MAIN"), ("nils", "site:NORTH")):
            person = people.add(name, name=name.title(), password=PASSWORD)
            memberships.grant(person, "warehouse_keeper", place)
        memberships.grant(people.add("olga", name="Olga"), "operator")
        return a_sku("FLOUR")

    return in_transaction(found)


def test_a_task_that_opens_is_told_in_the_inbox_and_counted(flour: Sku, sit: Sit) -> None:
    desk = sit("bruno")
    expect(desk.page.locator("#count-roles")).to_have_text("0")

    a_delivery((flour, 10))

    expect(desk.page.locator(".news")).to_contain_text("1 new")
    expect(desk.page.locator("#count-roles")).to_have_text("1")


def test_what_came_before_the_page_listened_is_told(flour: Sku, sit: Sit) -> None:
    desk, held = sit(), list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route(re.compile("/live"), hold)
    desk.sign_in("bruno")
    expect(desk.page.locator("#count-roles")).to_have_text("0")

    a_delivery((flour, 10))
    for route in held:
        route.continue_()

    expect(desk.page.locator(".news")).to_contain_text("1 new")


def test_a_case_that_moves_on_says_so_where_it_is_read(flour: Sku, sit: Sit) -> None:
    delivery = a_delivery((flour, 10))
    desk = sit("bruno").open(f"/cases/{delivery.id}")

    _check_in(delivery)

    expect(desk.page.locator(".news")).to_contain_text("has moved on")


def test_what_a_colleague_hands_over_is_counted_beside_the_inbox_on_any_page(
    flour: Sku, sit: Sit
) -> None:
    desk = sit("bruno").open("/cases")
    link = desk.page.locator('.rail a[data-key="inbox"]')
    before = link.bounding_box()
    desk.page.wait_for_timeout(1_500)  # the hub has looked once

    _hand_to_bruno(a_delivery((flour, 10)))

    expect(desk.page.locator("#told-rail [aria-hidden]")).to_have_text("1")
    assert link.bounding_box() == before


def test_a_phone_shows_the_number_at_the_foot(flour: Sku, sit: Sit) -> None:
    _hand_to_bruno(a_delivery((flour, 10)))
    desk = sit("bruno", width=390).open("/cases")

    expect(desk.page.locator("#told-foot")).to_be_visible()
    assert not desk.is_too_wide()


def test_a_notice_that_comes_moves_no_row_and_is_told_above_them(flour: Sku, sit: Sit) -> None:
    delivery = a_delivery((flour, 10))
    desk = sit("bruno").open("/inbox?view=mine")
    desk.page.wait_for_timeout(1_500)

    _hand_to_bruno(delivery)
    expect(desk.page.locator(".news")).to_contain_text("1 new notice")
    assert desk.page.locator(".call").count() == 0
    desk.page.locator(".news a").first.click()

    expect(desk.page.locator(".call")).to_contain_text("Olga handed you")
    expect(desk.page.locator(".news a")).to_have_count(0)


def test_only_who_is_told_hears_of_it(flour: Sku, house: str, sit: Sit) -> None:
    delivery = a_delivery((flour, 10))
    with _listening(sit("bruno"), house) as bruno, _listening(sit("nils"), house) as nils:
        _hand_to_bruno(delivery)
        assert b"event: told" in _heard(bruno, until=b"event: told")
        assert b"event" not in _heard(nils, until=b"event", seconds=2.5)


def test_who_is_called_into_a_case_hears_of_it(flour: Sku, house: str, sit: Sit) -> None:
    delivery = a_delivery((flour, 10))
    with _listening(sit("bruno"), house) as bruno:
        olga = in_transaction(lambda: people.named("olga"))
        in_transaction(lambda: comments.write(delivery.id, "@bruno look", (), by=olga))
        assert b"event: told" in _heard(bruno, until=b"event: told")


def test_the_filter_is_fetched_when_it_is_unfolded(flour: Sku, sit: Sit) -> None:
    desk = sit("bruno")
    desk.page.locator("details.filter summary").click()

    desk.page.get_by_label("Role", exact=True).select_option("warehouse_keeper")
    desk.page.get_by_role("button", name="Show", exact=True).click()

    expect(desk.page.get_by_label("Keep it as")).to_be_visible()


def test_only_those_a_task_is_for_hear_of_it(flour: Sku, house: str, sit: Sit) -> None:
    with _listening(sit("bruno"), house) as bruno, _listening(sit("nils"), house) as nils:
        a_delivery((flour, 10))
        heard = _heard(bruno, until=b"event: news")
        assert b"event: news" in heard
        assert b"event" not in _heard(nils, until=b"event", seconds=2.5)


def test_a_case_of_others_is_not_there_to_be_listened_to(flour: Sku, house: str, sit: Sit) -> None:
    delivery = a_delivery((flour, 10))
    desk = sit("nils")

    answer = desk.page.request.get(f"{house}/live?case={delivery.id}")

    assert answer.status == 404


def test_who_does_not_listen_is_let_go(app: Flask) -> None:
    near, far = socket.socketpair()
    stream = Stream(near, Wishes(1, frozenset()), 0)
    far.close()

    assert not stream.say(b":\n\n")
    near.close()


def test_a_full_house_sends_pages_back_to_asking(
    flour: Sku, house: str, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST", 0)

    assert sit("bruno").page.request.get(f"{house}/live").status == 204


def _hand_to_bruno(delivery: Delivery) -> None:
    task, olga = delivery.task("check_in_truck"), in_transaction(lambda: people.named("olga"))
    in_transaction(lambda: assigning.assign(task, "bruno", by=olga).id)


def _check_in(delivery: Delivery) -> None:
    by = in_transaction(lambda: people.named("bruno"))
    delivery.check_in(by=by)
    db.session.rollback()


@contextmanager
def _listening(desk: Desk, house: str) -> Iterator[socket.socket]:
    """A browser's stream, as bytes; its page is closed, so that only we listen."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in desk.context.cookies())
    desk.page.goto("about:blank")
    where = urlsplit(house)
    with socket.create_connection((where.hostname, where.port)) as connection:
        asked = f"GET /live HTTP/1.1\r\nHost: {where.netloc}\r\nCookie: {cookies}\r\n\r\n"
        connection.sendall(asked.encode())
        head = _heard(connection, until=b"retry:")
        assert b"text/event-stream" in head
        assert b"Content-Security-Policy" in head
        time.sleep(1.5)  # the hub has looked once
        yield connection


def _heard(connection: socket.socket, *, until: bytes, seconds: float = 10) -> bytes:
    ends, heard = time.monotonic() + seconds, b""
    while until not in heard and time.monotonic() < ends:
        connection.settimeout(max(0.01, ends - time.monotonic()))
        try:
            heard += connection.recv(4096)
        except TimeoutError:
            break
    return heard
