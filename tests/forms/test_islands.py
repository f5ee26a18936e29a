"""What scripts add to forms: hiding, rows, scanners, pasted cells, files; Enter never submits."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route

from app.workflow.forms import Form
from tests.forms.builders import a_choice, a_form, a_list, a_part, hidden_if, page
from tests.forms.conftest import HOME, asset, show

SCAN = {"scan": "true"}
FREE = a_form(
    a_list(
        "units",
        a_part("textfield", "serial", label="Serial", properties=SCAN),
        a_part("number", "weight", label="Weight"),
        allowAddRemove=True,
        properties={"scan": "serial"},
    )
)
FIXED = a_form(
    a_list(
        "lines",
        a_part("textfield", "sku", label="SKU", readonly=True),
        a_part("number", "counted", label="Counted"),
        hidden_if('=policy != "unit"', a_part("textarea", "serials", label="S", properties=SCAN)),
        properties={"scan": "serials"},
    )
)
LINES = {"lines": [{"sku": f"BA-{n}", "policy": "unit"} for n in (1, 2)] + [{"sku": "BA-3"}]}


def given(tab: Page, form: Form, data: dict[str, Any] | None = None) -> None:
    show(tab, page(form, data or {}))
    tab.evaluate("document.addEventListener('submit', () => { window.sent = true })")


def answers(tab: Page) -> dict[str, str]:
    script = "JSON.stringify([...new FormData(document.forms[0])])"
    return {name: value for name, value in json.loads(tab.evaluate(script)) if value}


def was_sent(tab: Page) -> bool:
    return bool(tab.evaluate("window.sent"))


def test_a_scanner_adds_a_row_per_code_and_never_submits(tab: Page) -> None:
    given(tab, FREE)

    for code in ("S1", "S2", "S1", "S3"):
        tab.keyboard.type(code)
        tab.keyboard.press("Enter")

    assert sorted(answers(tab).values()) == ["S1", "S2", "S3"]
    assert not was_sent(tab)


def test_a_code_scanned_twice_is_said_to_be_there(tab: Page) -> None:
    given(tab, FREE)

    for code in ("S1", "S1"):
        tab.get_by_label("Scan").fill(code)
        tab.get_by_label("Scan").press("Enter")

    assert tab.get_by_role("status").first.inner_text() == "S1 is already here."


def test_goods_are_scanned_first_then_their_units(tab: Page) -> None:
    given(tab, FIXED, LINES)

    for code in ("S0", "BA-2", "S1", "S2", "S1", "BA-1", "S3"):
        tab.get_by_label("Scan").fill(code)
        tab.get_by_label("Scan").press("Enter")

    assert answers(tab) == {"lines.0.serials": "S3", "lines.1.serials": "S1\nS2"}


def test_enter_in_a_scanned_field_goes_on_to_the_next_row(tab: Page) -> None:
    given(tab, FREE)
    tab.get_by_label("Serial, Row 1").focus()

    for code in ("S1", "S2"):
        tab.keyboard.type(code)
        tab.keyboard.press("Enter")

    assert sorted(answers(tab).values()) == ["S1", "S2"]
    assert not was_sent(tab)


@pytest.mark.parametrize("scripts", ["run", ""])
def test_enter_in_any_field_loses_nothing(tab: Page, scripts: str) -> None:
    if not scripts:
        tab.route(f"{HOME}/assets/forms/*.js", _nothing)
    given(tab, a_form(a_part("textfield", "note"), a_part("number", "n")))
    tab.get_by_label("note").fill("wet")

    tab.get_by_label("note").press("Enter")

    assert not was_sent(tab)
    assert answers(tab) == {"note": "wet"}


def test_the_button_in_the_bar_submits(tab: Page) -> None:
    outcome = a_choice("radio", "verdict", "accept", "reject", properties={"outcome": True})
    given(tab, a_form(outcome))
    seen: list[Request] = []
    tab.route(f"{HOME}/", lambda route: _noted(route, seen))

    tab.get_by_role("button", name="Reject").click()

    assert seen[0].post_data == "verdict=reject"


def test_rows_are_added_and_removed(tab: Page) -> None:
    given(tab, FREE, {"units": [{"serial": "S1"}, {"serial": "S2"}]})

    tab.get_by_role("button", name="Add a row").click()
    tab.keyboard.type("S3")
    tab.get_by_role("button", name="Remove row, Row 1").click()

    found = answers(tab)
    assert sorted(value for name, value in found.items() if "serial" in name) == ["S2", "S3"]
    assert [value for name, value in found.items() if "_from" in name] == ["1"]
    assert len({name.split(".")[1] for name in found}) == 2


def test_a_card_is_opened_when_it_is_wanted(tab: Page) -> None:
    parts = [a_part("textarea", "story", label="Story"), a_part("number", "n")]
    given(tab, a_form(a_list("cards", *parts, allowAddRemove=True)))

    assert tab.get_by_label("Story").count() == 0
    tab.get_by_role("button", name="Add a row").click()
    tab.keyboard.type("wet")

    assert list(answers(tab).values()) == ["wet"]


def test_rows_inside_rows_have_numbers_of_their_own(tab: Page) -> None:
    inner = a_list("units", a_part("textfield", "serial", label="Serial"), allowAddRemove=True)
    form = a_form(a_list("lines", a_part("number", "n", label="N"), inner, allowAddRemove=True))
    given(tab, form)

    for _ in range(2):
        tab.get_by_role("button", name="Add a row").last.click()
    tab.get_by_role("button", name="Add a row").first.click()
    for field in tab.get_by_label("Serial").all():
        field.fill("S")

    names = [name for name in answers(tab) if name.endswith("serial")]
    assert len(names) == len(set(names)) == 3
    assert "__row" not in "".join(names)


def test_cells_of_a_spreadsheet_fill_down_and_right(tab: Page) -> None:
    given(tab, FREE)
    tab.get_by_label("Serial, Row 1").focus()

    _paste(tab, "S1\t1.5\nS2\t2\nS3\t3\n")

    values = list(answers(tab).values())
    assert values == ["S1", "1.5", "S2", "2", "S3", "3"]


def test_fields_hide_and_show_as_answers_change(tab: Page) -> None:
    verdict = a_choice("radio", "verdict", "accept", "reject")
    reason = hidden_if('=verdict != "reject"', a_part("textfield", "reason"))
    deep = hidden_if("=reason = null or n <= 3", a_part("textfield", "deep"))
    given(tab, a_form(verdict, reason, a_part("number", "n"), deep))
    shown = tab.get_by_label("reason"), tab.get_by_label("deep")

    assert [field.is_visible() for field in shown] == [False, False]
    tab.get_by_label("Reject").check()
    assert [field.is_visible() for field in shown] == [True, False]
    shown[0].fill("wet")
    tab.get_by_label("n", exact=True).fill("１０")
    assert [field.is_visible() for field in shown] == [True, True]
    tab.get_by_label("Accept").check()
    assert [field.is_visible() for field in shown] == [False, False]


def test_without_scripts_every_conditional_field_is_there(browser: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.route(f"{HOME}/assets/**", asset)
    form = a_form(a_part("checkbox", "a"), hidden_if("=not(a)", a_part("textfield", "b")))

    show(tab, page(form, {}))

    assert tab.get_by_label("b").is_visible()
    context.close()


def test_files_are_kept_when_they_are_chosen(tab: Page) -> None:
    form = a_form(a_part("filepicker", "photos", label="Photos", multiple=True))
    kept = json.dumps([{"id": 7, "name": "a.jpg"}])
    tab.route(f"{HOME}/forms.upload", lambda route: route.fulfill(body=kept))
    given(tab, form)

    tab.get_by_label("Photos").set_input_files([_picture()])
    tab.get_by_label("a.jpg").wait_for()

    assert answers(tab)["photos"] == "7"


def test_a_file_that_is_refused_says_why(tab: Page) -> None:
    form = a_form(a_part("filepicker", "photos", label="Photos"))
    said = json.dumps({"refused": True, "sentence": "“a.jpg” is empty."})
    tab.route(f"{HOME}/forms.upload", lambda route: route.fulfill(body=said))
    given(tab, form)

    tab.get_by_label("Photos").set_input_files([_picture()])

    tab.get_by_text("“a.jpg” is empty.").wait_for()


def test_look_ups_offer_what_the_server_finds(tab: Page) -> None:
    form = a_form(a_part("textfield", "supplier", properties={"lookup": "supplier"}))
    found = json.dumps([{"value": "HONGSHENG", "label": "Hongsheng Metal"}])
    tab.route(f"{HOME}/forms.lookup/supplier?q=hong", lambda route: route.fulfill(body=found))
    given(tab, form)

    tab.get_by_label("supplier").fill("hong")

    option = tab.locator("datalist option")
    option.wait_for(state="attached")
    assert option.get_attribute("value") == "HONGSHENG"


def _nothing(route: Route) -> None:
    route.fulfill(body="", content_type="text/javascript")


def _picture() -> Any:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff"}


def _noted(route: Route, seen: list[Request]) -> None:
    seen.append(route.request)
    route.fulfill(body="")


def _paste(tab: Page, text: str) -> None:
    tab.evaluate(
        """text => { const data = new DataTransfer(); data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste',
          { clipboardData: data, bubbles: true, cancelable: true })); }""",
        text,
    )
