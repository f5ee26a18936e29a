"""What templates get: words of the reader's language, values in place, errors beside them."""

import json
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.workflow.forms import Form, InvalidAnswers, Occasion
from tests.forms.builders import a_choice, a_form, a_list, a_part, hidden_if, required

BLIND = Occasion(blind=True)


def parts(form: Form, data: dict[str, Any] | None = None, **more: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = form.view(data or {}, **more)["components"]
    return found


def test_words_are_in_the_language_of_the_reader() -> None:
    form = a_form(
        a_part(
            "textfield",
            "seal",
            label="Seal",
            properties={"label.zh_Hant": "封條", "label.zh_Hans": "封条"},
        ),
        a_choice("radio", "verdict", "ok", properties={"option.ok.zh_Hant": "合格"}),
        a_part("text", text="Hello {{po_no}}", properties={"text.zh_Hant": "{{po_no}} 你好"}),
        properties={"action": "Book the count", "action.zh_Hant": "登錄"},
    )

    view = form.view({"po_no": "PO-1"}, locale="zh-Hant-TW")

    seal, verdict, hello = view["components"]
    assert seal["label"] == "封條"
    assert verdict["options"][0]["label"] == "合格"
    assert hello["blocks"][0]["spans"] == [{"text": "PO-1 你好", "bold": False}]
    assert view["action"] == "登錄"


@pytest.mark.parametrize(
    ("locale", "label"), [("en", "Seal"), ("fr", "Seal"), ("zh_Hans", "封條"), ("zh-Hant", "封條")]
)
def test_a_language_without_words_falls_back_to_the_nearest(locale: str, label: str) -> None:
    part = a_part("textfield", "a", label="Seal", properties={"label.zh_Hant": "封條"})

    assert parts(a_form(part), locale=locale)[0]["label"] == label


def test_the_case_fills_what_it_knows_and_defaults_the_rest() -> None:
    form = a_form(
        a_part("number", "cartons"),
        a_part("textfield", "carrier", defaultValue="own truck"),
        a_part("checkbox", "sealed", defaultValue=True),
        a_choice("checklist", "damage", "wet", "torn"),
        a_part("textarea", "serials", properties={"scan": True}),
    )

    shown = parts(form, {"cartons": "3", "damage": ["torn"], "serials": ["S1", "S2"]})

    assert [part["value"] for part in shown] == ["3", "own truck", True, ["torn"], "S1\nS2"]
    assert [option["checked"] for option in shown[3]["options"]] == [False, True]


def test_what_was_typed_goes_before_what_the_case_knows() -> None:
    form = a_form(a_part("number", "cartons"), a_part("checkbox", "sealed", defaultValue=True))

    shown = parts(form, {"cartons": "3"}, answers={"cartons": "three"})

    assert [part["value"] for part in shown] == ["three", False]


def test_a_moment_is_shown_on_the_clocks_of_the_place_and_comes_back_as_it_was() -> None:
    form = a_form(a_part("datetime", "at", subtype="datetime"))
    occasion = Occasion(zone=ZoneInfo("Asia/Taipei"))

    [shown] = parts(form, {"at": "2026-11-22T01:00:00+00:00"}, occasion=occasion)

    assert shown["value"] == "2026-11-22T09:00"
    assert form.validate({"at": shown["value"]}, {}, occasion=occasion) == {
        "at": "2026-11-22T09:00:00+08:00"
    }


def test_readonly_values_are_text() -> None:
    form = a_form(
        a_part("number", "ordered", readonly=True),
        a_choice("select", "reason", "late", readonly=True),
        a_part("checkbox", "sealed", disabled=True),
        a_choice("checklist", "damage", "wet", "torn", properties={"readonly": "true"}),
    )

    shown = parts(
        form, {"ordered": 2.5, "reason": "late", "sealed": True, "damage": ["wet", "dry"]}
    )

    assert [part["text"] for part in shown] == ["2.5", "Late", True, "Wet, dry"]
    assert not any("name" in part for part in shown)


def test_tables_show_cells_of_the_case() -> None:
    form = a_form(
        a_part(
            "table",
            "=lines",
            columns=[{"key": "sku", "label": "SKU"}, {"key": "size.cm", "label": "cm"}],
        )
    )

    [shown] = parts(form, {"lines": [{"sku": "BA-28", "size": {"cm": 2.5}}, {}, "x"]})

    assert shown["columns"] == ["SKU", "cm"]
    assert shown["rows"] == [["BA-28", "2.5"], ["", ""], ["", ""]]
    assert shown["numeric"] == [False, True]


def test_amounts_and_shares_stand_under_each_other_and_names_beneath_their_sku() -> None:
    keys = ("sku", "name", "lot", "price", "worth", "change")
    columns = [{"key": key, "label": key} for key in keys]
    form = a_form(a_part("table", "=lines", columns=columns))
    first = {"sku": "7", "name": "Pipe", "lot": "2607", "price": "1850", "worth": "38,400 TWD"}
    second = {**first, "sku": "BR-S", "worth": "–", "change": "+5.0%"}

    [shown] = parts(form, {"lines": [first, second]})

    assert shown["numeric"] == [False, False, True, True, True, True]
    assert shown["counts"] == [False, True, False, True, True, True]
    assert shown["beneath"] == 1


def test_a_row_wanted_at_first_is_there_beside_the_spare_one() -> None:
    [shown] = parts(
        a_form(
            a_list("lines", a_part("textfield", "sku"), allowAddRemove=True, defaultRepetitions=1)
        ),
        {},
    )

    assert [row["is_spare"] for row in shown["rows"]] == [False, True]


def test_a_blind_form_shows_no_expected_figure_anywhere() -> None:
    secret = {"expected": "true"}
    form = a_form(
        a_part("number", "total", readonly=True, properties=secret),
        a_part("text", text="{{total}} are expected", properties=secret),
        a_part(
            "table",
            "=lines",
            columns=[{"key": "sku"}, {"key": "ordered"}],
            properties={"expected": "ordered"},
        ),
        a_list(
            "lines",
            a_part("textfield", "sku", readonly=True),
            a_part("number", "ordered", readonly=True, properties=secret),
            a_part("number", "counted"),
            hidden_if("=counted = ordered", a_part("textfield", "why")),
        ),
    )
    data = {"total": "4711", "lines": [{"sku": "BA-28", "ordered": "4711", "counted": "4711"}]}

    assert "4711" in json.dumps(form.view(data))
    assert "4711" not in json.dumps(form.view(data, occasion=BLIND))


def test_a_blind_form_is_not_filled_with_what_someone_else_counted() -> None:
    form = a_form(a_part("number", "counted"))

    assert parts(form, {"counted": "5"}, occasion=BLIND)[0]["value"] == ""
    assert (
        parts(form, {"counted": "5"}, answers={"counted": "6"}, occasion=BLIND)[0]["value"] == "6"
    )


def test_outcomes_leave_the_form_for_the_bar() -> None:
    outcome = a_choice("radio", "verdict", "accept", "reject", properties={"outcome": True})
    form = a_form(a_part("textfield", "note"), outcome)

    view = form.view({})

    assert [part["kind"] for part in view["components"]] == ["textfield"]
    assert view["outcomes"]["name"] == "verdict"
    assert [option["value"] for option in view["outcomes"]["options"]] == ["accept", "reject"]
    assert form.view({}, {}, {"verdict": "Please choose one."})["outcomes"]["error"]


def test_the_first_error_gets_the_focus_and_every_error_is_listed() -> None:
    form = a_form(
        a_part("textfield", "a"), required(a_part("number", "b")), required(a_part("number", "c"))
    )

    with pytest.raises(InvalidAnswers) as refused:
        form.validate({"z": 1}, {})
    view = form.view({}, refused.value.answers, refused.value.errors)

    assert [part["autofocus"] for part in view["components"]] == [False, True, False]
    assert [(error["id"], error["label"]) for error in view["errors"]] == [
        (None, "z"),
        ("f-b", "b"),
        ("f-c", "c"),
    ]


def test_the_list_of_errors_says_which_row() -> None:
    sku = a_part("textfield", "sku", readonly=True)
    form = a_form(
        a_list("lines", sku, a_part("number", "counted")), a_list("a", a_part("number", "n"))
    )
    data = {"lines": [{"sku": "BA-20"}, {"sku": "BA-28"}], "a": [{}]}

    errors = {"lines.1.counted": "Write a number in digits.", "a.0.n": "At least 1."}
    view = form.view(data, {}, errors)

    assert [error["label"] for error in view["errors"]] == ["counted · BA-28", "n · 1"]


def test_errors_are_said_in_the_language_of_the_reader() -> None:
    form = a_form(a_part("number", "n", validate={"min": 1}))
    words = {"At least {least}.": "至少 {least}。"}

    with pytest.raises(InvalidAnswers) as refused:
        form.validate({"n": "0"}, {})
    view = form.view({}, {"n": "0"}, refused.value.errors, say=lambda text: words.get(text, text))

    assert view["components"][0]["error"] == "至少 1。"


def test_scanning_comes_first() -> None:
    form = a_form(a_part("textfield", "a"), a_part("textfield", "b", properties={"scan": "true"}))

    assert [part["autofocus"] for part in parts(form)] == [False, True]


def test_conditions_go_to_the_browser_with_input_names_and_values_of_the_case() -> None:
    serials = hidden_if('=policy != "unit" or counted = 0 or strict', a_part("textarea", "serials"))
    form = a_form(
        a_part("checkbox", "strict"), a_list("lines", a_part("number", "counted"), serials)
    )

    _, lines = parts(form, {"lines": [{"policy": "unit"}, {"policy": "none"}]})

    cells = [row["cells"][-1] for row in lines["rows"]]
    assert json.loads(cells[0]["hide"]) == [
        "or",
        ["!=", ["value", "unit"], ["value", "unit"]],
        ["=", ["field", "lines.0.counted"], ["value", "0"]],
        ["field", "strict"],
    ]
    assert [cell["hidden"] for cell in cells] == [False, True]


def test_what_no_answer_can_show_is_left_out() -> None:
    lot = hidden_if('=policy != "lot"', a_part("textfield", "lot"))
    form = a_form(a_list("lines", a_part("number", "counted"), lot))

    [lines] = parts(form, {"lines": [{"policy": "lot"}, {"policy": "none"}]})

    assert [[cell["label"] for cell in row["cells"]] for row in lines["rows"]] == [
        ["counted", "lot"],
        ["counted"],
    ]


def test_a_free_list_offers_a_blank_row_and_one_to_copy() -> None:
    form = a_form(
        a_list("lines", a_part("textfield", "sku"), allowAddRemove=True, defaultRepetitions=2)
    )

    [fresh] = parts(form)
    [filled] = parts(form, {"lines": [{"sku": "A"}]})

    assert len(fresh["rows"]) == 3
    assert [row["from"] for row in filled["rows"]] == [0, None]
    assert filled["blank"]["cells"][0]["name"] == "lines.__row1__.sku"


def test_rows_of_rows_have_marks_of_their_own() -> None:
    inner = a_list("units", a_part("textfield", "serial"), allowAddRemove=True)
    [lines] = parts(a_form(a_list("lines", inner, allowAddRemove=True)))

    [units] = lines["blank"]["cells"]
    assert units["blank"]["cells"][0]["name"] == "lines.__row1__.units.__row2__.serial"


def test_a_wide_list_is_laid_out_as_cards() -> None:
    few = a_list("a", *(a_part("number", f"n{n}") for n in range(3)))
    many = a_list("b", *(a_part("number", f"n{n}") for n in range(9)))

    assert [part["is_table"] for part in parts(a_form(few, many))] == [True, False]


def test_files_are_shown_by_name() -> None:
    form = a_form(a_part("filepicker", "photos", multiple=True))
    occasion = Occasion(file_names=lambda ids: {each: f"{each}.jpg" for each in ids})

    [shown] = parts(form, answers={"photos": ["7", "x"]}, occasion=occasion)

    assert shown["files"] == [{"id": 7, "name": "7.jpg"}]


def test_markup_is_headings_points_and_bold_only() -> None:
    form = a_form(a_part("text", text="# Mind\n\n- **two** people\n- <b>x</b>\n\none\nline"))

    heading, points, line = parts(form)[0]["blocks"]

    assert heading["kind"] == "heading"
    assert points["points"][0][0] == {"text": "two", "bold": True}
    assert points["points"][1] == [{"text": "<b>x</b>", "bold": False}]
    assert "".join(span["text"] for span in line["spans"]) == "one line"


def test_a_view_is_plain_data() -> None:
    form = a_form(
        a_list("lines", a_part("number", "n"), allowAddRemove=True), a_part("datetime", "d")
    )

    assert json.loads(json.dumps(form.view({"lines": [{"n": "1"}]}))) == form.view(
        {"lines": [{"n": "1"}]}
    )
    assert Occasion().zone is UTC
