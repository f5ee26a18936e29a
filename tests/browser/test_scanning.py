"""Codes come in by photograph, by the browser's own camera reader, and by their last six."""

import pytest
from playwright.sync_api import FilePayload, Locator, expect

from app.domain.catalog.products import Sku
from app.identity import memberships, people
from app.kernel.db import in_transaction
from tests.browser.conftest import Sit
from tests.browser.desk import PASSWORD, Desk
from tests.builders.codes import a_qr, as_file, on_a_table
from tests.builders.goods import a_bin, a_sku
from tests.processes.play import Delivery, a_delivery

WIDTHS = (390, 1400)
# A camera that sees one code, for a browser that reads codes itself.
CAMERA = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code", "ean_13"]; }
  async detect() { return [{ rawValue: "U-CAMERA" }]; }
};
const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
canvas.getContext("2d").fillRect(0, 0, 64, 64);
navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(5);
"""
# What the stream says when a notice comes; over once the page has it.
NEWS = """
() => new Promise((over) => {
  document.addEventListener("htmx:after:swap", () => setTimeout(over), { once: true });
  document.body.dispatchEvent(new Event("houtai:told"));
})
"""


@pytest.fixture
def unit(house: str) -> Sku:
    """Bruno counts and Lee inspects; two units are on their way."""

    def found() -> Sku:
        for name, role in (("bruno", "warehouse_keeper"), ("lee", "inspector")):
            person = people.add(name, name=name.title(), password=PASSWORD)
            memberships.grant(person, role, "site:MAIN")
        a_bin("A-01")
        return a_sku("U", serial_policy="unit")

    return in_transaction(found)


def arrived(unit: Sku) -> Delivery:
    delivery = a_delivery((unit, 2))
    delivery.check_in(by=people.named("bruno"))
    return delivery


def photograph(text: str) -> FilePayload:
    return FilePayload(
        name="label.jpg", mimeType="image/jpeg", buffer=as_file(on_a_table(a_qr(text)))
    )


def at_task(desk: Desk) -> Desk:
    """The one task that waits, claimed."""
    desk.page.locator('a[href^="/tasks/"]').first.click()
    claim = desk.page.locator("[data-key=claim]")
    if claim.count():
        claim.first.click()
    return desk


def codes_of(desk: Desk) -> Locator:
    return desk.page.locator("textarea[data-scan-lines]").first


def tools_of(desk: Desk) -> Locator:
    return desk.page.locator("[data-scan-tools]").first


@pytest.mark.parametrize("width", WIDTHS)
def test_a_photographed_code_fills_its_field(unit: Sku, sit: Sit, width: int) -> None:
    arrived(unit)
    desk = at_task(sit("bruno", width=width))

    for code in ("U-1", "U-2"):
        tools_of(desk).locator("[data-photograph]").set_input_files(photograph(code))
        expect(codes_of(desk)).to_have_value("U-1" if code == "U-1" else "U-1\nU-2")


def test_a_photograph_without_a_code_is_told_at_the_field(unit: Sku, sit: Sit) -> None:
    arrived(unit)
    desk = at_task(sit("bruno"))
    rubbish = FilePayload(name="x.jpg", mimeType="image/jpeg", buffer=b"no picture")

    tools_of(desk).locator("[data-photograph]").set_input_files(rubbish)

    expect(tools_of(desk)).to_contain_text("This is not a photograph")
    expect(codes_of(desk)).to_have_value("")


def test_the_scan_page_goes_to_what_was_photographed(unit: Sku, sit: Sit) -> None:
    desk = sit("bruno", width=390).open("/scan")

    desk.page.locator("[data-photograph]").set_input_files(photograph("A-01"))

    expect(desk.page).to_have_url(f"{desk.house}/bins/A-01")


def test_a_browser_that_reads_codes_offers_its_camera(unit: Sku, sit: Sit) -> None:
    arrived(unit)
    desk = sit("bruno")
    desk.page.add_init_script(CAMERA)
    at_task(desk.open("/inbox"))

    tools_of(desk).locator("[data-camera]").click()

    expect(codes_of(desk)).to_have_value("U-CAMERA")
    expect(desk.page.locator("#camera")).to_be_hidden()


def test_a_browser_that_does_not_has_no_button_for_it(unit: Sku, sit: Sit) -> None:
    arrived(unit)
    desk = sit("bruno")
    desk.page.add_init_script("delete window.BarcodeDetector")
    at_task(desk.open("/inbox"))

    expect(tools_of(desk)).to_be_visible()
    expect(tools_of(desk).locator("[data-camera]")).to_be_hidden()


def test_the_last_six_characters_become_the_unit_or_a_choice(unit: Sku, sit: Sit) -> None:
    delivery = a_delivery((unit, 3))
    delivery.check_in(by=people.named("bruno"))
    codes = ["LF-A-000123", "LF-A-000777", "LF-B-000777"]
    delivery.count({"counted": "3", "serials": codes}, by=people.named("bruno"))
    desk = at_task(sit("lee"))
    desk.fill(inspection__lines__0__rejected="2")

    codes_of(desk).fill("000123")
    codes_of(desk).blur()
    expect(codes_of(desk)).to_have_value("LF-A-000123")

    codes_of(desk).fill("LF-A-000123\n000777")
    codes_of(desk).blur()
    tools_of(desk).get_by_role("button", name="LF-B-000777").click()
    expect(codes_of(desk)).to_have_value("LF-A-000123\nLF-B-000777")


def test_news_leave_whoever_types_at_their_field(unit: Sku, sit: Sit) -> None:
    arrived(unit)
    desk = at_task(sit("bruno"))
    first = desk.page.locator("#task-form [autofocus], #task-form [data-scan-into]").first
    field = desk.page.locator("#task-form input[name$='counted']").first
    expect(first).to_be_focused()

    field.click()
    desk.page.evaluate(NEWS)
    desk.page.keyboard.type("2")

    expect(field).to_have_value("2")
