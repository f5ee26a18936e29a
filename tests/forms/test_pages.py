"""The markup of forms: everything tied to its label, nothing inline, no script needed."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from app.config import ROOT
from app.workflow.forms import Form, InvalidAnswers, parse
from tests.forms.builders import a_choice, a_form, a_list, a_part, page, required
from tests.forms.test_publishing import ONE_OF_EACH

EVERYTHING = a_form(
    *(
        part if kind in ("text", "separator", "table", "group") else required(part)
        for kind, part in ONE_OF_EACH.items()
        if kind != "dynamiclist"
    ),
    ONE_OF_EACH["dynamiclist"],
    a_list(
        "extras",
        a_part("textfield", "sku", properties={"lookup": "sku", "scan": "true"}),
        a_part("number", "n"),
        allowAddRemove=True,
    ),
    a_list(
        "cards",
        a_part("textfield", "name", readonly=True),
        a_part("textarea", "serials", properties={"scan": "true"}),
        properties={"scan": "serials"},
    ),
)
CASE = {"lines": [{}], "lines_before": [{"sku": "A"}], "cards": [{"name": "Basket"}]}
VOID = frozenset({"input", "hr", "link", "meta", "br"})


class Elements(HTMLParser):
    """Every element with its attributes; refuses tags that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute stands twice in {tag}"
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.found if "id" in attrs]


def refused(form: Form, answers: dict[str, Any], data: dict[str, Any]) -> str:
    with pytest.raises(InvalidAnswers) as error:
        form.validate(answers, data)
    return page(form, data, answers=error.value.answers, errors=error.value.errors)


PAGES = {
    "fresh": page(EVERYTHING, CASE),
    "refused": refused(EVERYTHING, {"extras.0.n": "x", "zz": "1"}, CASE),
}


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_elements_are_closed_and_ids_are_unique(html: str) -> None:
    elements = Elements(html)

    assert elements.open == []
    assert len(set(elements.ids())) == len(elements.ids())


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_nothing_is_inline(html: str) -> None:
    for tag, attrs in Elements(html).found:
        assert tag not in ("script", "style", "link")
        assert not [name for name in attrs if name.startswith("on") or name == "style"]


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_every_input_has_a_name_for_those_who_cannot_see_it(html: str) -> None:
    elements = Elements(html)
    labelled = {attrs.get("for") for tag, attrs in elements.found if tag == "label"}

    for tag, attrs in elements.found:
        if tag in ("input", "select", "textarea") and attrs.get("type") != "hidden":
            assert attrs.get("aria-label") or attrs["id"] in labelled, attrs


@pytest.mark.parametrize("html", PAGES.values(), ids=PAGES)
def test_everything_referred_to_is_on_the_page(html: str) -> None:
    elements = Elements(html)
    ids = set(elements.ids())

    for tag, attrs in elements.found:
        named = (attrs.get("aria-describedby") or "").split() + (attrs.get("list") or "").split()
        assert ids >= set(named), attrs
        if tag == "a" and (attrs.get("href") or "").startswith("#"):
            assert (attrs["href"] or "")[1:] in ids, attrs


def test_an_error_is_tied_to_its_input_and_the_first_has_the_focus() -> None:
    elements = Elements(PAGES["refused"]).found

    invalid = [attrs for _, attrs in elements if attrs.get("aria-invalid") == "true"]
    assert len(invalid) >= 10
    assert all("-error" in (attrs["aria-describedby"] or "") for attrs in invalid)
    assert len([attrs for _, attrs in elements if "autofocus" in attrs]) == 1


def test_enter_meets_a_disabled_button_first() -> None:
    buttons = [
        attrs
        for tag, attrs in Elements(PAGES["fresh"]).found
        if tag == "button" and attrs.get("type") == "submit"
    ]

    assert "disabled" in buttons[0]
    assert "hidden" in buttons[0]
    assert "disabled" not in buttons[-1]


def test_outcomes_are_buttons_of_the_form_they_stand_outside_of() -> None:
    outcome = a_choice("radio", "verdict", "accept", "reject", properties={"outcome": True})

    buttons = [attrs for tag, attrs in Elements(page(a_form(outcome), {})).found if tag == "button"]

    assert [
        (attrs.get("name"), attrs.get("value"), attrs.get("form")) for attrs in buttons[1:]
    ] == [
        ("verdict", "accept", "task"),
        ("verdict", "reject", "task"),
    ]


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "' onload='x", "{{ 7*7 }}", "</textarea><b>"]
)
def test_whatever_the_case_or_a_person_writes_stays_text(hostile: str) -> None:
    form = a_form(
        a_part("textfield", "a"),
        a_part("textarea", "b"),
        a_part("textfield", "c", readonly=True),
        a_part("text", text="{{d}}"),
        a_part("select", "e", valuesKey="options"),
        a_list("lines", a_part("textfield", "sku", readonly=True), a_part("number", "n")),
    )
    data = {
        **dict.fromkeys("abcd", hostile),
        "options": [hostile],
        "lines": [{"sku": hostile, "n": hostile}],
    }

    html = page(form, data)

    assert Elements(html).open == []
    assert "<script" not in html
    assert "<b>" not in html
    assert not [
        name for _, attrs in Elements(html).found for name in attrs if name.startswith("on")
    ]
    assert "49" not in html


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "forms").glob("*/*.json")),
    ids=lambda path: f"{path.parent.name}.{path.stem}",
)
def test_every_shipped_form_is_drawn_in_every_language(path: Any) -> None:
    form = parse(path.read_bytes())
    rows = [{"sku": "BA-28", "serial_policy": policy} for policy in ("none", "lot", "unit")]
    data = {
        name: dict.fromkeys(("lines", "over", "duplicates"), rows)
        for name in ("receipt", "booking")
    }

    for locale in ("en", "zh_Hant", "zh_Hans"):
        assert Elements(page(form, data, locale=locale)).open == []
        assert form.untranslated("zh_Hant") == []


def test_a_textarea_keeps_the_line_it_starts_with() -> None:
    html = page(a_form(a_part("textarea", "a")), {"a": "\nsecond"})

    assert re.search(r"<textarea[^>]*>\n\nsecond</textarea>", html)
    assert json.dumps(html)
