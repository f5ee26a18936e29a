"""Rows copied from a spreadsheet find their place, or say where they do not."""

import pytest

from app.workflow.forms import InvalidAnswers
from tests.forms.builders import a_form, a_list, a_part, complaints, required

SKU = a_part("textfield", "sku", label="SKU", properties={"label.zh_Hant": "料號"}, readonly=True)
COUNTED = required(a_part("number", "counted", label="Counted"))
NOTE = a_part("textfield", "note", label="Note")
FIXED = a_form(a_list("lines", SKU, COUNTED, NOTE))
FREE = a_form(a_list("lines", {**SKU, "readonly": False}, COUNTED, allowAddRemove=True))
CASE = {"lines": [{"sku": "BA-28"}, {"sku": "BA-20"}]}


def counted(text: str) -> list[object]:
    rows = FIXED.validate({"lines._paste": text}, CASE)["lines"]
    return [row["counted"] for row in rows]


def test_lines_fill_a_fixed_list_in_order() -> None:
    assert counted("3\twet\n4\t") == ["3", "4"]


def test_lines_that_name_their_goods_find_their_row() -> None:
    assert counted("BA-20\t4\t\nBA-28\t3\t") == ["3", "4"]


@pytest.mark.parametrize("heading", ["Counted\tSKU", "counted\tsku", "COUNTED\t料號"])
def test_headings_may_stand_in_any_order(heading: str) -> None:
    assert counted(f"{heading}\n4\tBA-20\n3\tBA-28\n") == ["3", "4"]


def test_commas_and_semicolons_separate_too() -> None:
    assert counted("SKU;Counted\nBA-28;3\nBA-20;4") == ["3", "4"]
    assert counted('SKU,Counted\nBA-28,"3"\nBA-20,4') == ["3", "4"]


def test_lines_are_added_to_a_free_list() -> None:
    answers = {"lines.0.sku": "A", "lines.0.counted": "1", "lines._paste": "B\t2\r\nC\t3\r\n"}

    assert [row["sku"] for row in FREE.validate(answers, {})["lines"]] == ["A", "B", "C"]


def test_an_error_stands_at_the_row_that_was_pasted() -> None:
    assert set(complaints(FREE, {"lines._paste": "B\t2\nC\tmany"})) == {"lines.1.counted"}


def test_a_line_of_other_goods_is_told() -> None:
    found = complaints(FIXED, {"lines._paste": "BA-28\t3\t\nBA-20\t1\t\nBA-99\t4\t"}, CASE)

    assert found == {"lines": "Pasted lines that are not of this list: 1; the first is “BA-99 4 ”."}


def test_what_was_pasted_is_shown_again_as_rows() -> None:
    with pytest.raises(InvalidAnswers) as refused:
        FREE.validate({"lines._paste": "B\tmany"}, {})

    [shown] = FREE.view({}, refused.value.answers, refused.value.errors)["components"]
    assert [cell["value"] for cell in shown["rows"][0]["cells"]] == ["B", "many"]


@pytest.mark.parametrize(
    "text",
    [
        "\t",
        "\n\n",
        "a\tb\tc\td\te\tf",
        '"',
        '"a\n"b',
        "\0",
        "x" * 300_000,
        ("1\t2\n" * 2000),
        "\x1c\u2028",
    ],
)
def test_no_text_is_more_than_refused(text: str) -> None:
    complaints(FIXED, {"lines._paste": text}, CASE)
    complaints(FREE, {"lines._paste": text}, CASE)
