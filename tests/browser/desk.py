"""One person at one browser: reads, types, presses; the console must stay silent."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page

from app.config import ROOT

PASSWORD = "correct horse battery"
AXE = ROOT / "node_modules/axe-core/axe.min.js"
# Without the list of what is right, and without fetching style sheets once more for a rule that is
# not among axe's usual ones.
_LOOK = "axe.run({resultTypes: ['violations'], preload: false}).then(found => found.violations)"
_EXPECTED = (
    "status of 401",
    "status of 403",
    "status of 404",
    "status of 409",
    "status of 415",
    "status of 422",
)


class Desk:
    """A browser window of its own, with its own session."""

    def __init__(self, browser: Browser, house: str, scratch: Path, **wishes: Any) -> None:
        width = int(wishes.pop("width", 1400))
        height = 860 if width > 500 else 780
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=wishes.pop("locale", "en-US"),
            **wishes,
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.house, self.scratch = house, scratch
        self.complaints: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def sign_in(self, username: str) -> "Desk":
        self.open("/sign-in")
        self.fill(username=username, password=PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/inbox")
        return self

    def open(self, address: str) -> "Desk":
        self.page.goto(self.house + address)
        return self

    def fill(self, **values: str) -> "Desk":
        """Fill fields by their names; `__` stands for the dot."""
        for name, value in values.items():
            self.page.fill(f'[name="{name.replace("__", ".")}"]', value)
        return self

    def take(self, text: str) -> "Desk":
        """Open the row of the inbox that reads so."""
        self.open("/inbox")
        self.page.locator(".task-row", has_text=text).first.click()
        return self

    def complete(self, button: str = "") -> str:
        """Press the button of the bar; what the next page says happened."""
        buttons = self.page.locator("[data-complete]")
        with self.page.expect_navigation():
            (buttons.filter(has_text=button) if button else buttons).first.click()
        return self.said()

    def said(self) -> str:
        """What the page says about what just happened."""
        return self.page.locator(".toasts").inner_text()

    def upload(self, kind: str, content: str) -> str:
        """Import a CSV file: look, then confirm."""
        self.open(f"/imports/{kind}")
        file = self.scratch / f"{kind}.csv"
        file.write_text(content, encoding="utf-8")
        self.page.set_input_files('input[type="file"]', file)
        self.page.get_by_role("button", name="Check the file").click()
        self.page.locator('[name="upload"]').wait_for(state="attached")
        with self.page.expect_navigation():
            self.page.locator('form:has([name="upload"]) button').click()
        return self.said()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()

    @property
    def address(self) -> str:
        return self.page.url.removeprefix(self.house)

    def is_too_wide(self) -> bool:
        """Whether the page scrolls sideways."""
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        return bool(self.page.evaluate(wide))

    def violations(self) -> list[str]:
        """What axe finds wrong with the page, by rule and element."""
        if not self.page.evaluate("'axe' in window"):
            self.context.add_init_script(path=AXE)  # sent once, there on every page from now on
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(_LOOK)
        return [f"{one['id']}: {node['target']}" for one in found for node in one["nodes"]]

    def leave(self) -> list[str]:
        """Close the window; what its console complained about."""
        self.context.close()
        return self.complaints

    def _heard(self, message: ConsoleMessage) -> None:
        expected = any(part in message.text for part in _EXPECTED)
        if message.type in {"error", "warning"} and not expected:
            self.complaints.append(message.text)
