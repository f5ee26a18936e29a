"""What a form may hold is decided before anybody meets it."""

import json
from typing import Any

import pytest

from app.workflow.forms import FormRefused, load, parse
from app.workflow.forms.dialect import TYPES
from tests.forms.builders import (
    a_choice,
    a_form,
    a_list,
    a_part,
    findings,
    hidden_if,
    text_of,
)

ONE_OF_EACH = {
    "textfield": a_part("textfield", "note"),
    "textarea": a_part("textarea", "story"),
    "number": a_part("number", "counted"),
    "datetime": a_part("datetime", "due_on"),
    "checkbox": a_part("checkbox", "sealed"),
    "checklist": a_choice("checklist", "damage", "wet", "torn"),
    "radio": a_choice("radio", "verdict", "accept", "reject"),
    "select": a_choice("select", "reason", "late", "lost"),
    "taglist": a_choice("taglist", "tags", "cold", "heavy"),
    "filepicker": a_part("filepicker", "photos"),
    "group": a_part("group", "truck", components=[a_part("textfield", "seal")]),
    "dynamiclist": a_list("lines", a_part("number", "quantity")),
    "table": a_part("table", "=lines_before", columns=[{"key": "sku", "label": "SKU"}]),
    "text": a_part("text", text="Count twice."),
    "separator": a_part("separator"),
}


def test_there_is_an_example_of_every_type() -> None:
    assert set(ONE_OF_EACH) == set(TYPES)


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_of_the_subset_is_published(kind: str) -> None:
    assert findings(ONE_OF_EACH[kind]) == []


@pytest.mark.parametrize("kind", TYPES)
def test_a_key_nobody_knows_is_refused_by_component(kind: str) -> None:
    part = {**ONE_OF_EACH[kind], "colour": "red"}

    [found] = findings(part)

    assert found.element == part["id"]
    assert "colour" in found.message


@pytest.mark.parametrize("kind", TYPES)
def test_a_property_nobody_knows_is_refused_by_component(kind: str) -> None:
    part = {**ONE_OF_EACH[kind], "properties": {"onclick": "alert(1)"}}

    assert [found.element for found in findings(part)] == [part["id"]]


@pytest.mark.parametrize("kind", ["button", "html", "iframe", "image", "expression", "spacer", "x"])
def test_a_type_outside_the_subset_is_refused(kind: str) -> None:
    [found] = findings(a_part(kind, "thing"))

    assert kind in found.message


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ("a field without a key", a_part("textfield")),
        ("a list without a path", a_part("dynamiclist", components=[])),
        ("a table without columns", a_part("table", "=lines")),
        ("a table with a computed source", a_part("table", "=lines[1]", columns=[{"key": "a"}])),
        ("a choice of nothing", a_part("select", "reason")),
        ("a choice with one value twice", a_choice("select", "reason", "late", "late")),
        ("a key that is a word of Python", a_part("textfield", "class")),
        ("a key that the engine keeps for itself", a_part("textfield", "typename")),
        ("a key that looks private", a_part("textfield", "_from")),
        ("a key with a space", a_part("textfield", "how many")),
        ("a readonly that is computed", a_part("textfield", "note", readonly="=a")),
        ("a label that is computed", a_part("textfield", "note", label="=a")),
        ("a gap that is computed", a_part("text", text="{{a + b}}")),
        ("a default of the wrong kind", a_part("textfield", "note", defaultValue=["x"])),
        ("a default that would be refused", a_part("number", "counted", defaultValue="many")),
        ("a minimum above the maximum", a_part("number", "n", validate={"min": 5, "max": 4})),
        ("a rule nobody knows", a_part("number", "n", validate={"minimum": 5})),
        ("a step of nothing", a_part("number", "n", increment=0)),
        ("seven decimals", a_part("number", "n", decimalDigits=7)),
        ("a pattern on a number", a_part("number", "n", validate={"pattern": "^1$"})),
        ("a slow pattern", a_part("textfield", "n", validate={"pattern": "(a+)+b"})),
        ("a lookup nobody offers", a_part("textfield", "n", properties={"lookup": "secrets"})),
        ("an unknown kind of moment", a_part("datetime", "n", subtype="week")),
        (
            "an expected figure that is asked for",
            a_part("number", "n", properties={"expected": True}),
        ),
        ("a component that is no object", "textfield"),
        (
            "a choice that comes from an expression",
            {**a_choice("select", "a", "b"), "valuesExpression": "=x"},
        ),
        ("a condition on itself", hidden_if("=note = 1", a_part("textfield", "note"))),
    ],
)
def test_it_is_refused(wrong: str, part: Any) -> None:
    assert findings(part) != [], wrong


