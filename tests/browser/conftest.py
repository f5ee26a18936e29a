"""A served house and a headless Chromium; in CI the browser's absence is a failure."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, expect, sync_playwright
from werkzeug.serving import make_server

from app.config import ROOT
from app.identity import passwords
from app.kernel.db import in_transaction
from app.workflow import shipping
from tests.browser.desk import Desk

STATIC = ROOT / "app/web/static/houtai.css"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
Sit = Callable[..., Desk]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        _missing("no Chromium on this machine: install its package, or name it in CHROMIUM")
    if not STATIC.exists():
        _missing("the front end is not built: run make front-end")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            _missing(f"Chromium does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture
def database_kind() -> str:
    """One database is enough here; the rooms below are tested on both."""
    return "sqlite"


@pytest.fixture
def house(app: Flask) -> Iterator[str]:
    """The address of a server on this test's database."""
    in_transaction(lambda: shipping.deploy_folder(ROOT))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with passwords.hashing_cheaply():
        yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sit(chromium: Browser, house: str, tmp_path: Path) -> Iterator[Sit]:
    """Sit someone down at a browser of their own: `sit("bruno", width=390)`."""
    desks: list[Desk] = []

    def down(username: str = "", **wishes: object) -> Desk:
        desk = Desk(chromium, house, tmp_path, **wishes)
        desks.append(desk)
        return desk.sign_in(username) if username else desk

    yield down
    complaints = [complaint for desk in desks for complaint in desk.leave()]
    assert complaints == []


def _missing(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
