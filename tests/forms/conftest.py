"""A browser for the islands of forms: pages are handed over from memory, no server runs."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from app.config import ROOT

ASSETS = ROOT / "app/web/assets"
HOME = "http://forms.test"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
KINDS = {".js": "text/javascript", ".css": "text/css"}


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """An empty tab that knows our scripts and styles, and whose errors are failures."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    page.route(f"{HOME}/assets/**", asset)
    yield page
    context.close()
    assert troubles == []


def show(tab: Page, body: str) -> None:
    """Open `body` as a page of ours, under our policy."""
    head = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title>'
        '<meta name="viewport" content="width=device-width">'
        '<meta name="csrf-token" content="token"><link rel="stylesheet" href="/assets/houtai.css">'
        '<link rel="stylesheet" href="/assets/forms/forms.css">'
        '<script type="module" src="/assets/forms/form.js"></script></head>'
    )
    html = f"{head}<body><main>{body}</main></body></html>"
    headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
    tab.route(f"{HOME}/", lambda route: route.fulfill(body=html, headers=headers))
    tab.goto(f"{HOME}/", wait_until="load")


def asset(route: Route) -> None:
    """One of our scripts or styles, as it lies in the repository."""
    path = ASSETS / route.request.url.removeprefix(f"{HOME}/assets/")
    route.fulfill(body=path.read_text("utf-8"), content_type=KINDS[path.suffix])
