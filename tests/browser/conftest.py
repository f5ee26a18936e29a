"""A served house, and people who sit down at a browser in it."""

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from app.identity import passwords
from app.web.live import hub
from tests.browser.desk import Desk

Sit = Callable[..., Desk]


@pytest.fixture
def database_kind() -> str:
    """One database is enough here; the rooms below are tested on both."""
    return "sqlite"


@pytest.fixture
def is_shipped() -> bool:
    """What the repository ships is deployed."""
    return True


@pytest.fixture
def has_pages() -> bool:
    return True


@pytest.fixture
def house(app: Flask) -> Iterator[str]:
    """The address of a server on this test's database."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with passwords.hashing_cheaply():
        yield f"http://127.0.0.1:{server.server_port}"
    hub.of(app).close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sit(browser: Browser, house: str, tmp_path: Path) -> Iterator[Sit]:
    """Sit someone down at a browser of their own: `sit("bruno", width=390)`."""
    desks: list[Desk] = []

    def down(username: str = "", **wishes: object) -> Desk:
        desk = Desk(browser, house, tmp_path, **wishes)
        desks.append(desk)
        return desk.sign_in(username) if username else desk

    yield down
    complaints = [complaint for desk in desks for complaint in desk.leave()]
    assert complaints == []
