"""A person at a browser: signs in, picks a task, fills in, presses the button that is there."""

import re
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
)

from tests.journey.words import Words

PASSWORD = "heat-wave-week"
WIDE, PHONE = 1400, 390
_TAGS = {"en": "en-GB", "zh_Hant": "zh-TW", "zh_Hans": "zh-CN"}


def a_browser(browser: Browser, address: str, width: int, language: str = "en") -> BrowserContext:
    """One browser, in whose window one person after the other sits down; it asks for a language."""
    size: ViewportSize = {"width": width, "height": 844 if width == PHONE else 900}
    return browser.new_context(base_url=address, viewport=size, locale=_TAGS[language])


class Desk:
    """A person's window of a browser that nobody else uses meanwhile."""

    def __init__(self, context: BrowserContext, language: str = "en") -> None:
        self._context = context
        self._complaints: list[str] = []
        self._task = ""
        self.words = Words(language)
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("console", self._heard)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def sign_in(self, username: str) -> "Desk":
        """Type name and password."""
        self.page.goto("/sign-in")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("#password").press("Enter")
        return self._is_in()

    def sit_down_as(self, username: str) -> "Desk":
        """Choose a person of the practice company by one click."""
        self.page.goto("/sign-in")
        self.page.locator(f".people form:has([value='{username}']) button").click()
        return self._is_in()

    @property
    def _is_phone(self) -> bool:
        return self.page.viewport_size is not None and self.page.viewport_size["width"] == PHONE

    def leave(self) -> None:
        """Close the window and be forgotten by it; nothing may have gone wrong in it."""
        self.page.close()
        self._context.clear_cookies()
        assert self._complaints == []

    def enter(self, room: str) -> None:
        """Go to a room by the rail; on a phone by the bar at the foot or what is behind More."""
        bar = self.page.locator(".foot-nav" if self._is_phone else ".rail")
        way = bar.locator(f"a[href='/{room}']")
        if not way.count():
            bar.locator("a[href='/more']").click()
            way = self.main.locator(f"a[href='/{room}']")
        way.click()
        self.page.wait_for_url(f"**/{room}")

    def bring_in(self, kind: str, file: Path) -> str:
        """Import a file: look at it first, then confirm; what the product says happened."""
        self.page.goto(f"/imports/{kind}")
        self.page.locator("input[type='file']").set_input_files(file)
        self.page.get_by_role("button", name=self.words.page("Check the file")).click()
        expect(self.page.locator(".note.good")).to_be_visible()
        self.page.locator(f"form[action*='/imports/{kind}/'] button.btn-accent").click()
        return self._told()

    def open_task(self, task: str, about: str = "", showing: Sequence[str] = ()) -> None:
        """Choose a task by what there is to do, what it is about, and what it shows when open."""
        self._task = task
        rows = self._rows(about)
        expect(rows.first).to_be_visible()
        for at in range(rows.count()):
            self._rows(about).nth(at).click()
            self.stay_at(task)
            expect(self.page.locator(".pane.list")).to_be_visible(visible=not self._is_phone)
            if all(words in self.main.inner_text() for words in showing):
                return
        raise AssertionError(f"no {task} shows {showing}")

    def stay_at(self, task: str) -> None:
        """The task that the page has opened by itself is the one to do."""
        self._task = task
        name = self.words.step(task)
        expect(self.page.get_by_role("heading", name=name, level=1, exact=True)).to_be_visible()

    def fill(self, **values: str) -> None:
        """Fill in fields by their names in the form (`__` for a dot)."""
        for name, value in values.items():
            field = self.page.locator(f"#task-form [name='{name.replace('__', '.')}']")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def choose(self, name: str, value: str) -> None:
        """Choose one answer of several that are all shown."""
        self.page.locator(f"#task-form [name='{name}'][value='{value}']").check(force=True)

    def button(self, outcome: str = "") -> Locator:
        """The button that ends the open task, with this outcome where there are several."""
        bar = self.page.locator(".sticky-bar")
        return bar.get_by_role("button", name=self.words.button(self._task, outcome), exact=True)

    def press(self, outcome: str = "") -> str:
        """End the open task; what the product says happened."""
        self.button(outcome).click()
        told = self._told()
        assert self.words.step(self._task) in told
        return told

    def _is_in(self) -> "Desk":
        expect(self.page).to_have_title(f"{self.words.page('Inbox')} · Houtai 後台")
        tag = self.words.language.replace("_", "-")
        expect(self.page.locator("html")).to_have_attribute("lang", tag)
        return self

    def _rows(self, about: str) -> Locator:
        """Rows of the inbox; on a phone it is a page of its own."""
        if not self.page.locator(".pane.list").is_visible():
            self.enter("inbox")
        title = re.compile(f"^{re.escape(self.words.step(self._task))}$")
        rows = self.page.locator("a.task-row").filter(
            has=self.page.locator(".title", has_text=title)
        )
        return rows.filter(has_text=about)

    def _told(self) -> str:
        told = self.page.locator(".toasts")
        expect(told).to_be_visible()
        return told.inner_text()

    def _heard(self, said: ConsoleMessage) -> None:
        """Errors; that an answer needs another look is none."""
        if said.type == "error" and "status of 422" not in said.text:
            self._complaints.append(said.text)


def count_two_short(chang: Desk, order: str, codes: Sequence[str]) -> str:
    """38 of 40 units come, with these codes; what the product says then."""
    chang.open_task("check_in_truck", order)
    chang.fill(gate__vehicle="KLA-2207", gate__cartons="40")
    chang.press()
    chang.open_task("count_delivery", order)
    chang.fill(receipt__lines__0__counted="38", receipt__lines__0__serials="\n".join(codes))
    return chang.press()


def fail_bent_fins(lee: Desk, order: str, codes: Sequence[str]) -> None:
    """34 units are released at once, those with these codes have bent fins."""
    lee.open_task("inspect_lot", order)
    lee.choose("inspection.criteria.0.outcome", "missed")
    lee.fill(inspection__lines__0__accepted="34", inspection__lines__0__rejected=str(len(codes)))
    lee.fill(inspection__lines__0__defect="cosmetic")
    lee.fill(inspection__lines__0__defect_code="FIN-BENT")
    lee.fill(inspection__lines__0__rejected_serials="\n".join(codes))
    lee.press()
