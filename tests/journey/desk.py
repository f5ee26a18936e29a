"""A person at a browser: signs in, picks a task, fills in, presses the button that is there."""

from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, expect


class Desk:
    """One person's browser window; `name` as the product shows it."""

    def __init__(self, browser: Browser, address: str, width: int) -> None:
        height = 900 if width > 600 else 844
        self._context = browser.new_context(
            base_url=address, viewport={"width": width, "height": height}
        )
        self._complaints: list[str] = []
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("console", self._heard)

    def sign_in(self, username: str, password: str) -> "Desk":
        self.page.goto("/sign-in")
        self.page.get_by_label("User name").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_label("Password").press("Enter")
        expect(self.page).to_have_title("Inbox · Houtai 後台")
        return self

    def leave(self) -> None:
        """Close the window; nothing may have gone wrong in it."""
        self._context.close()
        assert self._complaints == []

    def bring_in(self, kind: str, file: Path) -> str:
        """Import a file: look at it first, then confirm; what the product says happened."""
        self.page.goto(f"/imports/{kind}")
        self.page.get_by_label("CSV file").set_input_files(file)
        self.page.get_by_role("button", name="Check the file").click()
        expect(self.page.locator(".note.good")).to_be_visible()
        self.page.locator(f"form[action*='/imports/{kind}/'] button.btn-accent").click()
        return self._told()

    def open_task(self, title: str, about: str) -> None:
        """Choose a task of the inbox by what there is to do and what it is about."""
        self.page.goto("/inbox")
        self.page.locator("a").filter(has_text=title).filter(has_text=about).first.click()
        expect(self.page.get_by_role("heading", name=title, level=1)).to_be_visible()

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

    def press(self, button: str) -> str:
        """Press an outcome; what the product says happened."""
        self.page.locator(".sticky-bar").get_by_role("button", name=button).click()
        return self._told()

    def _told(self) -> str:
        told = self.page.locator(".toasts")
        expect(told).to_be_visible()
        return told.inner_text()

    def _heard(self, said: ConsoleMessage) -> None:
        """Errors; that an answer needs another look is none."""
        if said.type == "error" and "status of 422" not in said.text:
            self._complaints.append(said.text)
