"""Photographs of the pages people use most, at both widths, from a practice company of its own.

python scripts/photos.py [OUT_FOLDER]        build/photos when none is given
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"wide": (1400, 900), "phone": (390, 844)}
# name of the picture: (who looks, the address, the link to follow there)
PAGES = {
    "door": ("", "/sign-in", ""),
    "inbox": ("chang", "/inbox", ""),
    "task": ("chang", "/inbox", ".task-row"),
    "case": ("lin", "/cases", "td.lead a"),
    "stock": ("ho", "/stock", ""),
    "unit": ("lee", "/serials/BA28-00317", ""),
    "plan": ("lin", "/inbox", ".task-row:has-text('plan')"),
    "supplier": ("lin", "/suppliers", "td.lead a"),
    "books": ("wang", "/books", ""),
    "proof": ("wang", "/proof", ""),
}


def main() -> None:
    """Take them all."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/photos"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        port = _free_port()
        process = _served(folder, port)
        try:
            chromium = os.environ.get("CHROMIUM") or "/usr/bin/chromium"
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            _all(browser, f"http://127.0.0.1:{port}", out)
        finally:
            process.terminate()
            process.wait()


def _all(browser: Browser, house: str, out: Path) -> None:
    for size, (width, height) in SIZES.items():
        for name, (who, address, link) in PAGES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="en-US")
            _walk(page, house, who=who, address=address, link=link)
            page.screenshot(path=out / f"{name}-{size}.png")
            page.context.close()
            print(out / f"{name}-{size}.png")


def _walk(page: Page, house: str, *, who: str, address: str, link: str) -> None:
    if who:
        page.goto(f"{house}/sign-in")
        page.locator(f'form:has([value="{who}"]) button, button[value="{who}"]').first.click()
        page.wait_for_url("**/inbox*")
    page.goto(house + address)
    if link:
        page.locator(link).first.click()
    page.wait_for_load_state("load")
    page.wait_for_timeout(700)  # a diagram draws itself


def _served(folder: str, port: int) -> subprocess.Popen[bytes]:
    settings = {"HOUTAI_VAR": folder, "HOUTAI_PORT": str(port), "HOUTAI_DEMO": "1"}
    houtai, environment = Path(sys.executable).with_name("houtai"), {**os.environ, **settings}
    subprocess.run(  # noqa: S603 - our own command
        [houtai, "demo"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
    )
    process = subprocess.Popen(  # noqa: S603 - our own command
        [houtai, "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    for _ in range(300):
        try:
            urlopen(f"http://127.0.0.1:{port}/sign-in").close()
        except URLError:
            time.sleep(0.2)
        else:
            return process
    raise TimeoutError("the server did not answer within a minute")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