def test_every_mistake_is_told_at_once() -> None:
    found = findings(a_part("textfield"), a_part("button"), a_part("textfield", "class"))

    assert len(found) == 3


def test_two_fields_cannot_answer_one_key() -> None:
    assert findings(a_part("textfield", "a.b"), a_part("number", "a.b")) != []
    assert findings(a_part("textfield", "a"), a_part("number", "a.b")) != []
    group = a_part("group", "a", components=[a_part("textfield", "b")])
    assert findings(a_part("textfield", "a.b"), group) != []


def test_the_same_key_in_two_lists_is_two_keys() -> None:
    lists = [a_list("lines", a_part("number", "n")), a_list("extras", a_part("number", "n"))]

    assert findings(*lists, a_part("number", "n")) == []


def test_two_components_cannot_share_an_id() -> None:
    part = a_part("textfield", "a")

    assert findings(part, {**part, "key": "b"}) != []


@pytest.mark.parametrize(
    "condition",
    [
        "a = 1",
        "=a ==",
        "=a + 1",
        "=a[1]",
        '=contains(a, "b")',
        "=a = ",
        "=(a = 1",
        "=a in b",
        "=not a",
    ],
)
def test_a_condition_outside_the_subset_is_refused(condition: str) -> None:
    assert findings(hidden_if(condition, a_part("textfield", "note"))) != []


def test_a_condition_cannot_look_into_a_list() -> None:
    note = hidden_if("=lines.count = 1", a_part("textfield", "note"))

    assert findings(a_list("lines", a_part("number", "n")), note) != []


def test_a_form_has_one_outcome_and_it_is_always_shown() -> None:
    outcome = a_choice("radio", "verdict", "accept", "reject", properties={"outcome": True})
    other = a_choice("radio", "other", "accept", properties={"outcome": True})

    assert findings(outcome) == []
    assert findings(outcome, other) != []
    assert findings(hidden_if("=a = 1", outcome)) != []
    assert findings(a_list("lines", outcome)) != []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b'"form"',
        b'{"components": 3}',
        b'{"components": [3]}',
        b'{"components": [], "components": []}',
        b'{"components": [], "x": NaN}',
        b'{"type": "page", "components": []}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"components": ' + b'[{"type": "group", "components": ' * 5_000,
        b" " * 300_000,
    ],
)
def test_what_is_no_form_is_refused_without_a_fault(content: bytes) -> None:
    with pytest.raises(FormRefused) as refused:
        parse(content)

    assert refused.value.findings


def test_groups_too_deep_are_refused() -> None:
    part = a_part("textfield", "a")
    for _ in range(7):
        part = a_part("group", components=[part])

    assert findings(part) != []


def test_what_the_editor_writes_besides_is_accepted() -> None:
    editor = {"schemaVersion": 18, "exporter": {"name": "form-js", "version": "1.23.0"}}
    part = {**a_part("textfield", "a"), "layout": {"row": "Row_1", "columns": None}}

    assert findings(part, **editor) == []


def test_widths_follow_the_grid_of_the_editor() -> None:
    halves = [{**a_part("textfield", f"a{n}"), "layout": {"row": "Row_1"}} for n in (1, 2)]
    told = {**a_part("textfield", "b"), "layout": {"row": "Row_2", "columns": 4}}

    form = a_form(*halves, told, a_part("textfield", "c"))

    assert [part.span for part in form.components] == [6, 6, 3, 12]


def test_a_form_is_parsed_once_per_text() -> None:
    content = text_of(a_part("textfield", "a"))

    assert load(content) is load(
        bytes(json.dumps(json.loads(content), ensure_ascii=False), "utf-8")
    )


def test_what_lacks_a_translation_is_told() -> None:
    done = a_part("textfield", "a", label="Seal", properties={"label.zh_Hant": "封條"})
    missing = a_part("textfield", "b", label="Truck")

    assert a_form(done, missing).untranslated("zh_Hant") == [missing["id"]]
