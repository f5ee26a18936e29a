"""The browser, and the two companies a newcomer may begin with."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journey.server import Server, serving

# What keeps Chromium from looking for its maker's servers.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium of the system; in CI its absence is a failure."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path and not os.environ.get("CI"):
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The practice company."""
    with serving(tmp_path_factory.mktemp("practice"), demo=True) as server:
        yield server


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A company that has nothing and nobody yet."""
    with serving(tmp_path_factory.mktemp("empty"), demo=False) as server:
        yield server
