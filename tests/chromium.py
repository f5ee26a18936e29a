"""The one browser of a test run: Playwright's loop can be started once in a process."""

import os
import shutil
from collections.abc import Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Error, expect, sync_playwright

from app.config import ROOT

STATIC = ROOT / "app/web/static/houtai.css"
# What keeps Chromium from looking for its maker's servers, and from playing a graphics card.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-compositing",
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system; in CI its absence is a failure."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        _missing("no Chromium on this machine: install its package, or name it in CHROMIUM")
    if not STATIC.exists():
        _missing("the front end is not built: run make app/web/static/.built")
    expect.set_options(timeout=20_000)  # two cores may be busy with other tests
    with sync_playwright() as playwright:
        try:
            opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        except Error as error:
            _missing(f"Chromium does not start: {error}")
        yield opened
        opened.close()


def _missing(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
